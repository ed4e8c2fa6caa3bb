import { Stop } from '../stop.js'
import type { IsolateMemory } from './memory.js'
import { ATOM_INT, ATOM_TYPE, KIND, ROPE, RUNTIME_ATOMS, STRING, TAG, WIDE } from './layout.js'

const CACHED = 256
/** Text up to this length is looked up before it is made. */
const SHORT = 32
/** Arguments one call of `String.fromCharCode` takes. */
const CHUNK = 4096
/** Shorter text is made from its codes, longer text by a decoder. */
const LONG = 512
const ASCII = 0x8080_8080

interface Known {
  readonly at: number
  readonly text: string
}

const decoder = new TextDecoder('utf-8')

/**
 * A guest's memory as words, for reading what the engine keeps there. Whatever stands there is the guest's doing: every
 * address is checked, and nothing that is read is trusted to be what it should.
 */
export class Heap {
  readonly #memory: Pick<IsolateMemory, 'bytes' | 'words'>
  /** By address, compared with what stands there before they are used. */
  readonly #known: (Known | undefined)[] = []
  words: Int32Array<ArrayBuffer>
  bytes: Uint8Array<ArrayBuffer>
  atoms = 0

  constructor(memory: Pick<IsolateMemory, 'bytes' | 'words'>) {
    this.#memory = memory
    this.words = memory.words()
    this.bytes = memory.bytes()
  }

  /** To be called before reading: memory that has grown is another buffer. */
  refresh(runtime: number): void {
    this.words = this.#memory.words()
    this.bytes = this.#memory.bytes()
    this.atoms = this.word(runtime + RUNTIME_ATOMS)
  }

  /** The word at an address. */
  word(at: number): number {
    const word = this.words[at >>> 2]
    if (word === undefined || (at & 3) !== 0) throw corrupt()
    return word
  }

  /** Refuses a stretch that is not all in memory. */
  check(at: number, length: number): void {
    if ((at & 3) !== 0 || at < 0 || at + length > this.bytes.length) throw corrupt()
  }

  /** The name an atom stands for; `undefined` for a symbol, `null` where it has more than `most` characters. */
  name(atom: number, most: number): string | undefined | null {
    if ((atom & ATOM_INT) !== 0) return String(atom & 0x7fff_ffff)
    const string = this.word((this.atoms + 4 * atom) >>> 0) >>> 0
    if (this.word(string + STRING.kind) >>> ATOM_TYPE.shift !== ATOM_TYPE.string) return undefined
    return this.string(string, most) ?? null
  }

  /** The text of a string of at most `most` characters; `undefined` for a longer one. */
  string(at: number, most: number): string | undefined {
    const head = this.word(at + STRING.length)
    const length = head & 0x7fff_ffff
    if (length > most) return undefined
    const isWide = (head & WIDE) !== 0
    const kind = (this.word(at + STRING.kind) >>> KIND.shift) & KIND.mask
    let start = at + STRING.units
    if (kind === KIND.slice) {
      start = (this.word(at + STRING.parent) >>> 0) + STRING.units + (this.word(at + STRING.start) >>> 0)
    } else if (kind !== KIND.normal) {
      // Text in memory of the embedder's, which this engine never makes.
      throw corrupt()
    }
    if (start + (isWide ? 2 * length : length) > this.bytes.length) throw corrupt()
    return isWide ? this.#wide(start, length) : this.#narrow(start, length)
  }

  /** Whether a string has units of 16 bits. */
  isWide(at: number): boolean {
    return (this.word(at + STRING.length) & WIDE) !== 0
  }

  /** As `string`, of one that is kept as a tree of pieces; `spend` is told of each. */
  rope(at: number, most: number, spend: (count: number) => void): string | undefined {
    let text = ''
    const pending = [at + ROPE.right, at + ROPE.left]
    while (pending.length > 0) {
      spend(1)
      const next = pending.pop()!
      const tag = this.word(next + 4)
      const to = this.word(next) >>> 0
      if (tag === TAG.string) {
        const piece = this.string(to, most - text.length)
        if (piece === undefined) return undefined
        text += piece
      } else if (tag === TAG.rope) {
        pending.push(to + ROPE.right, to + ROPE.left)
      } else {
        throw corrupt()
      }
    }
    return text
  }

  /** Latin-1. */
  #narrow(start: number, length: number): string {
    const { bytes } = this
    if (length <= SHORT) {
      const slot = (start >>> 3) & (CACHED - 1)
      const known = this.#known[slot]
      if (known !== undefined && known.at === start && known.text.length === length) {
        const { text } = known
        let i = 0
        while (i < length && text.charCodeAt(i) === bytes[start + i]) i++
        if (i === length) return text
      }
      let text = ''
      for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[start + i]!)
      this.#known[slot] = { at: start, text }
      return text
    }
    if (length > LONG && this.#isAscii(start, length)) return decoder.decode(bytes.subarray(start, start + length))
    return fromCodes(bytes.subarray(start, start + length))
  }

  /** UTF-16, lone surrogates included, as no decoder leaves them. */
  #wide(start: number, length: number): string {
    if ((start & 1) === 0) return fromCodes(new Uint16Array(this.bytes.buffer, start, length))
    return fromCodes(new Uint16Array(this.bytes.slice(start, start + 2 * length).buffer))
  }

  #isAscii(start: number, length: number): boolean {
    const { bytes, words } = this
    let at = start
    const end = start + length
    for (; at < end && (at & 3) !== 0; at++) if (bytes[at]! > 127) return false
    for (; at + 4 <= end; at += 4) if ((words[at >>> 2]! & ASCII) !== 0) return false
    for (; at < end; at++) if (bytes[at]! > 127) return false
    return true
  }
}

function fromCodes(codes: Uint8Array | Uint16Array): string {
  if (codes.length <= CHUNK) return String.fromCharCode.apply(undefined, codes as unknown as number[])
  let text = ''
  for (let i = 0; i < codes.length; i += CHUNK) text += String.fromCharCode.apply(undefined, codes.subarray(i, i + CHUNK) as unknown as number[])
  return text
}

/** Only a guest that has broken out of the engine, but not out of its memory, can cause this. */
export function corrupt(): Stop {
  return new Stop('poisoned', 'The isolate holds a malformed value; it was dropped')
}
