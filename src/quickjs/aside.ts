import { type Instance, PAGE_BYTES } from './instance.js'
import type { Image } from './image.js'

/** What a guest is while it waits without an instance: how it differs from the image it was made of. */
export interface Aside {
  readonly pages: number
  /** Start and end, in bytes, of each stretch of memory that differs. */
  readonly stretches: Uint32Array
  /** What is in them, one behind the other. */
  readonly bytes: Uint8Array
  /** In the order of the image's. */
  readonly globals: readonly (number | bigint)[]
  readonly fuel: number
}

/** Makes a test whether two stretches of `length` bytes are equal, one in `a`, one in `b`. */
export type CompareBytes = (a: Uint8Array, b: Uint8Array) => (startA: number, startB: number, length: number) => boolean

/** What is compared first: most blocks of a guest that waits are as they were. */
const BLOCK_BYTES = 4096
/** What is kept around each byte that differs; finer keeps fewer bytes in more stretches. */
const GRAIN_BYTES = 64
/** Above this, looking for differences would hold up the host for more than about a millisecond. */
const MOST_PAGES = 512
/** Above this, a guest is mostly its own and little is won. */
const MOST_BYTES = 4 << 20

/** Takes guests out of instances of one image and lays them into others. */
export class Shelf {
  readonly #image: Image
  readonly #pristine: Uint8Array<ArrayBuffer>
  readonly #compare: CompareBytes

  /** `pristine` is memory in the image's state; it is copied. */
  constructor(image: Image, pristine: WebAssembly.Memory, compare: CompareBytes = compareWords) {
    this.#image = image
    this.#pristine = new Uint8Array(pristine.buffer).slice()
    this.#compare = compare
  }

  /** What brings a guest back that has no frame on any stack; `undefined` when it cannot be set aside. */
  take({ exports, memory }: Instance): Aside | undefined {
    const pages = memory.buffer.byteLength / PAGE_BYTES
    if (pages > MOST_PAGES || exports.__indirect_function_table.length !== this.#image.tableLength) return undefined
    const actual = new Uint8Array(memory.buffer as ArrayBuffer)
    const { spans, length } = this.#differences(actual)
    if (length > MOST_BYTES) return undefined
    const bytes = new Uint8Array(length)
    for (let i = 0, at = 0; i < spans.length; i += 2) {
      bytes.set(actual.subarray(spans[i], spans[i + 1]), at)
      at += spans[i + 1]! - spans[i]!
    }
    const globals = exports as unknown as Record<string, WebAssembly.Global>
    return {
      pages,
      stretches: Uint32Array.from(spans),
      bytes,
      globals: this.#image.globals.map(([name]) => globals[name]!.value as number | bigint),
      fuel: exports['glovebox:fuel'].value,
    }
  }

  /** Puts an instance back to its image after `take`, which found all that differs; false when it has grown. */
  putBack({ exports, memory }: Instance, { pages, stretches }: Aside): boolean {
    if (pages !== this.#image.pages) return false
    const target = new Uint8Array(memory.buffer)
    for (let i = 0; i < stretches.length; i += 2) {
      target.set(this.#pristine.subarray(stretches[i], stretches[i + 1]), stretches[i])
    }
    const globals = exports as unknown as Record<string, WebAssembly.Global>
    for (const [name, value] of this.#image.globals) globals[name]!.value = value
    exports['glovebox:fuel'].value = 0
    return true
  }

  /** Lays a guest into an instance in the image's state. Throws a RangeError when the host has no memory for it. */
  layInto({ exports, memory }: Instance, { pages, stretches, bytes, globals, fuel }: Aside): void {
    if (pages > this.#image.pages) memory.grow(pages - this.#image.pages)
    const target = new Uint8Array(memory.buffer)
    for (let i = 0, at = 0; i < stretches.length; i += 2) {
      const start = stretches[i]!
      const next = at + stretches[i + 1]! - start
      target.set(bytes.subarray(at, next), start)
      at = next
    }
    const named = exports as unknown as Record<string, WebAssembly.Global>
    this.#image.globals.forEach(([name], index) => {
      named[name]!.value = globals[index]
    })
    exports['glovebox:fuel'].value = fuel
  }

  /** Starts and ends of the stretches that differ, and their length together; memory beyond the image's was zero. */
  #differences(actual: Uint8Array<ArrayBuffer>): { readonly spans: number[]; readonly length: number } {
    const pristine = this.#pristine
    const zeros = new Uint8Array(BLOCK_BYTES)
    const areEqual = this.#compare(actual, pristine)
    const areZero = this.#compare(actual, zeros)
    const words = new Int32Array(actual.buffer)
    const pristineWords = new Int32Array(pristine.buffer)
    const zeroWords = new Int32Array(zeros.buffer)
    const spans: number[] = []
    let length = 0
    for (let block = 0; block < actual.length && length <= MOST_BYTES; block += BLOCK_BYTES) {
      const isNew = block >= pristine.length
      if (isNew ? areZero(block, 0, BLOCK_BYTES) : areEqual(block, block, BLOCK_BYTES)) continue
      for (let at = block; at < block + BLOCK_BYTES; at += GRAIN_BYTES) {
        if (isNew ? equalWords(words, at / 4, zeroWords, 0, GRAIN_BYTES / 4) : equalWords(words, at / 4, pristineWords, at / 4, GRAIN_BYTES / 4)) continue
        length += GRAIN_BYTES
        if (spans[spans.length - 1] === at) spans[spans.length - 1] = at + GRAIN_BYTES
        else spans.push(at, at + GRAIN_BYTES)
      }
    }
    return { spans, length }
  }
}

/** For platforms that have nothing faster. */
function compareWords(a: Uint8Array, b: Uint8Array): (startA: number, startB: number, length: number) => boolean {
  const wordsA = new Int32Array(a.buffer, a.byteOffset, a.length / 4)
  const wordsB = new Int32Array(b.buffer, b.byteOffset, b.length / 4)
  return (startA, startB, length) => equalWords(wordsA, startA / 4, wordsB, startB / 4, length / 4)
}

/** `count` is a multiple of four. */
function equalWords(a: Int32Array, startA: number, b: Int32Array, startB: number, count: number): boolean {
  for (let i = 0; i < count; i += 4) {
    const x = startA + i
    const y = startB + i
    if (((a[x]! ^ b[y]!) | (a[x + 1]! ^ b[y + 1]!) | (a[x + 2]! ^ b[y + 2]!) | (a[x + 3]! ^ b[y + 3]!)) !== 0) return false
  }
  return true
}
