import type { Fuel } from './fuel.js'
import type { Halt } from './stop.js'

export interface RoomOptions {
  /** Most calls that have an isolate at once. */
  readonly maxLive: number
  /** Most bytes that isolates at work may grow to, and that others hold. */
  readonly maxBytes: number
  /** What is kept for calls to come. */
  readonly idle: {
    readonly bytes: () => number
    /** False when there is nothing to drop. */
    readonly drop: () => boolean
  }
  /** Takes the isolate from the call that has waited longest; false when none can be taken. */
  readonly setAsideOldest: () => boolean
}

interface Queued {
  readonly place: Place
  readonly grant: () => void
}

/** What stopping the call and its time have to do with waiting. */
interface Patience {
  readonly halt: Halt
  readonly fuel: Fuel
}

/**
 * Bounds the isolates alive at once, by count and by bytes. A call that runs counts with all the memory it may grow to,
 * one that waits with what it has. Calls beyond wait in the order they came, those that ran already before those that
 * have not begun. So that somebody can always go on, one call at a time may exceed `maxBytes`, by its own memory.
 */
export class Room {
  readonly #options: RoomOptions
  #live = 0
  #running = 0
  #bytes = 0
  /** Of those, in isolates of guests that wait. */
  #resting = 0
  /** The one call that was let in beyond `maxBytes`. */
  #beyond: Place | undefined
  readonly #entering = new Set<Queued>()
  readonly #returning = new Set<Queued>()
  #admitting = false

  constructor(options: RoomOptions) {
    this.#options = options
  }

  /** Calls that wait for an isolate. */
  get waiting(): number {
    return this.#entering.size + this.#returning.size
  }

  /** Bytes that calls hold, or may grow to. */
  get bytes(): number {
    return this.#bytes
  }

  /** Waits until there is room for a call of `memoryBytes`; `undefined` when it was stopped before. The caller leaves the place. */
  async enter(memoryBytes: number, patience: Patience): Promise<Place | undefined> {
    const place = new Place(this, memoryBytes)
    return (await this.request(place, patience)) ? place : undefined
  }

  /** Waits until there is room for a place's call to run; false when it was stopped before. */
  async request(place: Place, { halt, fuel }: Patience): Promise<boolean> {
    const queue = place.hasBegun ? this.#returning : this.#entering
    if (queue.size === 0 && this.#returning.size === 0 && this.#fits(place)) {
      place.occupy()
      return true
    }
    let forget = (): void => {}
    const unwatch = fuel.watch()
    const granted = await new Promise<boolean>((resolve) => {
      const queued: Queued = { place, grant: () => resolve(true) }
      queue.add(queued)
      forget = halt.onStop(() => {
        if (!queue.delete(queued)) return
        resolve(false)
        // Who stood behind it may fit where it did not.
        this.admit()
      })
      this.admit()
    })
    forget()
    unwatch()
    return granted
  }

  /** Counts what a place holds now instead of what it held. */
  change(place: Place, from: Held, to: Held): void {
    this.#live += to.isolates - from.isolates
    this.#running += to.running - from.running
    this.#bytes += to.bytes - from.bytes
    this.#resting += restingBytes(to) - restingBytes(from)
    if (this.#beyond === place && (to.bytes === 0 || this.#bytes <= this.#options.maxBytes)) this.#beyond = undefined
  }

  /** Lets in who fits by now. */
  admit(): void {
    // Setting a guest aside for one that waits comes back here.
    if (this.#admitting) return
    this.#admitting = true
    try {
      for (let next = this.#first(); next !== undefined && this.#makeFit(next.place); next = this.#first()) {
        this.#returning.delete(next)
        this.#entering.delete(next)
        // The room is taken before anybody else can look for it.
        next.place.occupy()
        next.grant()
      }
    } finally {
      this.#admitting = false
    }
  }

  #first(): Queued | undefined {
    for (const queue of [this.#returning, this.#entering]) for (const queued of queue) return queued
    return undefined
  }

  /** Whether a place's call can run, after what nobody uses was dropped and who waits was set aside. */
  #makeFit(place: Place): boolean {
    const { idle, setAsideOldest } = this.#options
    while (!this.#fits(place)) {
      // What would not be enough is not worth taking from anybody.
      const canFit = this.#missing(place) <= idle.bytes() + this.#resting
      if (canFit && this.#missing(place) > 0 && idle.drop()) continue
      if (canFit && setAsideOldest()) continue
      return this.#hasIsolate(place) && this.#letBeyond(place)
    }
    return true
  }

  #fits(place: Place): boolean {
    return this.#hasIsolate(place) && this.#missing(place) <= 0
  }

  #hasIsolate({ held, full }: Place): boolean {
    return this.#live + full.isolates - held.isolates <= this.#options.maxLive
  }

  /** Bytes by which a place's call would exceed the bound. */
  #missing({ held, full }: Place): number {
    return this.#bytes + full.bytes - held.bytes + this.#options.idle.bytes() - this.#options.maxBytes
  }

  /** Where nobody runs, one of those who have begun must be able to, or all would wait for each other. */
  #letBeyond(place: Place): boolean {
    if (this.#running > 0 || (this.#beyond !== undefined && this.#beyond !== place)) return false
    if (!place.hasBegun && this.#bytes > 0) return false
    this.#beyond = place
    return true
  }
}

interface Held {
  readonly isolates: 0 | 1
  readonly running: 0 | 1
  readonly bytes: number
}

const restingBytes = ({ isolates, running, bytes }: Held): number => (isolates === 1 && running === 0 ? bytes : 0)

const NOTHING: Held = Object.freeze({ isolates: 0, running: 0, bytes: 0 })

/** What one call has of the room. */
export class Place {
  readonly #room: Room
  /** What the call takes while it runs. */
  readonly full: Held
  #held = NOTHING

  constructor(room: Room, memoryBytes: number) {
    this.#room = room
    this.full = { isolates: 1, running: 1, bytes: memoryBytes }
  }

  get held(): Held {
    return this.#held
  }

  get hasBegun(): boolean {
    return this.#held !== NOTHING
  }

  /** The call runs. */
  occupy(): void {
    this.#hold(this.full)
  }

  /** The guest waits in its isolate of so many bytes, which cannot grow until it goes on. */
  rest(bytes: number): void {
    this.#hold({ isolates: 1, running: 0, bytes })
    this.#room.admit()
  }

  /** The guest waits without an isolate: only so many bytes are kept of it. */
  setAside(bytes: number): void {
    this.#hold({ isolates: 0, running: 0, bytes })
    this.#room.admit()
  }

  /** Waits until there is room for the guest to go on; false when the call was stopped before. */
  goOn(patience: Patience): Promise<boolean> {
    return this.#room.request(this, patience)
  }

  /** The call has ended. */
  leave(): void {
    this.#hold(NOTHING)
    this.#room.admit()
  }

  #hold(held: Held): void {
    this.#room.change(this, this.#held, held)
    this.#held = held
  }
}
