import type { Limits } from '../limits.js'
import type { Policy } from '../policy-file/schema.js'

/** One run as the main thread hands it to the thread of the guest: plain data, host paths absolute. */
export interface Job {
  readonly source: string
  readonly filename: string
  readonly language: 'js' | 'ts'
  readonly policy: Policy
  readonly limits: Partial<Limits>
  /** Only the variables the policy names. */
  readonly env: Readonly<Record<string, string>>
  readonly input: unknown
  readonly args: readonly string[]
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
