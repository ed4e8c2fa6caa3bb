import { Worker, parentPort, workerData } from 'node:worker_threads'
import type { Job, JobReport } from './job.js'
import { perform } from './perform.js'

export interface ThreadOptions {
  /** Cancels the run. */
  readonly signal: AbortSignal
  /** Milliseconds a cancelled run has to end by itself before its thread is ended. @default 2000 */
  readonly graceMs?: number
}

/**
 * Runs a job on a thread of its own, so that this one is free to hear a signal while a guest spins.
 * Resolves to undefined when the run was cancelled and did not end in time.
 */
export function performOnThread(entry: URL, job: Omit<Job, 'cancelled'>, { signal, graceMs = 2000 }: ThreadOptions): Promise<JobReport | undefined> {
  const cancelled = new SharedArrayBuffer(4)
  return new Promise((resolve, reject) => {
    const worker = new Worker(entry, { workerData: { ...job, cancelled } satisfies Job, env: {}, stdin: false })
    let grace: NodeJS.Timeout | undefined
    const end = (report: JobReport | undefined): void => {
      clearTimeout(grace)
      signal.removeEventListener('abort', cancel)
      resolve(report)
      void worker.terminate()
    }
    const cancel = (): void => {
      Atomics.store(new Int32Array(cancelled), 0, 1)
      worker.postMessage('cancel')
      grace = setTimeout(() => end(undefined), graceMs)
    }
    worker.once('message', end)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the thread of the run ended with code ${code}`)))
    if (signal.aborted) cancel()
    signal.addEventListener('abort', cancel, { once: true })
  })
}

/** The other side: performs the job this thread was started for. */
export async function serveThread(): Promise<void> {
  const job = workerData as Job
  const controller = new AbortController()
  const { signal } = controller
  const word = new Int32Array(job.cancelled)
  // A guest that spins lets no message in, but glovebox asks between two slices of fuel.
  Object.defineProperty(signal, 'aborted', { get: () => Atomics.load(word, 0) !== 0 })
  parentPort!.once('message', () => controller.abort())
  parentPort!.postMessage(await perform(job, signal))
}
