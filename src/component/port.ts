import type { HostCall } from '../../capabilities/capability.js'
import type { Clock } from '../../capabilities/clock/clock.js'
import type { Dir } from '../../capabilities/fs/dir.js'
import type { Net } from '../../capabilities/net/net.js'
import type { Random } from '../../capabilities/random/random.js'
import type { Tcp } from '../../capabilities/tcp/tcp.js'
import type { Limits } from '../limits.js'
import type { Halt } from '../stop.js'

/** The grants of one call as a component's host reads them; what is missing denies. */
export interface ComponentGrants {
  /** Mounts by guest path. */
  readonly fs: ReadonlyMap<string, Dir>
  readonly net: Net | undefined
  readonly tcp: Tcp | undefined
  /** The granted clock, or the one that stands still. */
  readonly clock: Clock
  /** The granted source, or the fixed sequence, started anew for this call. */
  readonly random: Random
  readonly env: Readonly<Record<string, string>>
  readonly args: readonly string[]
  readonly stdin: Uint8Array | ReadableStream<Uint8Array>
}

/** Everything one call of a component may ask of the runtime; its WASI host knows nothing else of it. */
export interface ComponentPort {
  readonly grants: ComponentGrants
  readonly limits: Limits
  /** Stops the call for good; what it throws passes every frame of the guest. */
  readonly halt: Halt
  /** Aborted when the call ends, for whatever reason. */
  readonly signal: AbortSignal
  /**
   * Whether the engine can suspend this call's stack: then `wait` may be used in imports declared asynchronous, and
   * they return promises. Without it, whatever would wait stops the call as `needs-jspi`.
   */
  readonly canSuspend: boolean
  /**
   * One host call through the door: counted, decided, bounded and recorded under `fs.read`, `net.fetch`, ….
   * `Denied` and `GuestVisibleError` pass through after they were recorded: the skin turns them into its typed error.
   */
  perform<T>(operation: string, act: (call: HostCall) => T): T
  performAsync<T>(operation: string, act: (call: HostCall) => Promise<T>): Promise<T>
  /** Records a reading of clock or random once a call. */
  once(capability: 'clock' | 'random', operation: string, target: string): void
  /** Counts a host resource against `limits.resources`; returns its release, which may be called twice. */
  resource(): () => void
  /** Runs at settle, last in first out, even when another throws. */
  onSettle(dispose: () => void): void
  /** Captures output within `limits.outputBytes`; beyond it the call is stopped. */
  write(stream: 'stdout' | 'stderr', bytes: Uint8Array): void
  /** Notes the guest's exit code and stops it for good. */
  exit(code: number): never
}
