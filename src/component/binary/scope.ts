import type { ValueType } from '../world.js'

/** A resource: one object for each, whatever index it goes by. */
export interface Resource {
  readonly sort: 'resource'
  name: string | undefined
  /** The interface it lives in. */
  owner: string | undefined
}

/** A type of values that may have got a name in an interface. */
export interface Value {
  readonly sort: 'value'
  readonly type: TypeNode
  readonly name: string | undefined
  owner: string | undefined
  /** What it is another name for. */
  readonly origin?: Value | undefined
}

/** Types before they become plain data: they still share nodes. */
export type TypeNode =
  | { readonly kind: Exclude<ValueType['kind'], 'list' | 'option' | 'result' | 'tuple' | 'record' | 'variant' | 'enum' | 'flags' | 'own' | 'borrow' | 'stream' | 'future'> }
  | { readonly kind: 'list'; readonly element: Value; readonly length?: number }
  | { readonly kind: 'option'; readonly some: Value }
  | { readonly kind: 'result'; readonly ok: Value | undefined; readonly error: Value | undefined }
  | { readonly kind: 'tuple'; readonly items: readonly Value[] }
  | { readonly kind: 'record'; readonly fields: readonly { readonly name: string; readonly type: Value }[] }
  | { readonly kind: 'variant'; readonly cases: readonly { readonly name: string; readonly type: Value | undefined }[] }
  | { readonly kind: 'enum' | 'flags'; readonly names: readonly string[] }
  | { readonly kind: 'own' | 'borrow'; readonly resource: Resource }
  | { readonly kind: 'stream' | 'future'; readonly element: Value | undefined }

export interface Func {
  readonly sort: 'function'
  readonly params: readonly { readonly name: string; readonly type: Value }[]
  readonly result: Value | undefined
  readonly isAsync: boolean
}

export interface Instance {
  readonly sort: 'instance'
  readonly exports: ReadonlyMap<string, Entity>
}

/** A component, or the type of one. */
export interface Nested {
  readonly sort: 'component'
  readonly imports: ReadonlyMap<string, Entity>
  readonly exports: ReadonlyMap<string, Entity>
}

/** Something of the core, of which nothing is asked. */
export interface Core {
  readonly sort: 'core'
}

export type Type = Resource | Value | Func | Instance | Nested
export type Entity = Type | Core

/** The index spaces of one component, component type or instance type. */
export class Scope {
  readonly types: Type[] = []
  readonly functions: Func[] = []
  readonly instances: Instance[] = []
  readonly components: Nested[] = []
  readonly imports = new Map<string, Entity>()
  readonly exports = new Map<string, Entity>()

  constructor(readonly parent: Scope | undefined, readonly depth: number) {}
}

export const toNested = ({ imports, exports }: Scope): Nested => ({ sort: 'component', imports, exports })
