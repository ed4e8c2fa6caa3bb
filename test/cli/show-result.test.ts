import { describe, expect, it } from 'vitest'
import { toColours, wantsColours } from '../../src/cli/colours.js'
import { toExitCode } from '../../src/cli/exit-code.js'
import { toOutputLines } from '../../src/cli/output-lines.js'
import { showResult } from '../../src/cli/show-result.js'
import { STOP_REASONS, type LedgerEntry, type RunResult } from '../../src/result.js'

const COMMON = { stdout: '', stderr: '', console: [], usage: { fuel: 1234567, wallMs: 12.34, memoryPeakBytes: 3 << 20, hostCalls: 1, hostBytesIn: 0, hostBytesOut: 0 }, ledger: [], sources: [] } as const
const denied = (target: string): LedgerEntry => ({ seq: 0, capability: 'fs', operation: 'readFile', target, decision: 'denied', reason: 'no mount', bytesIn: 0, bytesOut: 0, fuel: 0 })
const show = (result: RunResult, coloured = false) => showResult(result, { policy: {}, drafts: new Map(), colours: toColours({ when: coloured }) })

describe('showResult()', () => {
  it('puts the value on standard output and everything else on standard error', () => {
    const { stdout, stderr } = show({ ...COMMON, outcome: 'returned', value: { a: 1 }, console: [{ level: 'log', text: 'hi' }, { level: 'warn', text: 'two\nlines' }], stdout: 'hi\n', stderr: 'two\nlines\n' })
    expect(stdout).toBe('{ a: 1 }\n')
    expect(stderr).toBe('log   | hi\nwarn  | two\n      | lines\nreturned in 12 ms; fuel 1,234,567; memory 3.0 MiB; 1 host call\n')
  })

  it('prints no value where there is none', () => {
    expect(show({ ...COMMON, outcome: 'returned', value: undefined }).stdout).toBe('')
    expect(show({ ...COMMON, outcome: 'returned', value: null }).stdout).toBe('null\n')
  })

  it('shows an error with its stack, frame and causes', () => {
    const error = { name: 'TypeError', message: 'no', stack: 'TypeError: no\n    at main.js:2:1', frame: '2 | f()\n  | ^', cause: { name: 'Error', message: 'why', code: 'E' } }
    expect(show({ ...COMMON, outcome: 'threw', error }).stderr).toMatch(/^threw \| TypeError: no\n {6}\| {5}at main\.js:2:1\n {6}\| \n {6}\| 2 \| f\(\)\n {6}\| {3}\| \^\ncause \| Error: why\n/)
  })

  it('lets no line of the guest pass for one of its own', () => {
    const forged = 'x\ndenied: fs.readFile /\n        allow it with --allow-write=/::/\rreturned\u001b[2K'
    const { stderr } = show({
      ...COMMON, outcome: 'threw', error: { name: forged, message: forged, stack: forged, frame: forged, cause: { name: forged, message: forged } },
      console: [{ level: 'log', text: forged }], stdout: `${forged}\nraw ${forged}`, stderr: forged,
    })
    const own = stderr.split('\n').filter((line) => !/^.{5} \| /.test(line))
    expect(own).toEqual(['threw in 12 ms; fuel 1,234,567; memory 3.0 MiB; 1 host call', ''])
    expect(stderr).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u)
  })

  it('shows each denial once with the flag for it, and says how many more there are', () => {
    const ledger = [denied('/a/x'), denied('/a/x'), ...Array.from({ length: 20 }, (_, index) => denied(`/b/${index}`))]
    const { stderr } = show({ ...COMMON, outcome: 'returned', value: 1, ledger })
    expect(stderr.match(/^denied: /gm)).toHaveLength(8)
    expect(stderr).toContain('denied: fs.readFile /a/x (no mount)\n        allow it with --allow-read=HOST::/a, where HOST is the directory of yours to show there\n')
    expect(stderr).toContain('and 13 more; --json lists them all')
  })

  it('names the flag of a limit', () => {
    expect(show({ ...COMMON, outcome: 'stopped', reason: 'fuel', message: 'out of fuel' }).stderr).toContain('stopped (fuel): out of fuel\n        on the command line: --fuel=N\n')
    expect(show({ ...COMMON, outcome: 'stopped', reason: 'deadlock', message: 'waits' }).stderr).toMatch(/^stopped \(deadlock\): waits\nstopped in/)
  })

  it('lists what a draft holds', () => {
    const drafts = new Map([['/w', { changes: () => [{ path: 'a\u001b', kind: 'created', type: 'file' }, { path: 'b', from: 'c', kind: 'created', type: 'file' }] as const }]])
    const { stderr } = showResult({ ...COMMON, outcome: 'returned', value: 1 }, { policy: {}, drafts, colours: toColours({ when: false }) })
    expect(stderr).toContain('draft: /w has 2 changes, kept from the host\n        created a\\u001b\n        created c -> b\n')
  })

  it('colours only when asked to', () => {
    const result: RunResult = { ...COMMON, outcome: 'stopped', reason: 'fuel', message: 'm', console: [{ level: 'error', text: 'e' }], stderr: 'e\n' }
    expect(show(result).stderr).not.toContain('\u001b')
    expect(show(result, true).stderr).toContain('\u001b[31mstopped\u001b[39m')
  })
})

describe('wantsColours()', () => {
  it.each([
    [true, {}, true],
    [false, {}, false],
    [undefined, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, false],
  ])('terminal %s, environment %j: %s', (isTTY, env, wanted) => {
    expect(wantsColours(isTTY === undefined ? {} : { isTTY }, env)).toBe(wanted)
  })
})

describe('toOutputLines()', () => {
  it('keeps the order of a stream and everything written to it directly', () => {
    const console = [{ level: 'log', text: 'a' }, { level: 'error', text: 'e' }, { level: 'log', text: 'b' }] as const
    expect(toOutputLines({ console, stdout: 'raw1\na\nraw2b\ntail', stderr: 'e\nraw3' })).toEqual([
      { level: 'out', text: 'raw1' }, { level: 'log', text: 'a' }, { level: 'error', text: 'e' }, { level: 'out', text: 'raw2' }, { level: 'log', text: 'b' }, { level: 'out', text: 'tail' }, { level: 'err', text: 'raw3' },
    ])
    expect(toOutputLines({ console: [], stdout: '', stderr: '' })).toEqual([])
  })
})

describe('toExitCode()', () => {
  it('is 0 for a value, 1 for an error and 77 for an uncaught denial', () => {
    expect(toExitCode({ ...COMMON, outcome: 'returned', value: 1 })).toBe(0)
    expect(toExitCode({ ...COMMON, outcome: 'threw', error: { name: 'Error', message: '' } })).toBe(1)
    expect(toExitCode({ ...COMMON, outcome: 'threw', error: { name: 'PermissionDenied', message: '', code: 'denied' } })).toBe(77)
    expect(toExitCode({ ...COMMON, outcome: 'threw', error: { name: 'PermissionDenied', message: '' } })).toBe(1)
  })

  it('tells deadline, fuel, memory and cancelling from every other stop', () => {
    const codes: Record<string, number> = { deadline: 124, fuel: 124, memory: 137, aborted: 130 }
    for (const reason of STOP_REASONS) expect(toExitCode({ ...COMMON, outcome: 'stopped', reason, message: '' }), reason).toBe(codes[reason] ?? 1)
  })
})
