import { GloveboxError } from '../errors.js'
import { type Image, instantiateImage, isPristine, restoreImage } from './image.js'
import { type Instance, type Link, PAGE_BYTES } from './instance.js'
import type { TurnModules } from './turns.js'
import { WAITING_DEFAULTS, type WaitingOptions } from './waiting.js'

/** What a pool keeps for calls to come. */
export interface PoolOptions extends WaitingOptions {
  /** Instances kept when nobody uses them, of all sizes together. @default 16 */
  readonly maxIdle?: number
  /** Milliseconds after which instances that nobody used are dropped. @default 10_000 */
  readonly idleMs?: number
  /** Compares every so many-th restored instance with its image, byte for byte; 0 is never. @default 1024 */
  readonly verifyEvery?: number
}

export interface PoolHost {
  readonly module: WebAssembly.Module
  readonly turnModules: TurnModules | undefined
  /** Link of an instance that serves no call. */
  readonly deadLink: Link
  /** Runs a callback when the host has nothing better to do. */
  readonly defer: (callback: () => void) => void
  /** Runs a callback after milliseconds, without keeping the process alive for it; returns the cancellation. */
  readonly startIdleTimer: (callback: () => void, ms: number) => () => void
}

export interface GiveBackOptions {
  /** The instance has been put back to its image already. @default false */
  readonly isPristine?: boolean
}

interface Kept {
  readonly instance: Instance
  readonly image: Image
  readonly maxPages: number
  pristine: boolean
}

const DEFAULTS: Required<PoolOptions> = { maxIdle: 16, idleMs: 10_000, verifyEvery: 1024, ...WAITING_DEFAULTS }
const KEYS = Object.keys(DEFAULTS) as (keyof PoolOptions)[]

/**
 * Instances that are put back to their image after each call: the next call finds memory, globals and tables as if
 * nothing had ever run. Restoring waits until the host is idle; a call that comes first pays for it.
 */
export class Pool {
  readonly #host: PoolHost
  readonly #options: Required<PoolOptions>
  /** Oldest first. */
  #kept: Kept[] = []
  #restored = 0
  #leases = 0
  #scheduled = false
  #cancelIdle: (() => void) | undefined

  constructor(host: PoolHost, options: PoolOptions = {}) {
    this.#host = host
    this.#options = { ...DEFAULTS, ...options }
  }

  get idle(): number {
    return this.#kept.length
  }

  /** Bytes of the instances kept. */
  get idleBytes(): number {
    let pages = 0
    for (const { image } of this.#kept) pages += image.pages
    return pages * PAGE_BYTES
  }

  /** Drops the instance kept longest; false when there is none. */
  dropIdle(): boolean {
    return this.#kept.shift() !== undefined
  }

  /** An instance in the image's state, with at most `memoryBytes`; the caller gives it back, or drops it. */
  lease(image: Image, memoryBytes: number): Instance {
    this.#leases++
    const maxPages = toMaxPages(image, memoryBytes)
    for (let i = this.#kept.length - 1; i >= 0; i--) {
      const kept = this.#kept[i]!
      if (kept.image !== image || kept.maxPages !== maxPages) continue
      this.#kept.splice(i, 1)
      if (kept.pristine || this.#restore(kept)) return kept.instance
    }
    return this.#make(image, maxPages)
  }

  /** Takes back an instance whose guest ended by itself. One that trapped or was stopped must be dropped instead. */
  giveBack(instance: Instance, image: Image, memoryBytes: number, { isPristine: pristine = false }: GiveBackOptions = {}): void {
    instance.link = this.#host.deadLink
    // Growth cannot be undone: such an instance is of no use to anybody.
    if (instance.memory.buffer.byteLength !== image.pages * PAGE_BYTES || this.#options.maxIdle === 0) return
    if (pristine && !this.#passes(instance, image)) return
    this.#kept.push({ instance, image, maxPages: toMaxPages(image, memoryBytes), pristine })
    if (this.#kept.length > this.#options.maxIdle) this.#kept.shift()
    if (!this.#scheduled) this.#schedule()
    if (this.#cancelIdle === undefined) this.#watchIdle()
  }

  clear(): void {
    this.#kept = []
    this.#cancelIdle?.()
    this.#cancelIdle = undefined
  }

  #make(image: Image, maxPages: number): Instance {
    const { module, deadLink, turnModules } = this.#host
    try {
      return instantiateImage(module, image, { maxPages, link: deadLink, turnModules })
    } catch (cause) {
      throw new GloveboxError('no-isolate', 'Cannot make another isolate: the host has no memory or address space left; run fewer calls at once', { cause })
    }
  }

  #schedule(): void {
    this.#scheduled = true
    this.#host.defer(() => this.#restoreNext())
  }

  /** One at a time, so that a call which comes meanwhile does not wait for more than one. */
  #restoreNext(): void {
    this.#scheduled = false
    const used = this.#kept.findLast(({ pristine }) => !pristine)
    if (used === undefined) return
    if (this.#restore(used)) used.pristine = true
    else this.#kept.splice(this.#kept.indexOf(used), 1)
    this.#schedule()
  }

  /** False when the instance could not be put back and must be dropped. */
  #restore({ instance, image }: Kept): boolean {
    return restoreImage(instance, image) && this.#passes(instance, image)
  }

  /** Compares one in many that were put back with the image. */
  #passes(instance: Instance, image: Image): boolean {
    this.#restored++
    const { verifyEvery } = this.#options
    return verifyEvery === 0 || this.#restored % verifyEvery !== 0 || isPristine(instance, image)
  }

  /** Drops everything once nobody has asked for an instance for a while. */
  #watchIdle(): void {
    const leases = this.#leases
    this.#cancelIdle = this.#host.startIdleTimer(() => {
      this.#cancelIdle = undefined
      if (this.#leases === leases) this.#kept = []
      else if (this.#kept.length > 0) this.#watchIdle()
    }, this.#options.idleMs)
  }
}

function toMaxPages(image: Image, memoryBytes: number): number {
  return Math.max(Math.floor(memoryBytes / PAGE_BYTES), image.pages)
}

/** @throws GloveboxError `invalid-option` */
export function checkPoolOptions(options: PoolOptions): void {
  if (typeof options !== 'object' || options === null) throw new GloveboxError('invalid-option', 'Option "pool": expected an object')
  for (const [key, value] of Object.entries(options)) {
    if (!KEYS.includes(key as keyof PoolOptions)) throw new GloveboxError('invalid-option', `Unknown pool option "${key}"; use one of ${KEYS.join(', ')}`)
    if (!Number.isSafeInteger(value) || value < 0) throw new GloveboxError('invalid-option', `Pool option "${key}" is ${String(value)}: expected a whole number from 0`)
  }
}
