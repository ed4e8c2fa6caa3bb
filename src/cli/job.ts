import type { Limits } from '../limits.js'
import type { Policy } from '../policy-file/schema.js'

/** What a run does. */
export type Work =
  | {
    readonly kind: 'program'
    readonly source: string
    readonly filename: string
    readonly language: 'js' | 'ts'
    readonly input: unknown
    readonly args: readonly string[]
  }
  | { readonly kind: 'command'; readonly bytes: Uint8Array; readonly args: readonly string[] }
  | { readonly kind: 'call'; readonly bytes: Uint8Array; readonly name: string; readonly args: readonly unknown[] }

/** One run as the main thread hands it to the thread of the guest: plain data, host paths absolute. */
export interface Job {
  readonly work: Work
  readonly policy: Policy
  readonly limits: Partial<Limits>
  /** Only the variables the policy names. */
  readonly env: Readonly<Record<string, string>>
  /** Standard input from outside of the policy, if any. */
  readonly stdin: Uint8Array | undefined
  /** Where events are appended, if anywhere. */
  readonly events: string | undefined
  readonly form: 'person' | 'json'
  readonly coloured: boolean
  /** One 32-bit word, not 0 once the run is cancelled. */
  readonly cancelled: SharedArrayBuffer
}

/** What the run came to: text to print and the exit code. */
export interface JobReport {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}
