/** Pieces smaller than this are put together: a guest that writes single bytes would have the host keep an object each. */
const SMALL_BYTES = 4096
const BLOCK_BYTES = 16 * 1024

/** Bytes in order, in few pieces whatever they came in. */
export class ByteQueue {
  #blocks: Uint8Array[] = []
  #block: Uint8Array | undefined
  /** Bytes of `#block` that are filled. */
  #filled = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Adds bytes, which belong to the queue from here on. */
  push(bytes: Uint8Array): void {
    this.#length += bytes.length
    if (bytes.length >= SMALL_BYTES) {
      this.#seal()
      this.#blocks.push(bytes)
      return
    }
    for (let at = 0; at < bytes.length; ) {
      const block = (this.#block ??= new Uint8Array(BLOCK_BYTES))
      const piece = bytes.subarray(at, at + BLOCK_BYTES - this.#filled)
      block.set(piece, this.#filled)
      this.#filled += piece.length
      at += piece.length
      if (this.#filled === BLOCK_BYTES) this.#seal()
    }
  }

  /** The first piece, of at most `length` bytes; `undefined` when there is none. */
  take(length = Infinity): Uint8Array | undefined {
    if (this.#blocks.length === 0) this.#seal()
    const first = this.#blocks[0]
    if (first === undefined) return undefined
    const taken = first.length <= length ? first : first.slice(0, length)
    if (taken === first) this.#blocks.shift()
    else this.#blocks[0] = first.subarray(length)
    this.#length -= taken.length
    return taken
  }

  clear(): void {
    this.#blocks = []
    this.#filled = 0
    this.#length = 0
  }

  #seal(): void {
    if (this.#filled === 0) return
    const block = this.#block!
    // A full block is given away; what is filled of another is copied, and the block used again.
    this.#blocks.push(this.#filled === BLOCK_BYTES ? block : block.slice(0, this.#filled))
    if (this.#filled === BLOCK_BYTES) this.#block = undefined
    this.#filled = 0
  }
}
