import type { WireMessage } from './codec.js'
import type { Fuel } from './fuel.js'
import type { Limits } from './limits.js'
import type { GuestError } from './result.js'
import type { Place } from './room.js'
import type { Slots } from './slots.js'
import type { Halt } from './stop.js'

/** A guest program as the engine gets it. */
export interface Program {
  readonly source: string
  readonly language: 'js' | 'ts'
  /** Name shown in stacks; relative imports resolve against its folder. */
  readonly filename: string
  /** Absent where it is `undefined`. */
  readonly input: WireMessage | undefined
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly stdin: string
  readonly tools: readonly string[]
  /** Guest paths of the mounts. */
  readonly mounts: readonly string[]
  /** Resolved names of the modules that the embedder passed. */
  readonly given: readonly string[]
}

/** What crosses as it is. */
export type Primitive = string | number | boolean | null | undefined

/** Values that were copied without a message between: plain data of the receiver's own, of about so many bytes. */
export interface Copied {
  readonly message?: undefined
  readonly values: readonly unknown[]
  readonly bytes: number
}

/** Arguments of a host call: copied, or a message that holds a list. */
export type Arguments = Copied | { readonly message: WireMessage }

/** What the host answered: a value, or an error the guest may see. */
export type HostAnswer =
  | { readonly ok: true; readonly message: WireMessage }
  | { readonly ok: true; readonly message?: undefined; readonly value: Primitive }
  | { readonly ok: false; readonly error: GuestFault }

/** A host error as the guest sees it: never a stack, never a host path. */
export interface GuestFault {
  readonly name: string
  readonly message: string
  readonly code: string
  readonly fields?: Readonly<Record<string, string | number>>
}

/** The granted clock as an engine reads it. */
export interface ClockPort {
  /** IANA name of the zone of local time; absent where it has none. */
  readonly timeZone?: string | undefined
  /** What it showed when the call began. */
  readonly startMs: number
  /** The one reading of a clock that stands still, in UTC, and whose readings nobody records. */
  readonly frozenMs?: number | undefined
  /** Milliseconds since the epoch. */
  now(): number
  /** Offset of local time from UTC in seconds at an epoch second. */
  utcOffsetSeconds(epochSeconds: number): number
  /** Waits in real time; absent when timers run in order without waiting. */
  readonly wait?: ((ms: number, signal: AbortSignal) => Promise<void>) | undefined
}

/** Everything one call's isolate may ask of the host; engines know nothing else of it. */
export interface Ports {
  readonly limits: Limits
  readonly halt: Halt
  readonly fuel: Fuel
  /** What the call has of the sandbox's room; absent where nothing bounds it but the engine's own threads. */
  readonly place?: Place | undefined
  readonly clock: ClockPort
  /** Aborted when the call ends, for whatever reason. */
  readonly signal: AbortSignal
  /** Answers a host call at once; operations that need to wait are refused. */
  call(operation: string, args: Arguments): HostAnswer
  callAsync(operation: string, args: Arguments): HostAnswer | Promise<HostAnswer>
  /** The source text of a module by its resolved name, or a fault. */
  loadModule(name: string): { readonly ok: true; readonly source: string; readonly language: 'js' | 'ts' } | { readonly ok: false; readonly error: GuestFault }
  /** The resolved name of `specifier` as imported by `importer`, or a fault. */
  resolveModule(importer: string, specifier: string): { readonly ok: true; readonly name: string } | { readonly ok: false; readonly error: GuestFault }
  /** Captures output; stops the call when there is too much. */
  write(level: string, text: string): void
  /** Notes the exit code of a guest that ends itself. */
  exit(code: number): void
  /** Seed of the guest's `Math.random`, four 32-bit words. */
  seed(): readonly [number, number, number, number]
  /** Lets the ledger read the fuel used so far. */
  watchFuel(read: () => number): void
}

/** How a guest program ended. */
export type Ending =
  | { readonly outcome: 'returned'; readonly message: WireMessage }
  /** A value that was copied without a message: plain data of the host's own. */
  | { readonly outcome: 'returned'; readonly message?: undefined; readonly value: unknown }
  | { readonly outcome: 'threw'; readonly error: GuestError }
  | { readonly outcome: 'stopped' }

export interface EngineUsage {
  readonly fuel: number
  readonly memoryPeakBytes: number
}

/** How a guest ended, its value host data already, and what that cost. */
export interface Ended<T> {
  readonly ending:
    | { readonly outcome: 'returned'; readonly value: T }
    | { readonly outcome: 'threw'; readonly error: GuestError }
    | { readonly outcome: 'stopped' }
  readonly usage: EngineUsage
}

/** Makes isolates; one for each call. What it runs is said by its kind: a `ProgramEngine`, or a `ComponentEngine`. */
export interface Engine {
  readonly name: string
  /** Isolates alive now. */
  readonly live: number
  /** What is kept for calls to come: instances, or threads. */
  readonly idle: number
  /** Bounds the calls in their first turn at once, before they take their place in the room. @default no bound but the room's */
  readonly starting?: Slots
  /** Bytes of memory that what is idle holds. @default 0 */
  readonly idleBytes?: number
  /** Guests that wait without an isolate, and the bytes kept of them. @default none */
  readonly aside?: { readonly count: number; readonly bytes: number }
  /** Drops something idle; false when nothing is. */
  dropIdle?(): boolean
  /** Takes the isolate from the guest that has waited longest; false when none can be taken. */
  setAsideOldest?(): boolean
  [Symbol.asyncDispose](): Promise<void>
}

/** An engine for programs: source text in JavaScript or TypeScript. */
export interface ProgramEngine extends Engine {
  /** Runs a program in a fresh isolate; never rejects for what a guest does. */
  run(program: Program, ports: Ports): Promise<{ readonly ending: Ending; readonly usage: EngineUsage }>
}
