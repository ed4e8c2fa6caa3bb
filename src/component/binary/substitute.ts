import type { Reader } from '../../../wasm/meter/reader.js'
import type { Entity, Func, Instance, Nested, Resource, TypeNode, Value } from './scope.js'

/** A small component can make many instances of a large one; together they may take this much work. */
const MOST_STEPS = 2_000_000

/** What instances of a component export, its type imports replaced by what they were given. */
export class Instantiation {
  #steps = 0

  /** @throws MeterError `malformed` beyond a bound of work */
  instantiate({ imports, exports }: Nested, given: ReadonlyMap<string, Entity>, reader: Reader): Instance {
    const step = (): void => {
      this.#steps += 1
      if (this.#steps > MOST_STEPS) reader.malformed('instances of too many types')
    }
    const pairs = new Map<Entity, Entity>()
    const pair = (placeholder: Entity, actual: Entity | undefined): void => {
      step()
      if (actual === undefined || placeholder === actual || pairs.has(placeholder)) return
      if (placeholder.sort === 'instance' && actual.sort === 'instance') {
        pairs.set(placeholder, actual)
        for (const [name, inner] of placeholder.exports) pair(inner, actual.exports.get(name))
      } else if (placeholder.sort === actual.sort && (placeholder.sort === 'resource' || placeholder.sort === 'value')) pairs.set(placeholder, actual)
    }
    for (const [name, placeholder] of imports) pair(placeholder, given.get(name))
    const substitution = new Substitution(pairs, step)
    return { sort: 'instance', exports: substitution.exports(exports) }
  }
}

class Substitution {
  readonly #done: Map<Entity, Entity>
  readonly #step: () => void

  constructor(pairs: Map<Entity, Entity>, step: () => void) {
    this.#done = pairs
    this.#step = step
  }

  exports(exports: ReadonlyMap<string, Entity>): ReadonlyMap<string, Entity> {
    const replaced = new Map<string, Entity>()
    for (const [name, entity] of exports) {
      const item = this.#entity(entity)
      // A resource of the component's own gets its name where it is exported.
      if (item.sort === 'resource') item.name ??= name
      replaced.set(name, item)
    }
    return replaced
  }

  #entity(entity: Entity): Entity {
    const known = this.#done.get(entity)
    if (known !== undefined) return known
    this.#step()
    const made = this.#make(entity)
    this.#done.set(entity, made)
    return made
  }

  #make(entity: Entity): Entity {
    switch (entity.sort) {
      case 'function': return this.#function(entity)
      case 'value': return this.#named(entity)
      case 'instance': return { sort: 'instance', exports: this.exports(entity.exports) }
      default: return entity
    }
  }

  #function({ params, result, isAsync }: Func): Func {
    return { sort: 'function', params: params.map(({ name, type }) => ({ name, type: this.#value(type) })), result: result && this.#value(result), isAsync }
  }

  #value(value: Value): Value {
    return this.#entity(value) as Value
  }

  #resource(resource: Resource): Resource {
    return this.#entity(resource) as Resource
  }

  /** What is a name for something else stays one, unless it is the same name. */
  #named(value: Value): Value {
    const origin = value.origin && this.#value(value.origin)
    if (origin !== undefined && origin !== value.origin) return origin.name === value.name ? origin : { ...origin, name: value.name, owner: undefined, origin }
    return { ...value, type: this.#node(value.type) }
  }

  #node(type: TypeNode): TypeNode {
    const maybe = (value: Value | undefined): Value | undefined => value && this.#value(value)
    switch (type.kind) {
      case 'list': return { ...type, element: this.#value(type.element) }
      case 'option': return { ...type, some: this.#value(type.some) }
      case 'result': return { ...type, ok: maybe(type.ok), error: maybe(type.error) }
      case 'tuple': return { ...type, items: type.items.map((item) => this.#value(item)) }
      case 'record': return { ...type, fields: type.fields.map((field) => ({ ...field, type: this.#value(field.type) })) }
      case 'variant': return { ...type, cases: type.cases.map((each) => ({ ...each, type: maybe(each.type) })) }
      case 'own':
      case 'borrow': return { ...type, resource: this.#resource(type.resource) }
      case 'stream':
      case 'future': return { ...type, element: maybe(type.element) }
      default: return type
    }
  }
}
