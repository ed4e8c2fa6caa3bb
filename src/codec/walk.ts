import {
  ArrayPrototype, bigIntText, getDescriptor, getSymbols, hasOwn, isEnumerable, keys, lookupGetter, mapGet, mapSet,
  NewMap, ObjectPrototype, setPrototypeOf, stringify,
} from './builtins.js'
import type { EncodeOptions } from './encode.js'
import { kindOf } from './kind.js'
import { EncodeError, MAX_DEPTH, type WireMessage } from './message.js'
import { MAX_HOLES, MAX_KEY_STEPS, type Slot, type Special } from './nodes.js'
import { isExact } from './plain.js'
import { specialOf } from './special.js'

/** Where a value hangs in its parent: a property, an index, or words with an optional number: `.key(0)`. */
export type Label = string | number | readonly [words: string, index?: number]

/** Characters of a path shown; of a longer one, the end. */
const MAX_PATH = 200

/** One breadth-first walk over a value that becomes the tagged form of a message. */
export class Walk {
  readonly fromGuest: boolean
  readonly #isProxy: ((value: object) => boolean) | undefined
  readonly #maxDepth: number
  readonly #maxBytes: number
  /** Guest code may have put a `toJSON` where every array finds it. */
  readonly #detach = hasOwn(ArrayPrototype, 'toJSON') || hasOwn(ObjectPrototype, 'toJSON')
  readonly #ids = new NewMap<object, number>()
  readonly #blobs: Uint8Array[] = []
  // Of each node: the object it is made of, its level, the node that holds it and where.
  readonly #originals: object[] = [ObjectPrototype]
  readonly #depths: number[] = [0]
  readonly #parents: number[] = [0]
  readonly #labels: Label[] = ['']
  #bytes = 0
  #keySteps = 0

  constructor(options: EncodeOptions) {
    this.fromGuest = options.from === 'guest'
    this.#isProxy = options.isProxy
    this.#maxDepth = options.maxDepth ?? MAX_DEPTH
    this.#maxBytes = options.maxBytes ?? Infinity
  }

  encode(value: unknown): WireMessage {
    const nodes = this.list<unknown>([this.slot(value, 0, [''])])
    for (let id = 1; id < this.#originals.length; id++) nodes[id] = this.#node(this.#originals[id]!, id)
    return { text: ' ' + stringify(nodes), blobs: this.#blobs }
  }

  slot(value: unknown, parent: number, label: Label): Slot {
    this.#count(4, parent, label)
    switch (typeof value) {
      case 'string':
        this.#count(value.length, parent, label)
        return value
      case 'boolean':
        return value
      case 'number':
        if (isExact(value)) return value
        return this.#word(value === 0 ? '0' : value > 0 ? '+' : value < 0 ? '-' : 'n')
      case 'undefined':
        return this.#word('u')
      case 'bigint': {
        const digits = bigIntText(value, 16)
        this.#count(digits.length, parent, label)
        return this.list(['b', digits]) as unknown as Slot
      }
      case 'object':
        return value === null ? null : (this.list([this.#id(value, parent, label)]) as unknown as Slot)
      default:
        return this.refuse(typeof value === 'function' ? 'a function' : 'a symbol', parent, label)
    }
  }

  /** A record of slots. An accessor is refused, never run. */
  properties(value: object, names: readonly string[], id: number): Record<string, Slot> {
    this.#refuseSymbols(value, id)
    const node = { __proto__: null } as unknown as Record<string, Slot>
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      if (lookupGetter(value, name) !== undefined) this.refuse('an accessor property', id, name)
      const held = (value as Record<string, unknown>)[name]
      if (held === undefined) {
        const descriptor = getDescriptor(value, name)
        if (descriptor === undefined || hasOwn(descriptor, 'set')) this.refuse('an accessor property', id, name)
      }
      this.#count(name.length, id, name)
      node[name] = this.slot(held, id, name)
    }
    return node
  }

  blob(bytes: Uint8Array, length: number, id: number): number {
    this.#count(length, id)
    const index = this.#blobs.length
    this.#blobs[index] = bytes
    return index
  }

  /** Counts a key of a Map or Set that has `numbers` numeric ones already; returns how many it has now. */
  key(key: unknown, numbers: number, id: number): number {
    if (typeof key !== 'number' && typeof key !== 'bigint') return numbers
    this.#keySteps += numbers
    if (this.#keySteps > MAX_KEY_STEPS) this.refuse('a Map or Set with too many numbers for keys; use strings, or a list of pairs', id)
    return numbers + 1
  }

  /** An array of our own: safe from what guest code did to `Array.prototype`. */
  list<T>(items: T[]): T[] {
    return this.#detach ? (setPrototypeOf(items, null) as T[]) : items
  }

  refuse(what: string, id: number, label?: Label): never {
    throw new EncodeError('refused', this.#path(id, label), what)
  }

  #node(value: object, id: number): unknown {
    const kind = kindOf(value, this.#isProxy)
    if (typeof kind === 'object') this.refuse(kind.refused, id)
    if (kind === 'object') return this.properties(value, keys(value), id)
    if (kind === 'array') return this.#array(value as unknown[], id)
    return this.#special(specialOf(kind, value, id, this))
  }

  #special(special: Special): unknown {
    setPrototypeOf(special, null)
    return this.list([special])
  }

  #array(value: readonly unknown[], id: number): unknown {
    const length = value.length
    this.#count(2 * length, id)
    const names = keys(value)
    if (length - names.length > MAX_HOLES) this.refuse('an array of length ' + length + ' with more than ' + MAX_HOLES + ' holes', id)
    const slots = this.list<Slot>([])
    let found = 0
    for (let i = 0; i < length; i++) {
      if (hasOwn(value, i)) {
        if (lookupGetter(value, i) !== undefined) this.refuse('an accessor property', id, i)
        slots[i] = this.slot(value[i], id, i)
        found++
      } else slots[i] = this.#word('h')
    }
    if (names.length === found) {
      this.#refuseSymbols(value, id)
      return slots
    }
    const extra = this.list<string>([])
    for (let i = 0; i < names.length; i++) if (!isIndex(names[i]!)) extra[extra.length] = names[i]!
    return this.#special({ t: 'array', v: slots, p: this.properties(value, extra, id) })
  }

  #word(word: string): Slot {
    return this.list([word]) as unknown as Slot
  }

  #id(value: object, parent: number, label: Label): number {
    const known = mapGet(this.#ids, value) as number | undefined
    if (known !== undefined) return known
    const id = this.#originals.length
    const depth = this.#depths[parent]! + 1
    if (depth > this.#maxDepth) {
      throw new EncodeError('depth', this.#path(parent, label), 'nested deeper than ' + this.#maxDepth + ' levels')
    }
    mapSet(this.#ids, value, id)
    this.#originals[id] = value
    this.#depths[id] = depth
    this.#parents[id] = parent
    this.#labels[id] = label
    return id
  }

  #count(bytes: number, id: number, label?: Label): void {
    this.#bytes += bytes
    if (this.#bytes > this.#maxBytes) {
      throw new EncodeError('size', this.#path(id, label), 'the value is larger than ' + this.#maxBytes + ' bytes')
    }
  }

  #refuseSymbols(value: object, id: number): void {
    const symbols = getSymbols(value)
    for (let i = 0; i < symbols.length; i++) {
      if (isEnumerable(value, symbols[i]!)) this.refuse('a property named by a symbol', id)
    }
  }

  #path(id: number, label?: Label): string {
    let path = label === undefined ? '' : segment(label)
    for (let at = id; at > 0; at = this.#parents[at]!) {
      if (path.length > MAX_PATH) return '$…' + path
      path = segment(this.#labels[at]!) + path
    }
    return '$' + path
  }
}

/** Whether an array takes `name` for an index. */
export function isIndex(name: string): boolean {
  const index = (name as unknown as number) >>> 0
  return index !== 0xffffffff && '' + index === name
}

/** A character that needs no quotes in a path. */
function isWordCharacter(code: string): boolean {
  return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') || code === '_' || code === '$'
}

function segment(label: Label): string {
  if (typeof label === 'number') return '[' + label + ']'
  if (typeof label === 'object') return label[1] === undefined ? label[0] : label[0] + '(' + label[1] + ')'
  if (label === '' || label.length > 60) return '[' + stringify(label.length > 60 ? '…' : label) + ']'
  for (let i = 0; i < label.length; i++) {
    const character = label[i]!
    if (!isWordCharacter(character) && !(i > 0 && character >= '0' && character <= '9')) return '[' + stringify(label) + ']'
  }
  return '.' + label
}
