import { type Image, instantiateImage, isPristine, restoreImage } from './image.js'
import type { Instance, Link } from './instance.js'
import type { TurnModules } from './turns.js'

export interface PoolOptions {
  readonly module: WebAssembly.Module
  readonly image: Image
  /** The most memory an instance may grow to, in pages of 64 KiB. */
  readonly maxPages: number
  readonly turnModules: TurnModules | undefined
  /** Instances kept when nobody uses them. */
  readonly maxIdle: number
  /** Link of an instance that serves no call. */
  readonly deadLink: Link
  /** Runs a callback when the host has nothing better to do. */
  readonly defer: (callback: () => void) => void
  /** Compares every so many-th restored instance with the image, byte for byte. */
  readonly verifyEvery: number
}

/**
 * Instances of one image that are put back to it after each call: the next call finds memory, globals and tables as
 * if nothing had ever run. Restoring waits until the host is idle; a call that comes first pays for it.
 */
export class Pool {
  readonly #options: PoolOptions
  readonly #pristine: Instance[] = []
  readonly #used: Instance[] = []
  #restored = 0
  #scheduled = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  get idle(): number {
    return this.#pristine.length + this.#used.length
  }

  /** An instance in the image's state; the caller gives it back, or drops it. */
  lease(): Instance {
    const pristine = this.#pristine.pop()
    if (pristine !== undefined) return pristine
    for (let used = this.#used.pop(); used !== undefined; used = this.#used.pop()) {
      if (this.#restore(used)) return used
    }
    const { module, image, maxPages, deadLink, turnModules } = this.#options
    return instantiateImage(module, image, { maxPages, link: deadLink, turnModules })
  }

  /** Takes back an instance whose guest ended by itself. One that trapped or was stopped must be dropped instead. */
  giveBack(instance: Instance): void {
    instance.link = this.#options.deadLink
    if (this.idle >= this.#options.maxIdle) return
    this.#used.push(instance)
    if (this.#scheduled) return
    this.#scheduled = true
    this.#options.defer(() => this.#restoreNext())
  }

  clear(): void {
    this.#pristine.length = 0
    this.#used.length = 0
  }

  /** One at a time, so that a call which comes meanwhile does not wait for more than one. */
  #restoreNext(): void {
    this.#scheduled = false
    const used = this.#used.pop()
    if (used !== undefined && this.#restore(used)) this.#pristine.push(used)
    if (this.#used.length === 0) return
    this.#scheduled = true
    this.#options.defer(() => this.#restoreNext())
  }

  /** False when the instance cannot be put back, as after growth, and must be dropped. */
  #restore(instance: Instance): boolean {
    const { image, verifyEvery } = this.#options
    if (!restoreImage(instance, image)) return false
    this.#restored++
    return this.#restored % verifyEvery !== 0 || isPristine(instance, image)
  }
}
