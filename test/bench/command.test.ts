import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HELP, UsageError } from '../../bench/args.js'
import { command } from '../../bench/command.js'
import { type Results, readResults, resultsSchema, writeResults } from '../../bench/results.js'
import { ROOT } from '../support/source-files.js'
import { type FakeMeasured, latencyReport } from './reports.fixture.js'
import { fakeResults } from './results.fixture.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-command-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function run(...args: string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const texts = { stdout: '', stderr: '' }
  const code = await command(args, { entry: '', stdout: { write: (text) => (texts.stdout += text) }, stderr: { write: (text) => (texts.stderr += text) } })
  return { code, ...texts }
}

/** A file with a run of the cases that have budgets, glovebox so many times faster than the others. */
function save(name: string, times: number): string {
  const measured: FakeMeasured[] = [{ contender: 'glovebox', ms: 1, seed: 1 }, ...['quickjs-wasi, create', 'isolated-vm', 'new Function'].map((contender) => ({ contender, ms: times, seed: 1 }))]
  const file = join(folder, name)
  writeResults(file, fakeResults(['fresh-isolate', 'host-call', 'tool-call'].map((each) => latencyReport(measured, { name: each })), { filter: 'some' }))
  return file
}

describe('command()', () => {
  it('exits 0 when every budget that was measured holds, and 1 when one is broken, and prints each ratio', async () => {
    const good = await run(`--from=${save('good.json', 50)}`, '--check')
    expect(good.stdout).toMatch(/^ok +50\.0× +≥ [\d.]+× +≥ 10× +fresh isolate: quickjs-wasi create over glovebox$/m)
    expect(good.stdout).not.toContain('FAIL')
    expect(good.code).toBe(0)
    const bad = await run(`--from=${save('bad.json', 1.5)}`, '--check')
    expect(bad.stdout).toMatch(/^FAIL +1\.50× +≥ [\d.]+× +≥ 10× +fresh isolate: quickjs-wasi create over glovebox$/m)
    expect(bad.code).toBe(1)
  })

  it('exits 1 when no budget could be looked at', async () => {
    const file = join(folder, 'nothing.json')
    writeResults(file, fakeResults([latencyReport([{ contender: 'glovebox', ms: 1 }])], { filter: 'fake' }))
    expect((await run(`--from=${file}`, '--check')).code).toBe(1)
  })

  it('prints nothing but JSON to standard output when asked, and the checks beside it', async () => {
    const { stdout, stderr } = await run(`--from=${save('json.json', 50)}`, '--check', '--json')
    expect(resultsSchema.parse(JSON.parse(stdout)).cases).toHaveLength(3)
    expect(stderr).toContain('Budgets')
  })

  it('compares two runs and exits 0 whatever changed', async () => {
    const { code, stdout } = await run('--compare', save('before.json', 10), save('after.json', 30))
    expect(code).toBe(0)
    expect(stdout).toContain('compared')
    const json = await run('--compare', save('before.json', 10), save('after.json', 30), '--json')
    expect((JSON.parse(json.stdout) as { changes: unknown[] }).changes).toHaveLength(12)
  })

  it('lists every case and contender by the names that filters match, and helps', async () => {
    const { stdout } = await run('--list')
    expect(stdout).toContain('kind:latency/fresh-isolate/glovebox\n')
    expect(await run('--help')).toEqual({ code: 0, stdout: HELP, stderr: '' })
  })

  it.each([
    [['--from=/nowhere/at-all.json'], 'Cannot use "/nowhere/at-all.json"'],
    [['--compare', '/nowhere/a', '/nowhere/b'], 'Cannot use "/nowhere/a"'],
    [['--filter=nothing-is-called-this'], 'Nothing has "nothing-is-called-this" in its name; there is'],
  ])('refuses %j', async (args, message) => {
    await expect(run(...args)).rejects.toThrow(UsageError)
    await expect(run(...args)).rejects.toThrow(message)
  })

  it('refuses results that are none', async () => {
    writeFileSync(join(folder, 'other.json'), '{"schemaVersion":2}')
    await expect(run(`--from=${join(folder, 'other.json')}`)).rejects.toThrow(UsageError)
  })
})

describe('npm run bench', () => {
  interface Ended {
    readonly code: number | null
    readonly stdout: string
    readonly stderr: string
    readonly pid: number
  }

  /** Runs the suite on contenders that need no package; `onProgress` may end it. */
  function bench(args: readonly string[], onProgress?: (stderr: string, interrupt: () => void) => void): Promise<Ended> {
    const child = spawn(process.execPath, [join(ROOT, 'scripts/run.mjs'), 'bench/main.ts', ...args], { cwd: ROOT, timeout: 60_000, killSignal: 'SIGKILL' })
    const texts = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (texts.stdout += chunk))
    child.stderr.on('data', (chunk: Buffer) => {
      texts.stderr += chunk
      onProgress?.(texts.stderr, () => child.kill('SIGINT'))
    })
    return new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => resolve({ code, ...texts, pid: child.pid! }))
    })
  }

  /** Takes the results that a run says it wrote. */
  function take(stderr: string): Results {
    const file = /samples in (.*\.json)/.exec(stderr)![1]!
    const results = readResults(file)
    rmSync(file)
    return results
  }

  it('measures in processes of its own, keeps every sample and exits 0', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await bench(['--quick', '--filter=session-call/new', '--json'])
    const results = take(stderr)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual(results)
    expect(results).toMatchObject({ quick: true, interrupted: false, filter: 'session-call/new' })
    const [of] = results.cases
    if (of?.kind !== 'latency') throw new Error('expected a latency')
    expect(of.measured[0]!.points[0]!.rounds.flat().every((sample) => sample > 0)).toBe(true)
    expect(stderr).toContain('bench: session-call (1 of 1)')
  })

  it.runIf(process.platform === 'linux')('writes what there is when it is interrupted, exits 130 and leaves no process', { timeout: 60_000 }, async () => {
    let interrupted = false
    const { code, stderr, pid } = await bench(['--filter=runaway/node:vm'], (text, interrupt) => {
      if (interrupted || !text.includes('bench: runaway')) return
      interrupted = true
      setTimeout(interrupt, 500)
    })
    const results = take(stderr)
    expect(code).toBe(130)
    expect(results.interrupted).toBe(true)
    expect(stderr).toContain('interrupted: ending the processes')
    const left = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, 'utf8').includes(`bench-main-ts-${pid}.mjs`)
      } catch {
        return false
      }
    })
    expect(left).toEqual([])
  })

  it('exits 2 for a command line that cannot be meant', { timeout: 60_000 }, async () => {
    expect(await bench(['--quik'])).toMatchObject({ code: 2, stderr: expect.stringContaining('bench: Unknown option "--quik"') as string })
  })
})
