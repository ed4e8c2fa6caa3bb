import type { SpotFailure } from './arm.js'
import type { At } from './suite.js'

/** Which arm a process holds, as its argument. */
export interface ArmRequest {
  readonly case: string
  readonly contender: string
  /** Directory of this process alone. */
  readonly folder: string
  /** Points to get ready for. @default all */
  readonly at?: readonly At[]
}

/** What a process that holds one arm says: at last `ready` or `failed`, then an answer to each `burst`. */
export type FromArm =
  | { readonly type: 'preparing'; readonly at: At }
  | { readonly type: 'ready'; readonly failures: readonly SpotFailure[] }
  | { readonly type: 'samples'; readonly samples: readonly number[] }
  | { readonly type: 'failed'; readonly reason: string }

export interface ToArm {
  readonly type: 'burst'
  readonly at?: At
}

/** Which hostile program a process runs, as its argument. */
export interface TrialRequest {
  readonly case: string
  readonly contender: string
  readonly program: string
  readonly folder: string
  readonly canary: string
}

/** What the process of a trial says, in this order. */
export type FromTrial =
  | { readonly type: 'began' }
  | { readonly type: 'answered'; readonly by: string; readonly elapsedMs: number; readonly heldMs: number; readonly peakBytes?: number }
  | { readonly type: 'checked'; readonly outcome: 'survived' | 'escaped' | 'wrong'; readonly detail: string }
  | { readonly type: 'failed'; readonly reason: string }
