import { GloveboxError } from '../../errors.js'
import { toPath } from '../names.js'
import type { Extern, ExternFunction, NamedType, ValueType, World } from '../world.js'
import type { Entity, Func, Instance, Resource, Scope, TypeNode, Value } from './scope.js'

/** Types as written out in full; types that share parts could be written as exponentially many. */
const MOST_NODES = 200_000

/** What a component imports and exports, as plain data. */
export function toWorld(scope: Scope): World {
  const types = new Types()
  const toExterns = (entities: ReadonlyMap<string, Entity>): Extern[] =>
    [...entities].flatMap(([name, entity]): Extern[] => {
      if (entity.sort === 'function') return [types.toFunction(name, entity)]
      if (entity.sort === 'instance') return [types.toInterface(name, entity)]
      return []
    })
  const imports = toExterns(scope.imports)
  return { imports, exports: toExterns(scope.exports) }
}

class Types {
  readonly #done = new Map<Value, { readonly plain: ValueType; readonly nodes: number }>()
  #nodes = 0

  toFunction(name: string, { params, result, isAsync }: Func): ExternFunction {
    return {
      kind: 'function',
      name,
      path: toPath(name),
      params: params.map((param) => ({ name: param.name, type: this.#toPlain(param.type) })),
      result: result && this.#toPlain(result),
      ...(isAsync ? { isAsync } : {}),
    }
  }

  toInterface(name: string, { exports }: Instance): Extern {
    const functions: ExternFunction[] = []
    const types: NamedType[] = []
    const resources: string[] = []
    for (const entity of exports.values()) if (entity.sort === 'value' || entity.sort === 'resource') entity.owner ??= name
    for (const [own, entity] of exports) {
      if (entity.sort === 'function') functions.push(this.toFunction(own, entity))
      else if (entity.sort === 'value') types.push({ name: own, type: this.#toPlain(entity), ...fromElsewhere(entity, name) })
      else if (entity.sort === 'resource' && entity.owner === name) resources.push(own)
      else if (entity.sort === 'resource') types.push({ name: own, type: { kind: 'own', resource: nameOf(entity) }, ...fromElsewhere(entity, name) })
    }
    return { kind: 'interface', name, functions, types, resources }
  }

  #toPlain(value: Value): ValueType {
    let known = this.#done.get(value)
    if (known === undefined) {
      const before = this.#nodes
      this.#nodes += 1
      const plain = { ...(value.name === undefined ? {} : { name: value.name }), ...this.#toShape(value.type) } as ValueType
      known = { plain, nodes: this.#nodes - before }
      this.#done.set(value, known)
    } else this.#nodes += known.nodes
    if (this.#nodes > MOST_NODES) throw new GloveboxError('invalid-component', `Cannot load the component: its types have more than ${MOST_NODES} parts`)
    return known.plain
  }

  #toShape(type: TypeNode): ValueType {
    const maybe = (value: Value | undefined): ValueType | undefined => value && this.#toPlain(value)
    switch (type.kind) {
      case 'list': return { kind: 'list', element: this.#toPlain(type.element), ...(type.length === undefined ? {} : { length: type.length }) }
      case 'option': return { kind: 'option', some: this.#toPlain(type.some) }
      case 'result': return { kind: 'result', ok: maybe(type.ok), error: maybe(type.error) }
      case 'tuple': return { kind: 'tuple', items: type.items.map((item) => this.#toPlain(item)) }
      case 'record': return { kind: 'record', fields: type.fields.map((field) => ({ name: field.name, type: this.#toPlain(field.type) })) }
      case 'variant': return { kind: 'variant', cases: type.cases.map((each) => ({ name: each.name, type: maybe(each.type) })) }
      case 'enum':
      case 'flags': return { kind: type.kind, names: [...type.names] }
      case 'own':
      case 'borrow': return { kind: type.kind, resource: nameOf(type.resource) }
      case 'stream':
      case 'future': return { kind: type.kind, element: maybe(type.element) }
      default: return { kind: type.kind }
    }
  }
}

const nameOf = (resource: Resource): string => resource.name ?? 'resource'

const fromElsewhere = ({ owner }: { readonly owner: string | undefined }, here: string): { readonly from?: string } => (owner === undefined || owner === here ? {} : { from: owner })
