/**
 * What the prelude hands to every guest library. Libraries run inside the isolate: they hold no authority but
 * `call` and `callAsync`, whose every use is decided and recorded on the host's side.
 *
 * A library is a file of this folder whose default export is `(core: GuestCore) => exports`. It is compiled to
 * bytecode once and evaluated on first touch. It must capture the built-ins it needs at evaluation and
 * must not keep anything on the global object.
 */
export interface GuestCore {
  /** Calls the host and waits; throws what the host refused or failed with. Arguments and answer cross by value. */
  call(operation: string, ...args: unknown[]): unknown
  /** Calls the host and returns a promise of the answer. */
  callAsync(operation: string, ...args: unknown[]): Promise<unknown>
  /** Evaluates another library on first use: `core.lib('url').URL`. */
  lib(name: string): Record<string, any>
  /** The error class of refusals: `name` is `PermissionDenied`, `code` is `denied`. */
  readonly PermissionDenied: new (message: string) => Error
  /** The text of a module by its resolved name, types taken out; throws what the host refused. */
  source(name: string): string
  /** The namespace of a package that the engine was made with, by its name. */
  packaged(name: string): Record<string, unknown> | undefined
  /** Compiles a CommonJS module, of which nothing runs yet. */
  script(name: string, source: string): (this: unknown, exports: unknown, require: unknown, module: unknown, filename: string, dirname: string) => unknown
  /** Appends one captured line. */
  log(level: string, text: string): void
  /** Runs `callback` after `delayMs` of the granted clock; returns a timer id. */
  startTimer(callback: () => void, delayMs: number, repeat: boolean): number
  stopTimer(id: number): void
  /** What the embedder passed to this call as data. */
  settings(): {
    readonly args: readonly string[]
    readonly env: Readonly<Record<string, string>>
    readonly stdin: string
    readonly tools: readonly string[]
    readonly timers: number
    /** Guest paths of the mounts. */
    readonly mounts: readonly string[]
    /** Names of the modules that the embedder passed. */
    readonly given: readonly string[]
    /** Where the program would lie. */
    readonly filename: string
    /** IANA name of the zone of local time; absent where it has none. */
    readonly timeZone?: string | undefined
  }
  /** Whether a value is a proxy. */
  isProxy(value: object): boolean
  /** Runs `callback` once the program has come to its end, before its result crosses; a later one takes its place. */
  atEnd(callback: () => void): void
  /** Ends the call at once with an exit code. */
  exit(code: number): never
}
