import type { EngineExports, Ptr } from './abi.js'
import { Stop } from '../stop.js'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8')

/** Below this a loop over bytes is cheaper than a call into the decoder. */
const SHORT_TEXT = 24

/** Reads and writes values in an isolate's linear memory. Every length is checked before bytes are copied out. */
export class IsolateMemory {
  readonly #exports: EngineExports
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView<ArrayBuffer>
  #words: Int32Array<ArrayBuffer>

  constructor(exports: EngineExports) {
    this.#exports = exports
    this.#bytes = new Uint8Array(exports.memory.buffer as ArrayBuffer)
    this.#view = new DataView(exports.memory.buffer as ArrayBuffer)
    this.#words = new Int32Array(exports.memory.buffer as ArrayBuffer)
  }

  /** Current bytes; growth replaces the buffer, so never keep it over a call into the module. */
  bytes(): Uint8Array<ArrayBuffer> {
    if (this.#bytes.length === 0) this.#refresh()
    return this.#bytes
  }

  /** As `bytes`, by words. */
  words(): Int32Array<ArrayBuffer> {
    if (this.#words.buffer !== this.#exports.memory.buffer) this.#refresh()
    return this.#words
  }

  view(): DataView<ArrayBuffer> {
    // Growth leaves the former buffer detached, which is quicker to see here than to ask the memory for.
    if (this.#bytes.length === 0) this.#refresh()
    return this.#view
  }

  /** Allocates inside the guest; the guest's own limit applies. */
  alloc(length: number): number {
    const pointer = this.#exports.wasm_malloc(length)
    if (pointer === 0) throw new Stop('memory', 'The isolate has no memory left for a value from the host; raise limits.memoryBytes')
    return pointer
  }

  free(pointer: number): void {
    this.#exports.wasm_free(pointer)
  }

  /** Copies text in as UTF-8 with a NUL behind it; the caller frees it. */
  writeText(text: string): { readonly pointer: number; readonly length: number } {
    const bytes = encoder.encode(text)
    const pointer = this.alloc(bytes.length + 1)
    const memory = this.bytes()
    memory.set(bytes, pointer)
    memory[pointer + bytes.length] = 0
    return { pointer, length: bytes.length }
  }

  writeBytes(bytes: Uint8Array): number {
    const pointer = this.alloc(bytes.length === 0 ? 1 : bytes.length)
    this.bytes().set(bytes, pointer)
    return pointer
  }

  /** Text of `length` bytes at `pointer`. */
  readText(pointer: number, length: number): string {
    const bytes = this.bytes()
    if (length <= SHORT_TEXT) {
      let text = ''
      for (let i = 0; i < length; i++) {
        const byte = bytes[pointer + i]!
        if (byte > 127) return decoder.decode(bytes.subarray(pointer, pointer + length))
        text += String.fromCharCode(byte)
      }
      return text
    }
    return decoder.decode(bytes.subarray(pointer, pointer + length))
  }

  /** NUL-terminated text, as the engine passes module names. */
  readCString(pointer: number, maxLength: number): string {
    const bytes = this.bytes()
    let end = pointer
    while (end < bytes.length && bytes[end] !== 0 && end - pointer <= maxLength) end++
    return this.readText(pointer, end - pointer)
  }

  /**
   * The text of a string value, or `undefined` when it is longer than `maxBytes` of UTF-8.
   * The length is known before a byte is copied to the host's heap.
   */
  readString(value: Ptr, maxBytes: number): string | undefined {
    const out = this.alloc(4)
    const pointer = this.#exports.qjs_get_string_len(value, out)
    const length = this.view().getUint32(out, true)
    this.free(out)
    if (pointer === 0) throw new Stop('memory', 'The isolate had no memory left to hand over a string; raise limits.memoryBytes')
    const text = length > maxBytes ? undefined : this.readText(pointer, length)
    this.#exports.qjs_free_cstring(pointer)
    return text
  }

  /** A copy of an ArrayBuffer value, or `undefined` when it is longer than `maxBytes`. */
  readBuffer(value: Ptr, maxBytes: number): Uint8Array | undefined {
    const out = this.alloc(4)
    const pointer = this.#exports.qjs_get_array_buffer(value, out)
    const length = this.view().getUint32(out, true)
    this.free(out)
    if (length > maxBytes) return undefined
    return length === 0 || pointer === 0 ? new Uint8Array(0) : this.bytes().slice(pointer, pointer + length)
  }

  newString(text: string): Ptr {
    const { pointer, length } = this.writeText(text)
    const value = this.#exports.qjs_new_string(pointer, length)
    this.free(pointer)
    return value
  }

  newBuffer(bytes: Uint8Array): Ptr {
    const pointer = this.writeBytes(bytes)
    const value = this.#exports.qjs_new_array_buffer(pointer, bytes.length)
    this.free(pointer)
    return value
  }

  #refresh(): void {
    this.#bytes = new Uint8Array(this.#exports.memory.buffer as ArrayBuffer)
    this.#view = new DataView(this.#exports.memory.buffer as ArrayBuffer)
    this.#words = new Int32Array(this.#exports.memory.buffer as ArrayBuffer)
  }
}
