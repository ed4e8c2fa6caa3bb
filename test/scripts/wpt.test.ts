import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../support/source-files.js'

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'glovebox-wpt-'))
  for (const [name, text] of Object.entries(TESTS)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const TESTS: Readonly<Record<string, string>> = {
  'resources/data.json': '{"answer":42}',
  'common/shared.js': 'const twice = (n) => n * 2\nvar kept = this === globalThis',
  'one/sums.any.js': `// META: title=Sums
// META: script=/common/shared.js
// META: script=near.js
test(() => assert_equals(twice(near), 42), 'scripts are evaluated before the test')
test(() => assert_true(kept), 'scripts see the global object')
test(() => assert_equals('1', 1), 'types differ')
test(() => assert_array_equals([1, NaN], [1, NaN]))
test(() => assert_throws_js(TypeError, () => { throw new RangeError('no') }), 'the wrong class')
test(() => assert_throws_dom('AbortError', () => { throw new DOMException('stop', 'AbortError') }), 'a DOMException')
test(() => assert_implements_optional(false, 'no such thing'), 'optional')`,
  'one/near.js': 'const near = 21',
  'one/waits.any.js': `promise_test(async () => {
  assert_equals((await (await fetch('/resources/data.json')).json()).answer, 42)
}, 'files are served')
promise_test((t) => fetch('/resources/echo.py'), 'a server is needed')
promise_test((t) => promise_rejects_js(t, TypeError, Promise.reject(new TypeError('no'))), 'a rejection')
promise_test(async (t) => { t.add_cleanup(() => { order.push('cleaned') }); order.push('ran') }, 'first')
promise_test(async () => { assert_array_equals(order, ['ran', 'cleaned']) }, 'one after another')
const order = []
async_test((t) => setTimeout(t.step_func_done(() => assert_true(true)), 1), 'a step later')
async_test((t) => t.done(), 'done')`,
  'one/ways.any.js': `// META: variant=?a
// META: variant=?b
test(() => assert_equals(location.search, '?a'), 'the variant')`,
  'one/page.window.js': `test(() => document.body, 'needs a document')`,
  'one/broken.any.js': `test(() => {}, 'before')\nthrow new Error('at the top')`,
  'one/lost.any.js': `// META: script=missing.js\ntest(() => {}, 'never')`,
  'two/spins.any.js': `async_test(() => {}, 'never ends')`,
}

interface Report {
  readonly folders: readonly object[]
  readonly results: readonly { readonly path: string; readonly variant: string; readonly broken?: string; readonly subtests: readonly { name: string; status: string }[] }[]
}

const run = (...args: string[]) => spawnSync(process.execPath, ['scripts/run.mjs', 'scripts/wpt.ts', ...args], { cwd: ROOT, encoding: 'utf8', timeout: 60_000 })

describe('npm run wpt', () => {
  it('tells what each subtest came to, by file and variant', () => {
    const { stdout, status } = run(join(folder, 'one'), '--json')
    const { results } = JSON.parse(stdout) as Report
    const table = Object.fromEntries(results.map(({ path, variant, subtests }) => [`${path}${variant}`, Object.fromEntries(subtests.map((one) => [one.name, one.status]))]))
    expect(table).toEqual({
      'one/broken.any.js': { before: 'PASS' },
      'one/lost.any.js': {},
      'one/sums.any.js': {
        'scripts are evaluated before the test': 'PASS', 'scripts see the global object': 'PASS', 'types differ': 'FAIL', Untitled: 'PASS',
        'the wrong class': 'FAIL', 'a DOMException': 'PASS', optional: 'PRECONDITION_FAILED',
      },
      'one/waits.any.js': {
        'files are served': 'PASS', 'a server is needed': 'SERVER', 'a rejection': 'PASS', first: 'PASS', 'one after another': 'PASS',
        'a step later': 'PASS', done: 'PASS',
      },
      'one/ways.any.js?a': { 'the variant': 'PASS' },
      'one/ways.any.js?b': { 'the variant': 'FAIL' },
    })
    expect(results.filter(({ broken }) => broken !== undefined).map(({ path }) => path)).toEqual(['one/broken.any.js', 'one/lost.any.js'])
    expect(status).toBe(1)
  })

  it('keeps to the tests that the filter names, and prints figures of each folder', () => {
    const { stdout, status } = run(folder, '--filter', 'ways.any.js?a')
    expect(stdout).toContain('all ')
    expect(stdout).toMatch(/^one +100\.0 %  1 passed, 0 failed in 1 files$/m)
    expect(status).toBe(0)
  })

  it('calls a subtest that does not end a failure of its own', () => {
    const { stdout } = run(join(folder, 'two'))
    expect(stdout).toContain('TIMEOUT never ends')
    expect(stdout).toContain('BROKEN')
  })

  it.each([[[], 'No folder of tests'], [['--fast', '.'], 'Unknown option "--fast"']])('refuses %j', (args, message) => {
    const { stderr, status } = run(...args)
    expect(stderr).toContain(message)
    expect(status).toBe(2)
  })
})
