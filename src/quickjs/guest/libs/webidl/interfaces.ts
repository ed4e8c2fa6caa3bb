const { defineProperty, getOwnPropertyNames, getOwnPropertyDescriptor } = Object

/** Property of a prototype that tells `structuredClone` how its instances are copied. */
export const STRUCTURED = Symbol.for('glovebox.structured')
/** Property of a prototype that tells `structuredClone` how its instances are moved. */
export const TRANSFER = Symbol.for('glovebox.transfer')

export interface Interface {
  readonly name: string
  /** Numbers on the class and its prototype. @default none */
  readonly constants?: Readonly<Record<string, number>>
  /** Arguments that the constructor needs. @default what its parameters say */
  readonly length?: number
  /** Arguments that operations need, static ones too. @default what their parameters say */
  readonly lengths?: Readonly<Record<string, number>>
}

/** What is declared to be visible in a class becomes as Web IDL, section 3.7, has it: enumerable, with the right names. */
export function expose(Class: Function, { name, constants = {}, length, lengths = {} }: Interface): void {
  defineProperty(Class, 'name', { value: name, configurable: true })
  if (length !== undefined) defineProperty(Class, 'length', { value: length, configurable: true })
  const prototype = Class.prototype as object
  for (const [object, hidden] of [[prototype, 'constructor'], [Class, 'length name prototype']] as const) {
    for (const key of getOwnPropertyNames(object)) {
      if (!hidden.split(' ').includes(key)) defineProperty(object, key, { ...getOwnPropertyDescriptor(object, key), enumerable: true })
    }
  }
  for (const key of Object.keys(lengths)) {
    const operation = (prototype as Record<string, object>)[key] ?? (Class as unknown as Record<string, object>)[key]!
    defineProperty(operation, 'length', { value: lengths[key], configurable: true })
  }
  for (const object of [Class, prototype]) {
    for (const key of Object.keys(constants)) defineProperty(object, key, { value: constants[key], enumerable: true })
  }
  defineProperty(Class, 'prototype', { writable: false })
  defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true, enumerable: false, writable: false })
}

/** Makes `values`, `keys` and `entries` of a class iterate as Web IDL, section 3.7.10, has it. */
export function exposePairs<T extends object>(Class: new (...args: never[]) => T, name: string, pairAt: (target: T, index: number) => readonly [unknown, unknown] | undefined): void {
  const ArrayIterator = Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())) as object
  type State = { readonly target: T; readonly kind: 'keys' | 'values' | 'entries'; index: number }
  const states = new WeakMap<object, State>()
  const prototype = Object.create(ArrayIterator, {
    [Symbol.toStringTag]: { value: `${name} Iterator`, configurable: true },
    next: {
      value: {
        next(this: object): IteratorResult<unknown> {
          const state = states.get(this)
          if (state === undefined) throw new TypeError(`${name} Iterator.next: called on what is none`)
          const pair = pairAt(state.target, state.index)
          if (pair === undefined) return { value: undefined, done: true }
          state.index++
          const value = state.kind === 'keys' ? pair[0] : state.kind === 'values' ? pair[1] : [pair[0], pair[1]]
          return { value, done: false }
        },
      }.next,
      writable: true, enumerable: true, configurable: true,
    },
  }) as object
  const methods = {
    entries(this: T): object {
      return iterate(this, 'entries')
    },
    forEach(this: T, callback: (value: unknown, key: unknown, target: T) => void): void {
      pairAt(this, 0)
      required(arguments.length, 1, `${name}.forEach`)
      if (typeof callback !== 'function') throw new TypeError(`${name}.forEach: expected a function`)
      const receiver: unknown = arguments[1]
      for (let index = 0; ; index++) {
        const pair = pairAt(this, index)
        if (pair === undefined) return
        callback.call(receiver, pair[1], pair[0], this)
      }
    },
    keys(this: T): object {
      return iterate(this, 'keys')
    },
    values(this: T): object {
      return iterate(this, 'values')
    },
  }
  const iterate = (target: T, kind: State['kind']): object => {
    // Asked for what it holds, so that another receiver is refused here.
    pairAt(target, 0)
    const iterator = Object.create(prototype) as object
    states.set(iterator, { target, kind, index: 0 })
    return iterator
  }
  for (const [key, value] of Object.entries(methods)) {
    defineProperty(Class.prototype, key, { value, writable: true, enumerable: true, configurable: true })
  }
  defineProperty(Class.prototype, Symbol.iterator, { value: methods.entries, writable: true, enumerable: false, configurable: true })
}

/** @throws TypeError when a call has fewer arguments than it needs. */
export function required(given: number, needed: number, name: string): void {
  if (given < needed) throw new TypeError(`${name}: expected ${needed} argument${needed === 1 ? '' : 's'}, got ${given}`)
}
