import type { HostAnswer, Primitive } from '../engine.js'
import type { EngineExports, Ptr } from './abi.js'
import type { IsolateMemory } from './memory.js'

/** Functions of the prelude that make what the engine alone does not. */
export interface Makers {
  /** The error of a fault's JSON text. */
  readonly toError: Ptr
  /** The value of a message in the tagged form, and of its buffers. */
  readonly revive: Ptr
}

/** Room for short texts and lists of arguments that every image has. */
export const SCRATCH_BYTES = 1024
const SHORT = 256

/** Makes values of the host's inside an isolate. What it returns is the caller's to free; 0 is a pending exception. */
export class ValueWriter {
  readonly #exports: EngineExports
  readonly #memory: IsolateMemory
  readonly #makers: Makers
  /** Address of the room. */
  readonly scratch: number

  constructor(exports: EngineExports, memory: IsolateMemory, makers: Makers, scratch: number) {
    this.#exports = exports
    this.#memory = memory
    this.#makers = makers
    this.scratch = scratch
  }

  primitive(value: Primitive): Ptr {
    const exports = this.#exports
    switch (typeof value) {
      case 'boolean':
        return value ? exports.qjs_get_true() : exports.qjs_get_false()
      case 'number':
        return exports.qjs_new_number(value)
      case 'string':
        return this.#string(value)
      default:
        return value === null ? exports.qjs_get_null() : exports.qjs_get_undefined()
    }
  }

  /** The value of an answer, or a pending exception where there was none. */
  answer(answer: HostAnswer): Ptr {
    if (answer.ok) return this.value(answer)
    const error = this.fault(JSON.stringify(answer.error))
    if (error !== 0) this.#exports.qjs_throw(error)
    this.#free(error)
    return 0
  }

  value(answer: HostAnswer & { readonly ok: true }): Ptr {
    if (answer.message === undefined) return this.primitive(answer.value)
    const { text, blobs } = answer.message
    if (text[0] !== ' ') return this.#json(text)
    const values = [this.#memory.newString(text), ...blobs.map((blob) => this.#memory.newBuffer(blob))]
    return this.#make(this.#makers.revive, values)
  }

  /** The error of a fault's JSON text. */
  fault(text: string): Ptr {
    return this.#make(this.#makers.toError, [this.#memory.newString(text)])
  }

  /** An array of arguments that lasts until the next text or list. */
  list(values: readonly Ptr[]): number {
    const at = 4 * values.length <= SCRATCH_BYTES ? this.scratch : this.#memory.alloc(4 * values.length)
    const view = this.#memory.view()
    for (let i = 0; i < values.length; i++) view.setUint32(at + 4 * i, values[i]!, true)
    return at
  }

  #make(fn: Ptr, values: readonly Ptr[]): Ptr {
    const exports = this.#exports
    const self = exports.qjs_get_undefined()
    const at = this.list(values)
    const made = exports.qjs_call(fn, self, values.length, at)
    if (at !== this.scratch) this.#memory.free(at)
    this.#free(self)
    for (const value of values) this.#free(value)
    if (exports.qjs_is_exception(made) === 0) return made
    this.#free(made)
    return 0
  }

  #string(text: string): Ptr {
    const { length } = text
    if (length > SHORT) {
      // UTF-8 holds no lone surrogate; JSON writes it out.
      return text.isWellFormed() ? this.#memory.newString(text) : this.#json(JSON.stringify(text))
    }
    const at = this.scratch
    if (this.#copyAscii(text, at)) return this.#exports.qjs_new_string(at, length)
    return text.isWellFormed() ? this.#memory.newString(text) : this.#json(JSON.stringify(text))
  }

  /** The engine's own parser, which runs nothing of the guest's. */
  #json(text: string): Ptr {
    const exports = this.#exports
    const short = text.length <= SHORT
    let at = short ? this.scratch : 0
    let length = text.length
    if (!short || !this.#copyAscii(text, at)) ({ pointer: at, length } = this.#memory.writeText(text))
    else this.#memory.bytes()[at + length] = 0
    const value = exports.JS_ParseJSON(exports.qjs_get_context_ptr(), at, length, at + length)
    if (at !== this.scratch) this.#memory.free(at)
    return this.#box(value)
  }

  #box(value: bigint): Ptr {
    const box = this.#memory.alloc(8)
    this.#memory.view().setBigInt64(box, value, true)
    if (this.#exports.qjs_is_exception(box) === 0) return box
    this.#memory.free(box)
    return 0
  }

  #copyAscii(text: string, at: number): boolean {
    const bytes = this.#memory.bytes()
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      if (unit > 127) return false
      bytes[at + i] = unit
    }
    return true
  }

  #free(value: Ptr): void {
    if (value !== 0) this.#exports.qjs_free_value(value)
  }
}
