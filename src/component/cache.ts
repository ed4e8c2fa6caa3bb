import { GloveboxError } from '../errors.js'
import type { Compiled } from './compiled.js'

/** Prepared components by what they were made of, the least recently used of them forgotten first. */
export class ComponentCache {
  readonly #entries = new Map<string, Promise<Compiled>>()
  readonly #most: number

  /** @param options.maxEntries how many components are kept. @default 32 */
  constructor({ maxEntries = 32 }: { readonly maxEntries?: number } = {}) {
    if (!Number.isInteger(maxEntries) || maxEntries < 0) throw new GloveboxError('invalid-option', `maxEntries is ${String(maxEntries)}: expected a whole number from 0`)
    this.#most = maxEntries
  }

  get size(): number {
    return this.#entries.size
  }

  /** The component under a key; whoever asks while it is made gets the same one. What failed is not kept. */
  get(key: string, make: () => Promise<Compiled>): Promise<Compiled> {
    const known = this.#entries.get(key)
    if (known !== undefined) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known
    }
    const made = make()
    this.#entries.set(key, made)
    made.catch(() => {
      if (this.#entries.get(key) === made) this.#entries.delete(key)
    })
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) break
      this.#entries.delete(oldest)
    }
    return made
  }

  clear(): void {
    this.#entries.clear()
  }
}
