import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toComplaint } from '../../scripts/conformance/arm.ts'
import { findCases } from '../../scripts/conformance/cases.ts'
import { wat } from '../component/components.js'
import { command } from '../component/run/preview1.js'
import { ROOT } from '../support/source-files.js'

let suite = ''
beforeAll(async () => {
  suite = mkdtempSync(join(tmpdir(), 'glovebox-conformance-test-'))
  const folder = join(suite, 'tests/c/testsuite/wasm32-wasip1')
  mkdirSync(join(folder, 'files/empty'), { recursive: true })
  writeFileSync(join(folder, 'files/a.txt'), 'a')
  mkdirSync(join(suite, 'tests/c/testsuite/wasm32-wasip3'))
  writeFileSync(join(suite, 'tests/c/testsuite/wasm32-wasip3/other.wasm'), 'of another version')
  const put = async (name: string, text: string, spec?: object): Promise<void> => {
    writeFileSync(join(folder, `${name}.wasm`), await wat(text))
    if (spec !== undefined) writeFileSync(join(folder, `${name}.json`), JSON.stringify(spec))
  }
  const hello = command('(call $print (i32.const 1) (i32.const 64) (i32.const 5))', { rest: '(data (i32.const 64) "hello")' })
  await put('prints', hello, { stdout: 'hello' })
  await put('prints-less', hello, { stdout: 'hell' })
  await put('traps', command('unreachable'))
  // Ends with 0 when there is a directory to open.
  await put('mounted', command('(call $proc_exit (call $fd_prestat_get (i32.const 3) (i32.const 64)))', { imports: ['fd_prestat_get', 'proc_exit'] }), { root: 'files' })
  await put('unmounted', command('(call $proc_exit (call $fd_prestat_get (i32.const 3) (i32.const 64)))', { imports: ['fd_prestat_get', 'proc_exit'] }), { exit_code: 1 })
})
afterAll(() => rmSync(suite, { recursive: true, force: true }))

const conformance = (...args: readonly string[]) => spawnSync(process.execPath, ['scripts/conformance/main.ts', ...args], { cwd: ROOT, encoding: 'utf8', timeout: 60_000 })

describe('findCases()', () => {
  it('finds programs of preview 1 and what they must come to', () => {
    const cases = findCases(suite)
    expect(cases.map(({ name }) => name)).toEqual(['c/mounted', 'c/prints', 'c/prints-less', 'c/traps', 'c/unmounted'])
    expect(cases[0]).toMatchObject({ args: [], env: {}, exitCode: 0, root: expect.stringMatching(/files$/) as string, stdout: undefined })
    expect(cases[4]).toMatchObject({ exitCode: 1, root: undefined })
  })
})

describe('toComplaint()', () => {
  it('tells exit codes and output that are not what they must be', () => {
    const program = { name: 'p', file: '', args: [], env: {}, root: undefined, exitCode: 0, stdout: 'a', stderr: undefined }
    const outcome = { exitCode: 0, stdout: 'a', stderr: 'x', failure: undefined }
    expect(toComplaint(program, outcome)).toBeUndefined()
    expect(toComplaint(program, { ...outcome, exitCode: 3 })).toBe('exit code 3, expected 0; x')
    expect(toComplaint(program, { ...outcome, stdout: 'b' })).toBe('stdout is "b", expected "a"')
    expect(toComplaint(program, { ...outcome, failure: 'stopped' })).toBe('stopped; x')
  })
})

describe('npm run conformance', () => {
  it('says which programs pass on both kinds of mount, and why others do not', () => {
    const { status, stdout, stderr } = conformance(suite, '--json')
    const results = JSON.parse(stdout) as { arm: string; name: string; passed: boolean; why?: string }[]
    expect(results.map(({ arm, name, passed }) => `${arm} ${name} ${passed}`)).toEqual(['memory', 'host'].flatMap((kind) =>
      ['c/mounted true', 'c/prints true', 'c/prints-less false', 'c/traps false', 'c/unmounted true'].map((each) => `glovebox on ${kind} mounts ${each}`)))
    expect(results.find(({ name }) => name === 'c/traps')?.why).toMatch(/^stopped \(trap\)/)
    expect(results.find(({ name }) => name === 'c/prints-less')?.why).toBe('stdout is "hello", expected "hell"')
    expect(stderr).toContain('  FAIL  c/prints-less: stdout is')
    expect(stderr).toContain('3 of 5 pass')
    expect(status).toBe(1)
  })

  it('runs what is chosen, and others beside it', () => {
    const { status, stdout } = conformance(suite, '--filter=unmounted', '--mounts=memory', '--baseline=node-wasi')
    expect(stdout).toBe('glovebox on memory mounts\n  pass  c/unmounted\n1 of 1 pass\n\nnode-wasi\n  FAIL  c/unmounted: exit code 8, expected 1\n0 of 1 pass\n\n')
    expect(status).toBe(0)
  })

  it.each([[[], 'Usage: npm run conformance'], [['/nowhere'], 'No directory /nowhere'], [['.', '--mounts=disk'], '--mounts is "disk"'], [['.', '--baseline=other'], '--baseline is "other"'], [['docs'], 'No programs']])('refuses %j', (args, words) => {
    const { status, stdout, stderr } = conformance(...args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(words)
  })
})
