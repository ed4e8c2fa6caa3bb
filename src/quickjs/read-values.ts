import { Heap, corrupt } from './heap.js'
import type { IsolateMemory } from './memory.js'
import {
  BUFFER, CLASS, DOUBLE_OFFSET, FLAG, LEAST_TAG, OBJECT, PROPERTY, SHAPE, TAG, TAGS, VIEW,
} from './layout.js'

/** What stands for a value that only the guest's own codec carries. */
export const UNREAD: unique symbol = Symbol('unread')

/** Addresses that are the same in every isolate of an image. */
export interface Landmarks {
  readonly runtime: number
  readonly objectPrototype: number
  readonly arrayPrototype: number
  readonly bytesPrototype: number
  readonly bufferPrototype: number
}

/** Deeper values are the codec's. */
const MAX_DEPTH = 64
/** Whose names are not assigned: one would set a prototype, and the others cannot be where the host's are frozen. */
const INHERITED = {}

const doubles = (): { readonly words: Int32Array; readonly double: Float64Array } => {
  const buffer = new ArrayBuffer(8)
  return { words: new Int32Array(buffer), double: new Float64Array(buffer) }
}

/**
 * Copies plain data out of an isolate by reading the engine's heap: primitives, objects and dense arrays as literals
 * make them, whole buffers of bytes. It never calls into the isolate, so nothing of the guest's runs, and nothing can
 * change meanwhile. Everything else, and whatever is met twice, is `UNREAD`.
 */
export class ValueReader {
  readonly #heap: Heap
  readonly #landmarks: Landmarks
  /** Made for the first number that is no small integer. */
  #double: ReturnType<typeof doubles> | undefined
  #tooLarge: () => Error = corrupt
  #left = 0
  #most = 0
  /** Objects that more than one reference leads to; most values have one such at most. */
  #first = 0
  #others: Set<number> | undefined

  constructor(memory: Pick<IsolateMemory, 'bytes' | 'words'>, landmarks: Landmarks) {
    this.#heap = new Heap(memory)
    this.#landmarks = landmarks
  }

  /** Bytes read last, about as many as their JSON text would have. */
  get bytes(): number {
    return this.#most - this.#left
  }

  /** Begins to read one message of at most `maxBytes`; beyond it, what `tooLarge` makes is thrown. */
  begin(maxBytes: number, tooLarge: () => Error): void {
    this.#heap.refresh(this.#landmarks.runtime)
    this.#left = this.#most = maxBytes
    this.#tooLarge = tooLarge
    this.#first = 0
    this.#others = undefined
  }

  /** The value whose NaN-boxed form is at an address. @throws Stop when it cannot be what any engine keeps there */
  read(at: number): unknown {
    return this.#value(at, 0)
  }

  /** The values of a list of arguments from `index` on. */
  readArguments(argc: number, argv: number, index: number): unknown[] | typeof UNREAD {
    const values: unknown[] = []
    for (let i = index; i < argc; i++) {
      const value = this.#value(this.#heap.word(argv + 4 * i) >>> 0, 0)
      if (value === UNREAD) return UNREAD
      values.push(value)
    }
    return values
  }

  #value(at: number, depth: number): unknown {
    const heap = this.#heap
    const low = heap.words[at >>> 2]
    const tag = heap.words[(at >>> 2) + 1]
    if (low === undefined || tag === undefined || (at & 3) !== 0) throw corrupt()
    switch (tag) {
      case TAG.int:
        this.#spend(digits(low))
        return low
      case TAG.string: {
        const text = heap.string(low >>> 0, this.#left)
        if (text === undefined) throw this.#tooLarge()
        this.#spend(heap.isWide(low >>> 0) ? utf8Length(text) + 2 : text.length + 2)
        return text
      }
      case TAG.rope: {
        const text = heap.rope(low >>> 0, this.#left, (count) => this.#spend(count))
        if (text === undefined) throw this.#tooLarge()
        this.#spend(utf8Length(text) + 2)
        return text
      }
      case TAG.bool:
        this.#spend(4)
        return low !== 0
      case TAG.null:
        this.#spend(4)
        return null
      case TAG.undefined:
        this.#spend(4)
        return undefined
      case TAG.object:
        return this.#object(low >>> 0, depth)
    }
    if ((tag - LEAST_TAG) >>> 0 < TAGS) return UNREAD
    this.#spend(8)
    const { words, double } = (this.#double ??= doubles())
    words[0] = low
    words[1] = tag + DOUBLE_OFFSET
    return double[0]
  }

  #object(at: number, depth: number): unknown {
    const heap = this.#heap
    if (depth >= MAX_DEPTH || (heap.word(at + OBJECT.references) !== 1 && this.#isKnown(at))) return UNREAD
    const head = heap.word(at + OBJECT.flags)
    const shape = heap.word(at + OBJECT.shape) >>> 0
    const prototype = heap.word(shape + SHAPE.prototype) >>> 0
    switch (head >>> 16) {
      case CLASS.object:
        if ((prototype !== this.#landmarks.objectPrototype && prototype !== 0) || (head & FLAG.exotic) !== 0) return UNREAD
        return this.#record(at, shape, depth)
      case CLASS.array:
        if (prototype !== this.#landmarks.arrayPrototype || (head & FLAG.fastArray) === 0 || heap.word(shape + SHAPE.count) !== 1) return UNREAD
        return this.#array(at, depth)
      case CLASS.uint8Array:
        if (prototype !== this.#landmarks.bytesPrototype || heap.word(shape + SHAPE.count) !== 0) return UNREAD
        return this.#bytes(at)
      default:
        return UNREAD
    }
  }

  #record(at: number, shape: number, depth: number): unknown {
    const heap = this.#heap
    const count = heap.word(shape + SHAPE.count) >>> 0
    const properties = heap.word(at + OBJECT.properties) >>> 0
    const table = shape + SHAPE.table + 4 * ((heap.word(shape + SHAPE.hashMask) >>> 0) + 1)
    heap.check(table, 8 * count)
    heap.check(properties, 8 * count)
    const { words } = heap
    const record: Record<string, unknown> = {}
    this.#spend(2)
    for (let i = 0; i < count; i++) {
      const atom = words[(table >>> 2) + 2 * i + 1]!
      this.#spend(1)
      // A property that was deleted.
      if (atom === 0) continue
      const flags = words[(table >>> 2) + 2 * i]! >>> PROPERTY.flagsShift
      const name = heap.name(atom, this.#left)
      if (name === null) throw this.#tooLarge()
      if (name === undefined || (flags & PROPERTY.kindMask) !== 0) return UNREAD
      if ((flags & PROPERTY.enumerable) === 0) continue
      this.#spend(name.length + 3)
      const value = this.#value(properties + 8 * i, depth + 1)
      if (value === UNREAD) return UNREAD
      if (name in INHERITED) Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true })
      else record[name] = value
    }
    return record
  }

  #array(at: number, depth: number): unknown {
    const heap = this.#heap
    const count = heap.word(at + OBJECT.count) >>> 0
    const values = heap.word(at + OBJECT.values) >>> 0
    const length = heap.word(at + OBJECT.properties) >>> 0
    // An array may be longer than what it has.
    if (heap.word(length) !== count || heap.word(length + 4) !== TAG.int) return UNREAD
    heap.check(values, 8 * count)
    this.#spend(2 + count)
    const array: unknown[] = []
    for (let i = 0; i < count; i++) {
      const value = this.#value(values + 8 * i, depth + 1)
      if (value === UNREAD) return UNREAD
      array.push(value)
    }
    return array
  }

  /** A view of all bytes of a plain buffer that nothing else of the message shows. */
  #bytes(at: number): unknown {
    const heap = this.#heap
    const view = heap.word(at + OBJECT.state) >>> 0
    const owner = heap.word(view + VIEW.buffer) >>> 0
    const shape = heap.word(owner + OBJECT.shape) >>> 0
    const buffer = heap.word(owner + OBJECT.state) >>> 0
    if (heap.word(owner + OBJECT.flags) >>> 16 !== CLASS.arrayBuffer || this.#isKnown(owner)) return UNREAD
    if (heap.word(shape + SHAPE.prototype) >>> 0 !== this.#landmarks.bufferPrototype || heap.word(shape + SHAPE.count) !== 0) return UNREAD
    const length = heap.word(buffer + BUFFER.length) >>> 0
    // Resizable, detached, shared or immutable: the codec knows what becomes of them.
    if (heap.word(buffer + BUFFER.maxLength) !== -1 || (heap.word(buffer + BUFFER.flags) & 0xff_ffff) !== 0) return UNREAD
    const tracks = (heap.word(view + VIEW.tracks) & 0xff) !== 0
    if (tracks || heap.word(view + VIEW.offset) !== 0 || heap.word(view + VIEW.length) >>> 0 !== length) return UNREAD
    if (length > this.#left) throw this.#tooLarge()
    this.#spend(length)
    const bytes = heap.word(buffer + BUFFER.bytes) >>> 0
    if (bytes + length > heap.bytes.length) throw corrupt()
    return heap.bytes.slice(bytes, bytes + length)
  }

  #isKnown(at: number): boolean {
    if (this.#first === 0) this.#first = at
    else if (this.#first === at || this.#others?.has(at) === true) return true
    else (this.#others ??= new Set()).add(at)
    return false
  }

  #spend(bytes: number): void {
    this.#left -= bytes
    if (this.#left < 0) throw this.#tooLarge()
  }
}

function digits(value: number): number {
  if (value >= 0 && value < 10) return 1
  return value < 100 && value > -10 ? 2 : value < 100_000 && value > -10_000 ? 5 : 9
}

function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}
