import { type Instance, PAGE_BYTES } from './instance.js'
import type { Image } from './image.js'

/** What a guest is while it waits without an instance: how it differs from the image it was made of. */
export interface Aside {
  readonly pages: number
  /** Start and end of each stretch of memory that differs, in words of four bytes. */
  readonly stretches: Uint32Array
  /** What is in them, one behind the other. */
  readonly words: Int32Array
  /** In the order of the image's. */
  readonly globals: readonly (number | bigint)[]
  readonly fuel: number
}

/** Makes a test whether two stretches of `length` bytes are equal, one in `a`, one in `b`. */
export type CompareBytes = (a: Uint8Array, b: Uint8Array) => (startA: number, startB: number, length: number) => boolean

/** What is compared first, 16 KiB: most of a guest that waits is as it was. */
const CHUNK_WORDS = 4096
/** What is compared next, 4 KiB. */
const BLOCK_WORDS = 1024
/** What is kept around each byte that differs, 64 bytes: finer keeps fewer bytes in more stretches. */
const GRAIN_WORDS = 16
/** Above this, looking for differences would hold up the host for more than about a millisecond. */
const MOST_PAGES = 512
/** Above this, a guest is mostly its own and little is won. */
const MOST_WORDS = 1 << 20

/** Takes guests out of instances of one image and lays them into others. */
export class Shelf {
  readonly #image: Image
  readonly #pristine: Uint8Array<ArrayBuffer>
  readonly #pristineWords: Int32Array
  /** By chunk of the image: whether all of it is zero. */
  readonly #isZero: readonly boolean[]
  readonly #compare: CompareBytes

  /** `pristine` is memory in the image's state; it is copied. */
  constructor(image: Image, pristine: WebAssembly.Memory, compare: CompareBytes = compareWords) {
    this.#image = image
    this.#pristine = new Uint8Array(pristine.buffer).slice()
    const words = new Int32Array(this.#pristine.buffer)
    this.#pristineWords = words
    this.#isZero = Array.from({ length: words.length / CHUNK_WORDS }, (_, chunk) => words.subarray(chunk * CHUNK_WORDS, (chunk + 1) * CHUNK_WORDS).every((word) => word === 0))
    this.#compare = compare
  }

  /** What brings a guest back that has no frame on any stack; `undefined` when it cannot be set aside. */
  take({ exports, memory }: Instance): Aside | undefined {
    const pages = memory.buffer.byteLength / PAGE_BYTES
    if (pages > MOST_PAGES || exports.__indirect_function_table.length !== this.#image.tableLength) return undefined
    const { spans, length } = this.#differences(new Uint8Array(memory.buffer as ArrayBuffer))
    if (length > MOST_WORDS) return undefined
    const stretches = new Uint32Array(spans)
    const actual = new Int32Array(memory.buffer)
    const words = new Int32Array(length)
    for (let i = 0, at = 0; i < stretches.length; i += 2) {
      for (let word = stretches[i]!; word < stretches[i + 1]!; word++) words[at++] = actual[word]!
    }
    const globals = exports as unknown as Record<string, WebAssembly.Global>
    return {
      pages,
      stretches,
      words,
      globals: this.#image.globals.map(([name]) => globals[name]!.value as number | bigint),
      fuel: exports['glovebox:fuel'].value,
    }
  }

  /** Puts an instance back to its image after `take`, which found all that differs; false when it has grown. */
  putBack({ exports, memory }: Instance, { pages, stretches }: Aside): boolean {
    if (pages !== this.#image.pages) return false
    const target = new Int32Array(memory.buffer)
    const pristine = this.#pristineWords
    for (let i = 0; i < stretches.length; i += 2) {
      for (let word = stretches[i]!; word < stretches[i + 1]!; word++) target[word] = pristine[word]!
    }
    const globals = exports as unknown as Record<string, WebAssembly.Global>
    for (const [name, value] of this.#image.globals) globals[name]!.value = value
    exports['glovebox:fuel'].value = 0
    return true
  }

  /** Lays a guest into an instance in the image's state. Throws a RangeError when the host has no memory for it. */
  layInto({ exports, memory }: Instance, { pages, stretches, words, globals, fuel }: Aside): void {
    if (pages > this.#image.pages) memory.grow(pages - this.#image.pages)
    const target = new Int32Array(memory.buffer)
    for (let i = 0, at = 0; i < stretches.length; i += 2) {
      for (let word = stretches[i]!; word < stretches[i + 1]!; word++) target[word] = words[at++]!
    }
    const named = exports as unknown as Record<string, WebAssembly.Global>
    this.#image.globals.forEach(([name], index) => {
      named[name]!.value = globals[index]
    })
    exports['glovebox:fuel'].value = fuel
  }

  /** Starts and ends of the stretches that differ, and their length together; memory beyond the image's was zero. */
  #differences(actual: Uint8Array<ArrayBuffer>): { readonly spans: number[]; readonly length: number } {
    const zeros = new Int32Array(CHUNK_WORDS)
    const areEqual = this.#compare(actual, this.#pristine)
    // Zeros are compared with the same few again and again, which are near; most of an image is zero.
    const areZero = this.#compare(actual, new Uint8Array(zeros.buffer))
    const words = new Int32Array(actual.buffer)
    const spans: number[] = []
    let length = 0
    for (let chunk = 0; chunk < words.length && length <= MOST_WORDS; chunk += CHUNK_WORDS) {
      const isZero = this.#isZero[chunk / CHUNK_WORDS] ?? true
      const areSame = isZero ? areZero : areEqual
      const expected = isZero ? zeros : this.#pristineWords
      const shift = isZero ? chunk : 0
      if (areSame(4 * chunk, 4 * (chunk - shift), 4 * CHUNK_WORDS)) continue
      for (let block = chunk; block < chunk + CHUNK_WORDS; block += BLOCK_WORDS) {
        if (areSame(4 * block, 4 * (block - shift), 4 * BLOCK_WORDS)) continue
        for (let at = block; at < block + BLOCK_WORDS; at += GRAIN_WORDS) {
          if (equalWords(words, at, expected, at - shift, GRAIN_WORDS)) continue
          length += GRAIN_WORDS
          if (spans[spans.length - 1] === at) spans[spans.length - 1] = at + GRAIN_WORDS
          else spans.push(at, at + GRAIN_WORDS)
        }
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
