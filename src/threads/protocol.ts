import type { Arguments, Ending, EngineUsage, HostAnswer, Program } from '../engine.js'
import type { Limits } from '../limits.js'
import type { StopReason } from '../result.js'

/** What a thread is told. */
export type ToThread =
  | { readonly type: 'start'; readonly module: WebAssembly.Module; readonly box: SharedArrayBuffer }
  | RunMessage
  | { readonly type: 'answers'; readonly answers: readonly Answered[] }
  /** A wait in real time is over. */
  | { readonly type: 'waited'; readonly id: number }
  /** The call is over for the host; the box says the same to a guest that lets no message in. */
  | { readonly type: 'stop' }

/** What a host call came to; without an answer, the host failed. */
export interface Answered {
  readonly id: number
  readonly answer: HostAnswer | undefined
}

export interface RunMessage {
  readonly type: 'run'
  readonly program: Program
  readonly limits: Limits
  /** Until the call's deadline. */
  readonly leftMs: number
  readonly clock: { readonly startMs: number; readonly timeZone: string | undefined; readonly frozenMs: number | undefined; readonly waits: boolean }
}

/** What a thread tells, in the order of the guest's acts. */
export type FromThread = { readonly type: 'ready' } | Report

export interface Report {
  readonly type: 'report'
  /** Acts that the guest does not wait for. */
  readonly acts: readonly Act[]
  /** Fuel used so far. */
  readonly fuel: number
  /** What the thread sleeps for until the box has the answer. */
  readonly question?: Question
  readonly end?: End
}

export type Act =
  | { readonly act: 'write'; readonly level: string; readonly text: string }
  | { readonly act: 'call'; readonly id: number; readonly operation: string; readonly args: Arguments; readonly fuel: number }
  | { readonly act: 'wait'; readonly id: number; readonly ms: number }
  | { readonly act: 'unwait'; readonly id: number }

export type Question =
  | { readonly ask: 'call'; readonly operation: string; readonly args: Arguments }
  | { readonly ask: 'load'; readonly name: string }
  | { readonly ask: 'resolve'; readonly importer: string; readonly specifier: string }
  | { readonly ask: 'seed' }
  | { readonly ask: 'now' }
  | { readonly ask: 'offset'; readonly epochSeconds: number }
  /** Only that the acts before it were heard, and did not stop the call. */
  | { readonly ask: 'heard' }
  /** The last answer again, which is larger than the box. */
  | { readonly ask: 'again'; readonly into: SharedArrayBuffer }

export type End =
  | {
      readonly kind: 'ended'
      readonly ending: Ending
      readonly usage: EngineUsage
      readonly stop: { readonly reason: StopReason; readonly message: string } | undefined
      readonly exitCode: number | undefined
    }
  /** A defect of ours, never the guest's doing. */
  | { readonly kind: 'failed'; readonly message: string }
