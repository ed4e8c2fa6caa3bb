import { hasOwn, isArray, isInteger, keys, mapSet, NewDataView, NewMap, NewSet, setAdd, typedArrays } from './builtins.js'
import { define, toBox, toBuffer, toDate, toError, toInteger, toRegExp, word } from './make.js'
import { malformed } from './message.js'
import { MAX_KEY_STEPS } from './nodes.js'
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
  #keySteps = 0
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
        return this.#entries(made as Map<unknown, unknown>, v)
      case 'set':
        return this.#members(made as Set<unknown>, v)
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

  #entries(map: Map<unknown, unknown>, slots: readonly unknown[]): void {
    let numbers = 0
    for (let i = 0; i < slots.length; i += 2) {
      const key = this.#slot(slots[i])
      numbers = this.#countKey(key, numbers)
      mapSet(map, key, this.#slot(slots[i + 1]))
    }
  }

  #members(set: Set<unknown>, slots: readonly unknown[]): void {
    let numbers = 0
    for (let i = 0; i < slots.length; i++) {
      const member = this.#slot(slots[i])
      numbers = this.#countKey(member, numbers)
      setAdd(set, member)
    }
  }

  #countKey(key: unknown, numbers: number): number {
    if (typeof key !== 'number' && typeof key !== 'bigint') return numbers
    this.#keySteps += numbers
    if (this.#keySteps > MAX_KEY_STEPS) malformed('too many numbers for keys')
    return numbers + 1
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
    // Only guests send stacks, and only the host reads them: frames of the prelude are left out, the heading is put back.
    if (typeof error.stack === 'string' && hasOwn(fields, 'stack')) define(error, 'stack', ownFrames(error), false)
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

function ownFrames({ name, message, stack = '' }: Error): string {
  const lines = stack.split('\n').filter((line) => line !== '' && !line.includes('(glovebox:'))
  return lines[0]?.startsWith('    at ') === false ? lines.join('\n') : [`${name}: ${message}`, ...lines].join('\n')
}
