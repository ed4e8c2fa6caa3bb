import { describe, expect, it } from 'vitest'
import type { Job } from '../../src/cli/job.js'
import { performOnThread } from '../../src/cli/thread.js'

const JOB: Omit<Job, 'cancelled'> = { work: { kind: 'program', source: '', filename: 'main.js', language: 'js', input: undefined, args: [] }, policy: {}, limits: {}, env: {}, stdin: undefined, events: undefined, form: 'person', coloured: false }
const entry = (source: string) => new URL(`data:text/javascript,${encodeURIComponent(`import { parentPort, workerData } from 'node:worker_threads'\n${source}`)}`)
const never = new AbortController().signal

describe('performOnThread()', () => {
  it('hands over the job and nothing of the environment', async () => {
    process.env['GLOVEBOX_TEST_SECRET'] = 'of the host'
    const report = await performOnThread(entry(`parentPort.postMessage({ exitCode: Object.keys(process.env).length, stdout: workerData.work.filename, stderr: '' })`), JOB, { signal: never })
    delete process.env['GLOVEBOX_TEST_SECRET']
    expect(report).toEqual({ exitCode: 0, stdout: 'main.js', stderr: '' })
  })

  it('rejects when the thread fails or ends without a report', async () => {
    await expect(performOnThread(entry('throw new Error("broken")'), JOB, { signal: never })).rejects.toThrow('broken')
    await expect(performOnThread(entry('process.exit(3)'), JOB, { signal: never })).rejects.toThrow('ended with code 3')
  })

  it('ends a thread that does not hear that it is cancelled', async () => {
    const controller = new AbortController()
    const ended = performOnThread(entry('for (;;);'), JOB, { signal: controller.signal, graceMs: 50 })
    controller.abort()
    expect(await ended).toBeUndefined()
  })

  it('tells a thread that spins through the memory they share, and one that waits by a message', async () => {
    const spins = entry(`const word = new Int32Array(workerData.cancelled); while (Atomics.load(word, 0) === 0); parentPort.postMessage({ exitCode: 130, stdout: 'seen', stderr: '' })`)
    const waits = entry(`parentPort.once('message', (message) => parentPort.postMessage({ exitCode: 130, stdout: message, stderr: '' }))`)
    for (const [which, stdout] of [[spins, 'seen'], [waits, 'cancel']] as const) {
      expect(await performOnThread(which, JOB, { signal: AbortSignal.abort() })).toEqual({ exitCode: 130, stdout, stderr: '' })
    }
  })
})
