import {
  bufferLength, bufferSlice, defineProperty, errorTypes, hasOwn, isArray, isInteger, isView, keys, mapSet,
  NewAggregateError, NewDataView, NewDate, NewMap, NewRegExp, NewSet, setAdd, stringSlice, toBigInt, toObject,
  typedArrayName, typedArrays, typedBuffer, typedBytes, typedOffset,
} from './builtins.js'
import { DecodeError } from './message.js'
import { isHidden } from './special.js'
import { isIndex } from './walk.js'

type Fields = Readonly<Record<string, unknown>>

/** Rebuilds the value of one tagged message. Nodes of JSON become the objects themselves, filled in place. */
export class Revival {
  readonly #nodes: readonly unknown[]
  readonly #blobs: readonly Uint8Array[]
  readonly #maxDepth: number
  readonly #made: unknown[] = [undefined]
  /** Level at which each node was first met; 0 is not yet. */
  readonly #depths: number[] = [0]
  #nextBlob = 0
  /** The node whose slots are being filled. */
  #at = 0

  constructor(json: unknown, blobs: readonly Uint8Array[], maxDepth: number) {
    if (!isArray(json) || json.length === 0) malformed('no list of nodes')
    if (!isArray(blobs)) malformed('blobs are no list')
    this.#nodes = json
    this.#blobs = blobs
    this.#maxDepth = maxDepth
  }

  value(): unknown {
    const nodes = this.#nodes
    for (let id = 1; id < nodes.length; id++) {
      this.#made[id] = this.#make(nodes[id])
      this.#depths[id] = 0
    }
    if (this.#nextBlob !== this.#blobs.length) malformed('a blob nothing refers to')
    for (let id = 1; id < nodes.length; id++) {
      const special = specialIn(nodes[id])
      if (special !== undefined && special['t'] === 'view') this.#made[id] = this.#view(special)
    }
    const value = this.#slot(nodes[0])
    for (let id = 1; id < nodes.length; id++) {
      if (this.#depths[id] === 0) malformed('a node nothing refers to')
      this.#at = id
      this.#fill(nodes[id], this.#made[id])
    }
    return value
  }

  /** The object a node stands for, still empty. Views wait for their buffers. */
  #make(node: unknown): unknown {
    if (typeof node !== 'object' || node === null) malformed('a node is neither object nor array')
    const special = specialIn(node)
    if (special === undefined) return node
    const v = special['v']
    switch (special['t']) {
      case 'date':
        return toDate(v)
      case 'regexp':
        return toRegExp(v, special['f'])
      case 'map':
        if (!isArray(v) || v.length % 2 !== 0) malformed('a Map without pairs')
        return new NewMap()
      case 'set':
        if (!isArray(v)) malformed('a Set without members')
        return new NewSet()
      case 'error':
        return toError(special['c'])
      case 'buffer':
        if (v !== this.#nextBlob) malformed('a blob out of turn')
        return toBuffer(this.#blobs[this.#nextBlob++])
      case 'view':
        return undefined
      case 'box':
        return toBox(isReference(v) ? undefined : this.#slot(v))
      case 'array':
        if (!isArray(v)) malformed('an array without elements')
        return v
      default:
        return malformed('an unknown kind of node')
    }
  }

  #view(special: Fields): ArrayBufferView {
    const { c, b, o, l } = special
    if (!isReference(b)) malformed('a view without a buffer')
    const id = b[0]
    if (!isInteger(id) || specialIn(this.#nodes[id])?.['t'] !== 'buffer') malformed('a view without a buffer')
    const make = typeof c !== 'string' ? undefined : c === 'DataView' ? NewDataView : hasOwn(typedArrays, c) ? typedArrays[c] : undefined
    if (make === undefined) malformed('a view of no kind known here')
    if (!isInteger(o) || !isInteger(l)) malformed('a view without a range')
    try {
      return new make(this.#made[id] as ArrayBuffer, o as number, l as number)
    } catch {
      return malformed('a view beyond its buffer')
    }
  }

  #fill(node: unknown, made: unknown): void {
    const special = specialIn(node)
    if (special === undefined) return isArray(node) ? this.#elements(node) : this.#properties(node as object)
    const v = special['v'] as readonly unknown[]
    switch (special['t']) {
      case 'map':
        for (let i = 0; i < v.length; i += 2) mapSet(made as Map<unknown, unknown>, this.#slot(v[i]), this.#slot(v[i + 1]))
        break
      case 'set':
        for (let i = 0; i < v.length; i++) setAdd(made as Set<unknown>, this.#slot(v[i]))
        break
      case 'view':
        this.#slot(special['b'])
        break
      case 'error':
        this.#error(made as Error, recordIn(special))
        break
      case 'array':
        this.#elements(v as unknown[])
        this.#extras(made as unknown[], recordIn(special))
    }
  }

  #elements(elements: unknown[]): void {
    for (let i = 0; i < elements.length; i++) {
      const slot = elements[i]
      if (typeof slot !== 'object' || slot === null) continue
      if (isWord(slot, 'h')) delete elements[i]
      else elements[i] = this.#slot(slot)
    }
  }

  #properties(record: object): void {
    const names = keys(record)
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      const slot = (record as Fields)[name]
      if (typeof slot === 'object' && slot !== null) define(record, name, this.#slot(slot), true)
    }
  }

  #error(error: Error, fields: object): void {
    const names = keys(fields)
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      define(error, name, this.#slot((fields as Fields)[name]), !isHidden(name))
    }
    // Where it was rebuilt is nobody's business on this side either.
    if (!hasOwn(fields, 'stack')) define(error, 'stack', word(error.name) + ': ' + word(error.message), false)
  }

  #extras(array: unknown[], fields: object): void {
    const names = keys(fields)
    for (let i = 0; i < names.length; i++) {
      const name = names[i]!
      if (name === 'length' || isIndex(name)) malformed('an element among the properties of an array')
      define(array, name, this.#slot((fields as Fields)[name]), true)
    }
  }

  #slot(slot: unknown): unknown {
    if (typeof slot !== 'object' || slot === null) return slot
    if (!isArray(slot)) malformed('an object in place of a value')
    if (slot.length === 2 && slot[0] === 'b') return toInteger(slot[1])
    if (slot.length !== 1) malformed('a value of no kind')
    const tag = slot[0]
    if (typeof tag === 'number') return this.#reference(tag)
    switch (tag) {
      case 'u':
        return undefined
      case 'n':
        return NaN
      case '0':
        return -0
      case '+':
        return Infinity
      case '-':
        return -Infinity
      default:
        return malformed('a value of no kind')
    }
  }

  #reference(id: number): unknown {
    if (!isInteger(id) || id < 1 || id >= this.#nodes.length) malformed('a reference to nothing')
    if (this.#depths[id] === 0) {
      const depth = this.#depths[this.#at]! + 1
      if (depth > this.#maxDepth) malformed('nested deeper than ' + this.#maxDepth + ' levels')
      this.#depths[id] = depth
    }
    return this.#made[id]
  }
}

function malformed(what: string): never {
  throw new DecodeError('Malformed message: ' + what)
}

/** The object of a node that is `[special]`. */
function specialIn(node: unknown): Fields | undefined {
  if (!isArray(node) || node.length !== 1) return undefined
  const first = node[0]
  return typeof first === 'object' && first !== null && !isArray(first) ? (first as Fields) : undefined
}

function recordIn(special: Fields): object {
  const record = special['p']
  if (typeof record !== 'object' || record === null || isArray(record)) malformed('no record of properties')
  return record
}

function isReference(slot: unknown): slot is readonly [number] {
  return isArray(slot) && slot.length === 1 && typeof slot[0] === 'number'
}

function isWord(slot: object, word: string): boolean {
  return isArray(slot) && slot.length === 1 && slot[0] === word
}

function define(target: object, name: string, value: unknown, enumerable: boolean): void {
  defineProperty(target, name, { __proto__: null, value, enumerable, writable: true, configurable: true } as PropertyDescriptor)
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : 'Error'
}

function toDate(time: unknown): Date {
  if (time === null) return new NewDate(NaN)
  if (!isInteger(time) || (time as number) > 8.64e15 || (time as number) < -8.64e15) malformed('a date out of range')
  return new NewDate(time as number)
}

function toRegExp(source: unknown, flags: unknown): RegExp {
  if (typeof source !== 'string' || typeof flags !== 'string') malformed('a regular expression without a source')
  try {
    return new NewRegExp(source, flags)
  } catch {
    return malformed('a regular expression this side cannot read')
  }
}

function toError(name: unknown): Error {
  if (name === 'AggregateError') return new NewAggregateError([])
  if (typeof name !== 'string' || !hasOwn(errorTypes, name)) malformed('an error of no kind known here')
  return new errorTypes[name]!()
}

/** The blob's own buffer when it is all of it, else a copy: nothing beside the blob may be reached. */
function toBuffer(blob: unknown): ArrayBuffer {
  if (!isView(blob) || typedArrayName(blob) !== 'Uint8Array') malformed('a blob that is no Uint8Array')
  const buffer = typedBuffer(blob) as ArrayBuffer
  const length = typedBytes(blob)
  if (length === bufferLength(buffer)) return buffer
  const offset = typedOffset(blob)
  return bufferSlice(buffer, offset, offset + length)
}

function toBox(value: unknown): object {
  if (value === undefined || typeof value === 'object') malformed('an object wrapper without its primitive')
  return toObject(value) as object
}

function toInteger(digits: unknown): bigint {
  if (typeof digits !== 'string') malformed('a BigInt without digits')
  const negative = digits[0] === '-'
  const start = negative ? 1 : 0
  if (digits.length === start) malformed('a BigInt without digits')
  for (let i = start; i < digits.length; i++) {
    const digit = digits[i]!
    if (!((digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'))) malformed('a BigInt of other digits')
  }
  try {
    return negative ? -toBigInt('0x' + stringSlice(digits, 1)) : toBigInt('0x' + digits)
  } catch {
    return malformed('a BigInt too large for this side')
  }
}
