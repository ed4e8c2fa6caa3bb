/** Why glovebox stopped a call. Closed list; each has a section in `docs/results.md`. */
export const STOP_REASONS = [
  'fuel', 'deadline', 'memory', 'stack', 'source-size', 'result-size', 'output', 'host-calls', 'timers', 'resources',
  'deadlock', 'aborted', 'exit', 'revoked', 'trap', 'poisoned', 'needs-jspi',
] as const

export type StopReason = (typeof STOP_REASONS)[number]

/** The guest's own exception, as plain data in the guest's own coordinates. */
export interface GuestError {
  readonly name: string
  readonly message: string
  readonly code?: string
  /** Frames of the guest's own source, one a line; never a host path. */
  readonly stack?: string
  /** The source line it came from, with a caret below. */
  readonly frame?: string
  readonly cause?: GuestError
  /** What a component's `result` carries as its error, as data. */
  readonly payload?: unknown
}

export interface ConsoleLine {
  readonly level: 'log' | 'info' | 'warn' | 'error' | 'debug' | 'trace'
  readonly text: string
}

/** What a call cost. Only `wallMs` differs between machines. */
export interface Usage {
  readonly fuel: number
  readonly wallMs: number
  readonly memoryPeakBytes: number
  readonly hostCalls: number
  readonly hostBytesIn: number
  readonly hostBytesOut: number
}

export type CapabilityKind = 'fs' | 'net' | 'clock' | 'random' | 'env' | 'tool' | 'stdio' | 'module'

/** One host call, allowed or denied. */
export interface LedgerEntry {
  readonly seq: number
  readonly capability: CapabilityKind
  readonly operation: string
  readonly target: string
  readonly decision: 'allowed' | 'denied'
  readonly reason?: string
  readonly bytesIn: number
  readonly bytesOut: number
  readonly fuel: number
}

interface Common {
  readonly stdout: string
  readonly stderr: string
  readonly console: readonly ConsoleLine[]
  readonly usage: Usage
  readonly ledger: readonly LedgerEntry[]
  /** Mounts, origins and tools whose data the guest read. */
  readonly sources: readonly string[]
  readonly exitCode?: number
}

/** What became of one call: a value whatever the guest did. */
export type RunResult<T = unknown> = Common &
  (
    | { readonly outcome: 'returned'; readonly value: T }
    | { readonly outcome: 'threw'; readonly error: GuestError }
    | { readonly outcome: 'stopped'; readonly reason: StopReason; readonly message: string }
  )
