import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { start } from './glovebox.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glovebox-interrupt-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Waits until the program has logged, which its events file shows. */
const running = (events: string) => vi.waitFor(async () => expect((await stat(events)).size).toBeGreaterThan(0), { timeout: 15_000, interval: 20 })

describe('an interrupt', () => {
  it.each([
    ['spins', 'for (;;);'],
    ['spins and swallows', 'for (;;) { try { for (;;); } catch {} finally { continue } }'],
    ['waits', 'await new Promise((resolve) => setTimeout(resolve, 60_000))'],
  ])('cancels a program that %s, prints what it said and exits 130', async (name, source) => {
    const events = join(folder, `${name}.jsonl`)
    const { ended, interrupt } = start(['run', '-', '--allow-time', '--timeout=20s', `--events=${events}`], { stdin: `console.log('begun')\n${source}` })
    await running(events)
    interrupt()
    const { code, stdout, stderr } = await ended
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(stderr).toContain('log   | begun\nstopped (aborted): ')
  })

  it('leaves the result of a cancelled program to --json', async () => {
    const events = join(folder, 'json.jsonl')
    const { ended, interrupt } = start(['run', '-', '--json', '--timeout=20s', `--events=${events}`], { stdin: `console.log('begun'); for (;;);` })
    await running(events)
    interrupt()
    const { code, stdout } = await ended
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'stopped', reason: 'aborted', stdout: 'begun\n' })
  })

  it('ends the command that still waits for its program', async () => {
    const events = join(folder, 'waiting.jsonl')
    const { ended, interrupt } = start(['run', '-', `--events=${events}`], { keepsStdin: true })
    // The file is made right before the program is read.
    await vi.waitFor(() => stat(events), { timeout: 15_000, interval: 20 })
    interrupt()
    expect(await ended).toEqual({ code: 130, stdout: '', stderr: 'glovebox: cancelled\n' })
  })
})
