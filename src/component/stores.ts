import { GloveboxError } from '../errors.js'
import type { Limits } from '../limits.js'
import type { Halt } from '../stop.js'
import type { CoreToInstantiate } from './link.js'

export const PAGE_BYTES = 65_536

/** The memories and tables of all core modules of one instance, each bounded by the engine and all of them here. */
export class Stores {
  readonly #halt: Halt
  readonly #limits: Limits
  readonly #memories: WebAssembly.Memory[] = []
  readonly #tables: WebAssembly.Table[] = []
  #peakBytes = 0

  constructor(halt: Halt, limits: Limits) {
    this.#halt = halt
    this.#limits = limits
  }

  get memoryPeakBytes(): number {
    this.measure()
    return this.#peakBytes
  }

  /** Whether its memories are nearly as large as they may be. */
  get isFull(): boolean {
    const { memoryBytes } = this.#limits
    return this.memoryPeakBytes > memoryBytes - Math.min(memoryBytes / 8, 1 << 20)
  }

  /** A memory of a module's own, with the call's maximum. */
  makeMemory({ initialPages, maxPages = PAGE_BYTES }: NonNullable<CoreToInstantiate['memory']>): WebAssembly.Memory {
    const { memoryBytes } = this.#limits
    const bytes = initialPages * PAGE_BYTES + this.#memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
    if (bytes > memoryBytes) {
      this.#halt.raise('memory', `The component starts with ${bytes} bytes of memory where ${memoryBytes} are the most; raise limits.memoryBytes`)
    }
    try {
      const memory = new WebAssembly.Memory({ initial: initialPages, maximum: Math.min(maxPages, Math.floor(memoryBytes / PAGE_BYTES)) })
      this.#memories.push(memory)
      return memory
    } catch (cause) {
      throw new GloveboxError('no-isolate', 'Cannot make another isolate: the host has no memory or address space left; run fewer calls at once', { cause })
    }
  }

  addTable(table: WebAssembly.Table): void {
    this.#tables.push(table)
  }

  /** Looks at the sums; false, with the call stopped, when they are beyond its limits. */
  measure(): boolean {
    const { memoryBytes, tableElements } = this.#limits
    let bytes = 0
    for (const { buffer } of this.#memories) bytes += buffer.byteLength
    if (bytes > this.#peakBytes) this.#peakBytes = bytes
    if (bytes > memoryBytes) {
      this.#halt.set('memory', `The component's memories came to ${bytes} bytes where ${memoryBytes} are the most; raise limits.memoryBytes`)
      return false
    }
    let elements = 0
    for (const { length } of this.#tables) elements += length
    if (elements > tableElements) {
      this.#halt.set('memory', `The component's tables came to ${elements} elements where ${tableElements} are the most; raise limits.tableElements`)
      return false
    }
    return true
  }
}
