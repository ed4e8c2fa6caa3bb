import type { CapabilityKind } from '../src/result.js'
import type { Limits } from '../src/limits.js'

/** One thing a grant lets a guest reach, as `describe()` lists it. */
export interface Reach {
  readonly capability: CapabilityKind
  /** What is reached: a guest path, a URL pattern, a tool's name. */
  readonly target: string
  /** What may be done there: `read`, `read, write`, `GET`, `call`. */
  readonly acts: string
  /** Credentials placed at the edge, by name; never their value. */
  readonly credentials?: readonly string[]
  /** `private`: reading it makes the call's data private. `external`: what is sent there leaves. */
  readonly labels?: readonly ('private' | 'external')[]
}

/** A value that names a resource and the acts it permits; holding it is the permission. */
export interface Capability<K extends CapabilityKind = CapabilityKind> {
  readonly kind: K
  /** Everything this value lets a guest reach. */
  reach(): readonly Reach[]
}

/**
 * A refusal, as the guest sees it: what was asked and which grant would allow it.
 * The same words whether or not the thing exists.
 */
export class Denied extends Error {
  override readonly name = 'PermissionDenied'
  readonly code = 'denied'
  constructor(
    /** What was asked, in the guest's own names: `fs.read "/etc/passwd"`. */
    readonly asked: string,
    /** Why not, short, for the ledger: `no mount`, `mount "/data" is read-only`. */
    readonly reason: string,
    /** The grant that would allow it, as code: `grants.fs["/etc"] = readOnly(await openDir(...))`. */
    readonly remedy: string,
  ) {
    super(`${asked} denied: ${reason}; grant ${remedy}`)
  }
}

/** A failure of an allowed act that the guest may see and handle: `ENOENT`, a schema mismatch. */
export class GuestVisibleError extends Error {
  constructor(
    override readonly name: string,
    readonly code: string,
    message: string,
    /** Further plain fields of the guest's error, such as `path` and `syscall`. */
    readonly fields: Readonly<Record<string, string | number>> = {},
  ) {
    super(message)
  }
}

/** One host call while it is served: what its handler may say and must count. */
export interface HostCall {
  /** Set first thing, before deciding: what the ledger shows. Guest names only. */
  target: string
  /** Bytes that entered the guest through this call, beyond its encoded answer. */
  bytesIn: number
  /** Bytes that left through this call, beyond its encoded arguments. */
  bytesOut: number
  /** Aborted when the call's run is settled, stopped or aborted. */
  readonly signal: AbortSignal
  readonly limits: Limits
  /** Records where data came from: `fs:/data`, `net:https://api.example.com`, `tool:search`. */
  source(label: string): void
  /** Bytes of an answer as it will cross; a value measured last crosses as it was then, and is not encoded again. */
  measure?(answer: unknown): number
  /**
   * Spends bytes of the run's `hostBytesIn` / `hostBytesOut` before they move.
   * Stops the run for good when the budget is used up.
   */
  spend(direction: 'in' | 'out', bytes: number): void
}

/**
 * Serves one operation. Arguments are guest data: parse them, trust nothing.
 * Throws `Denied` to refuse, `GuestVisibleError` for failures the guest may see; anything else reaches the guest as
 * a bare `Error('host failure')`. A promise makes the operation asynchronous: it can then only be called as such.
 */
export type Handler = (args: readonly unknown[], call: HostCall) => unknown

/** Host operations by their wire name, such as `fs.readFile`: a null-prototype record. */
export type Handlers = Readonly<Record<string, Handler>>

/** What lives as long as one run: handlers are made for it and die with it. */
export interface RunScope {
  readonly limits: Limits
  /** Runs at settle, last in first out, even when another throws. */
  onSettle(dispose: () => void): void
  /**
   * Counts an open descriptor, body or stream against `limits.resources`, and returns its release (idempotent).
   * Stops the run for good when there are too many.
   */
  resource(): () => void
  /** The run's own clock in milliseconds since the epoch: the granted one, frozen by default. */
  now(): number
}

/** Builds a null-prototype handler table. */
export function toHandlers(table: Record<string, Handler>): Handlers {
  return Object.freeze(Object.assign(Object.create(null) as Record<string, Handler>, table))
}
