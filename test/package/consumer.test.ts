import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Project, copyPackage, findOwn, firstExample, installPacked } from '../support/packed.js'
import { ROOT } from '../support/source-files.js'

const run = promisify(execFile)
const { javascript, typescript, output } = firstExample()

/** Runs what has to be equal everywhere, and prints it. */
const EVERYWHERE = `
import { createSandbox, memoryDir } from 'glovebox'
import { grantsFromPolicy, openDir } from 'glovebox/node'
import { quickjs } from 'glovebox/quickjs'
import schema from 'glovebox/policy.schema.json' with { type: 'json' }

const sandbox = await createSandbox({ engines: [quickjs()] })
const sort = await sandbox.run('const all = []; for (let i = 0; i < 2000; i++) all.push(Math.random()); return all.sort().join().length + JSON.stringify(all).length')
const loop = await sandbox.run('for (;;);', { limits: { fuel: 3_000_000 } })
const native = await sandbox.run('Array.prototype.reverse.call({ length: 2 ** 53 - 1 })', { limits: { fuel: 3_000_000 } })
const denied = await sandbox.run("import { readFileSync } from 'node:fs'; export default readFileSync('/etc/passwd', 'utf8')")
const typed = await sandbox.run('enum E { A = 40 }; const add = (a: number, b: number): number => a + b; return add(E.A, 2)', { language: 'ts' })
const here = await openDir('.')
const read = await sandbox.run("import { readFileSync } from 'node:fs'; export default JSON.parse(readFileSync('/d/package.json', 'utf8')).name", { grants: { fs: { '/d': here, '/out': memoryDir() } } })
here[Symbol.dispose]()
const policy = await grantsFromPolicy({ clock: { fixed: '2026-10-01T12:00:00Z' } }, { baseDir: '.', env: {} })
const fixed = await sandbox.run('return new Date().toISOString()', { grants: policy.grants })
policy.dispose()
await sandbox[Symbol.asyncDispose]()
console.log(JSON.stringify({
  sort: [sort.value, sort.usage.fuel], loop: [loop.reason, loop.usage.fuel], native: [native.reason, native.usage.fuel],
  denied: denied.error.name, typed: typed.value, read: read.value, fixed: fixed.value, schema: typeof schema.$schema,
}))
`

/** `http()` with undici and without. */
const HTTP = `
import { createServer } from 'node:http'
import { createSandbox } from 'glovebox'
import { http } from 'glovebox/node'

const server = createServer((request, response) => response.end('hello ' + request.headers['x-who']))
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const origin = 'http://127.0.0.1:' + server.address().port
try {
  const net = http([{ url: origin + '/hello', headers: { 'x-who': 'ana' }, allowPrivateAddresses: ['127.0.0.1'] }])
  const sandbox = await createSandbox()
  const result = await sandbox.run('return (await fetch(input)).text()', { input: origin + '/hello', grants: { net } })
  console.log(result.value)
  await sandbox[Symbol.asyncDispose]()
} catch (error) {
  console.log(error.code)
} finally {
  server.close()
  server.closeAllConnections()
}
`

interface Runtime {
  readonly name: string
  readonly path: string | undefined
}

const runtimes: readonly Runtime[] = [
  { name: 'the Node it is developed with', path: process.execPath },
  { name: "the machine's own Node", path: findOwn('node') },
]

let project: Project
beforeAll(async () => {
  project = await installPacked()
  writeFileSync(join(project.folder, 'example.mjs'), javascript)
  writeFileSync(join(project.folder, 'everywhere.mjs'), EVERYWHERE)
  writeFileSync(join(project.folder, 'http.mjs'), HTTP)
}, 120_000)
afterAll(() => project?.[Symbol.dispose]())

const results: string[] = []

describe.each(runtimes)('the installed package on $name', ({ name, path }) => {
  let version = ''
  beforeAll(async () => {
    if (path === undefined) return
    version = (await run(path, ['--version'], { timeout: 10_000 })).stdout.trim()
    console.log(`${name}: ${version}`)
  })

  /** Why tests are skipped on this runtime, or nothing. */
  const lack = (): string | undefined => {
    if (path === undefined) return `there is no ${name}`
    const [major, minor] = version.slice(1).split('.').map(Number)
    return major! > 20 || (major === 20 && minor! >= 19) ? undefined : `${name} is ${version}; glovebox runs on Node 20.19 and later`
  }

  it("runs the README's first example", { timeout: 30_000 }, async ({ skip }) => {
    skipFor(lack(), skip)
    const { stdout, stderr } = await run(path!, ['example.mjs'], { cwd: project.folder, timeout: 25_000 })
    expect(stdout).toBe(output)
    expect(stderr).toBe('')
  })

  it('gives what every other runtime gives, fuel included', { timeout: 30_000 }, async ({ skip }) => {
    skipFor(lack(), skip)
    const { stdout } = await run(path!, ['everywhere.mjs'], { cwd: project.folder, timeout: 25_000 })
    expect(JSON.parse(stdout)).toMatchObject({
      loop: ['fuel', 3_000_000], native: ['fuel', 3_000_000], denied: 'PermissionDenied', typed: 42, read: 'consumer', fixed: '2026-10-01T12:00:00.000Z', schema: 'string',
    })
    results.push(stdout)
    expect(new Set(results).size).toBe(1)
  })

  it('says what http() lacks without undici, and has it with undici 7', { timeout: 60_000 }, async ({ skip }) => {
    skipFor(lack(), skip)
    const without = await installPacked()
    try {
      writeFileSync(join(without.folder, 'http.mjs'), HTTP)
      expect((await run(path!, ['http.mjs'], { cwd: without.folder, timeout: 25_000 })).stdout).toBe('missing-dependency\n')
      copyPackage(without, 'undici')
      expect((await run(path!, ['http.mjs'], { cwd: without.folder, timeout: 25_000 })).stdout).toBe('hello ana\n')
    } finally {
      without[Symbol.dispose]()
    }
  })

  it('has a command', { timeout: 30_000 }, async ({ skip }) => {
    skipFor(lack(), skip)
    writeFileSync(join(project.folder, 'program.ts'), 'export default (name: string) => `hello ${name}`\n')
    const { stdout } = await run(path!, ['node_modules/.bin/glovebox', 'run', 'program.ts', '--input="ana"'], { cwd: project.folder, timeout: 25_000 })
    expect(stdout).toBe("hello ana\n")
  })
})

describe('the declarations of the installed package', () => {
  it.each([
    ['nodenext', ['ES2023', 'ESNext.Disposable', 'DOM']],
    ['bundler', ['ES2023', 'ESNext.Disposable', 'DOM']],
  ])('are complete for a consumer that resolves like %s and checks libraries', { timeout: 60_000 }, async (resolution, lib) => {
    writeFileSync(join(project.folder, 'example.ts'), typescript)
    writeFileSync(join(project.folder, 'entries.ts'), [
      "import { type RunResult, createSandbox, httpOver, quickjs } from 'glovebox'",
      "import { grantsFromPolicy, http, openDir, systemRandom } from 'glovebox/node'",
      "import { quickjs as same } from 'glovebox/quickjs'",
      "import { systemClock } from 'glovebox/web'",
      'export const engines = [quickjs(), same()]',
      'export const grants = { clock: systemClock(), random: systemRandom(), net: http([]) }',
      'export const show = (result: RunResult<number>): string => (result.outcome === \'returned\' ? result.value.toFixed() : result.outcome === \'threw\' ? result.error.message : result.reason)',
      'export const more = [createSandbox, httpOver, grantsFromPolicy, openDir]',
      '// @ts-expect-error a misspelt grant',
      'export const wrong = (await createSandbox()).run(\'\', { grants: { clocks: systemClock() } })',
    ].join('\n'))
    writeFileSync(join(project.folder, 'tsconfig.json'), JSON.stringify({
      compilerOptions: { target: 'ES2023', module: resolution === 'bundler' ? 'ESNext' : 'NodeNext', moduleResolution: resolution, lib, types: [], strict: true, exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false },
      files: ['example.ts', 'entries.ts'],
    }))
    const { stdout } = await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project.folder], { timeout: 50_000 }).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  })

  it('name neither a source file nor the conditional import', () => {
    const types = readFileSync(join(project.folder, 'node_modules/glovebox/dist/types/src/index.d.ts'), 'utf8')
    expect(types).not.toMatch(/['"]#platform['"]|\.ts['"]/)
  })
})

function skipFor(reason: string | undefined, skip: (note?: string) => void): void {
  if (reason === undefined) return
  console.log(`skipped: ${reason}`)
  skip(reason)
}
