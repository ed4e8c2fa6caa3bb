import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { THREAD_OPTIONS } from '../../src/platform/node.js'
import { findOwn } from '../support/packed.js'
import { ROOT } from '../support/source-files.js'

describe('a thread', () => {
  it('has no environment, arguments or flags of the process, and its output goes nowhere', async () => {
    process.env['GLOVEBOX_CANARY'] = 'canary'
    try {
      const worker = new Worker(
        "const { parentPort } = require('node:worker_threads'); console.log('canary'); parentPort.postMessage([{ ...process.env }, process.argv.slice(2), process.execArgv])",
        { ...THREAD_OPTIONS, eval: true },
      )
      expect((await once(worker, 'message'))[0]).toEqual([{}, [], []])
      // Kept for whoever reads them, which nobody does; the process's own streams never see them.
      expect([THREAD_OPTIONS.stdin, THREAD_OPTIONS.stdout, THREAD_OPTIONS.stderr]).toEqual([false, true, true])
      await worker.terminate()
    } finally {
      delete process.env['GLOVEBOX_CANARY']
    }
  })
})

/** Starts a thread for a call that gives up before the thread is there. */
const UNUSED = `
import { createSandbox } from 'glovebox'
const sandbox = await createSandbox({ isolation: 'thread', pool: { threads: 2 } })
await sandbox.run('return 1')
const controller = new AbortController()
const spinning = sandbox.run('for (;;);', { limits: { deadlineMs: 500 } })
const waiting = sandbox.run('return 1', { signal: controller.signal })
setTimeout(() => controller.abort(), 1)
console.log((await waiting).reason, (await spinning).reason)
`

const PROGRAM = `
import { createSandbox, defineTool } from 'glovebox'
const sandbox = await createSandbox({ isolation: 'thread', pool: { threads: 2 } })
let ticks = 0
const timer = setInterval(() => ticks++, 1)
const [spun, ...values] = await Promise.all([sandbox.run('for (;;);', { limits: { deadlineMs: 200 } }), ...[1, 2, 3].map((input) => sandbox.run('return input * 2', { input }))])
clearInterval(timer)
const denied = await sandbox.run("import fs from 'node:fs'\\nexport default fs.readFileSync('/etc/passwd')")
console.log(JSON.stringify([spun.reason, ticks > 20, values.map(({ value }) => value), denied.error.name]))
`

/** The package as it is built, on every Node there is. */
const runtimes = [['the Node it is developed with', process.execPath], ["the machine's own Node", findOwn('node')]] as const

describe.each(runtimes)("isolation: 'thread' on %s", (name, path) => {
  it('leaves the host its thread and lets the process end by itself', { timeout: 30_000 }, async ({ skip }) => {
    if (path === undefined) return skip(`there is no ${name}`)
    const { stdout, stderr } = await promisify(execFile)(path, ['--input-type=module', '-e', PROGRAM], { cwd: ROOT, timeout: 25_000 })
    expect(JSON.parse(stdout)).toEqual(['deadline', true, [2, 4, 6], 'PermissionDenied'])
    expect(stderr).toBe('')
  })

  it('keeps no process alive with threads that nothing has run on', { timeout: 30_000 }, async ({ skip }) => {
    if (path === undefined) return skip(`there is no ${name}`)
    const { stdout } = await promisify(execFile)(path, ['--input-type=module', '-e', UNUSED], { cwd: ROOT, timeout: 25_000 })
    expect(stdout).toBe('aborted deadline\n')
  })
})
