import type { Ports } from '../engine.js'
import { GloveboxError } from '../errors.js'
import type { Aside, Shelf } from './aside.js'
import type { Image } from './image.js'
import { type Instance, type Link, PAGE_BYTES } from './instance.js'
import type { Isolate } from './isolate.js'
import type { Pool } from './pool.js'
import type { Waiter, Waiting } from './waiting.js'

export interface LodgingOptions {
  readonly pool: Pool
  readonly image: Image
  readonly shelf: () => Shelf
  readonly waiting: Waiting
  readonly ports: Ports
  /** Link of an instance that serves no call. */
  readonly deadLink: Link
  /** Waits until few others are on their way back. */
  readonly comeBack: () => Promise<void>
}

/** Where a call's guest lives: in an instance, or, while it waits, in the bytes it left behind. */
export class Lodging implements Waiter {
  readonly #options: LodgingOptions
  #instance: Instance | undefined
  #isolate: Isolate | undefined
  #aside: Aside | undefined

  constructor(options: LodgingOptions) {
    this.#options = options
    this.#instance = options.pool.lease(options.image, options.ports.limits.memoryBytes)
  }

  /** Moves the guest's isolate into the instance. */
  open(make: (instance: Instance) => Isolate): Isolate {
    return (this.#isolate = make(this.#instance!))
  }

  /** Bytes of the guest's memory. */
  get memoryBytes(): number {
    return this.#instance?.memory.buffer.byteLength ?? this.#aside!.pages * PAGE_BYTES
  }

  /** The guest waits: no frame of it is on any stack, and nothing is asked of its isolate until `goOn`. */
  rest(): void {
    const { waiting, ports } = this.#options
    waiting.add(this)
    if (this.#instance !== undefined) ports.place?.rest(this.memoryBytes)
  }

  /** Waits until the guest can go on, in an instance; not at all when its call was stopped. */
  async goOn(): Promise<void> {
    const { waiting, ports, comeBack } = this.#options
    waiting.delete(this)
    const { halt } = ports
    // Answers that come together would else take more instances than the guests need one after the other.
    if (this.#aside !== undefined && halt.stop === undefined) await comeBack()
    if (halt.stop !== undefined) return
    if (ports.place !== undefined && !(await ports.place.goOn(ports))) return
    if (this.#aside !== undefined) this.#return(this.#aside)
  }

  setAside(): boolean {
    const { pool, image, shelf, waiting, ports, deadLink } = this.#options
    const instance = this.#instance!
    const aside = shelf().take(instance)
    if (aside === undefined) return false
    this.#aside = aside
    this.#instance = undefined
    this.#isolate!.detach()
    instance.link = deadLink
    if (shelf().putBack(instance, aside)) pool.giveBack(instance, image, ports.limits.memoryBytes, { isPristine: true })
    const { byteLength } = aside.words
    waiting.keep(byteLength)
    ports.place?.setAside(byteLength)
    return true
  }

  /** Ends the stay; the instance the guest was in, if it was in one, is the caller's. */
  leave(): Instance | undefined {
    const { waiting, deadLink } = this.#options
    waiting.delete(this)
    if (this.#aside !== undefined) waiting.release(this.#aside.words.byteLength)
    this.#aside = undefined
    const instance = this.#instance
    this.#instance = undefined
    // A late continuation finds an instance that can neither run nor call.
    if (instance !== undefined) instance.link = deadLink
    return instance
  }

  #return(aside: Aside): void {
    const { pool, image, shelf, waiting, ports } = this.#options
    const instance = pool.lease(image, ports.limits.memoryBytes)
    try {
      shelf().layInto(instance, aside)
    } catch (cause) {
      throw new GloveboxError('no-isolate', 'Cannot bring a waiting guest back: the host has no memory left; bound what calls hold with pool.maxBytes', { cause })
    }
    this.#instance = instance
    this.#aside = undefined
    waiting.release(aside.words.byteLength)
    this.#isolate!.attach(instance)
  }
}
