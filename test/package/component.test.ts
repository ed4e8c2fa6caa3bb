import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { wat } from '../component/pipeline/support.js'
import { chromium, runPage } from '../support/chromium.js'
import { type Project, copyPackage, installPacked } from '../support/packed.js'

const node = promisify(execFile)

const TEXT = '(component (core module $m (func (export "x") (param i32) (result i32) (i32.add (local.get 0) (i32.const 2)))) (core instance $m (instantiate $m)) (func (export "add-two") (param "n" u32) (result u32) (canon lift (core func $m "x"))))'
const COMMAND = '(module (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32))) (memory (export "memory") 1) (func (export "_start")))'

/** Loads and calls a component, a command of preview 1 and bytes that are neither. */
const program = async (): Promise<string> => `
import { createSandbox } from 'glovebox'
import { component } from 'glovebox/component'
export const said = {}
const engine = component()
const sandbox = await createSandbox({ engines: [engine] })
const attempt = async (act) => { try { return await act() } catch (error) { return error.code ?? String(error.stack) } }
said.value = await attempt(async () => {
  const tool = await sandbox.load(Uint8Array.from(${JSON.stringify([...(await wat(TEXT))])}))
  return (await tool.call('add-two', [40])).value
})
said.command = await attempt(async () => (await sandbox.load(Uint8Array.from(${JSON.stringify([...(await wat(COMMAND))])}))).imports.some((name) => name.startsWith('wasi:cli')))
said.bad = await attempt(() => sandbox.load(Uint8Array.of(0, 97, 115, 109, 13, 0, 1, 0, 99, 0)))
await sandbox[Symbol.asyncDispose]()
`

let project: Project
let bare: Project
beforeAll(async () => {
  project = await installPacked()
  bare = await installPacked()
  for (const name of ['jco-transpile', 'preview2-shim', 'preview3-shim']) copyPackage(project, `@bytecodealliance/${name}`)
}, 120_000)
afterAll(() => {
  project[Symbol.dispose]()
  bare[Symbol.dispose]()
})

const run = async ({ folder }: Project): Promise<unknown> => {
  writeFileSync(join(folder, 'program.mjs'), `${await program()}\nconsole.log(JSON.stringify(said))`)
  return JSON.parse((await node(process.execPath, [join(folder, 'program.mjs')], { cwd: folder, timeout: 60_000 })).stdout)
}

it('glovebox/component loads components and commands in Node, and ends', { timeout: 90_000 }, async () => {
  expect(await run(project)).toEqual({ value: 42, command: true, bad: 'invalid-component' })
})

it('glovebox/component without the transpiler says that it is missing', { timeout: 90_000 }, async () => {
  // Bytes that are no component are refused before the transpiler is asked for.
  expect(await run(bare)).toEqual({ value: 'missing-dependency', command: 'missing-dependency', bad: 'invalid-component' })
})

it('glovebox/component is taken along by a bundler, and loads components in a page that may evaluate', { timeout: 120_000 }, async ({ skip }) => {
  if (chromium === undefined) return skip('chromium is not installed; .ci/run installs it with apt-get install chromium')
  const app = join(project.folder, 'app')
  mkdirSync(app)
  writeFileSync(join(app, 'program.js'), await program())
  writeFileSync(join(app, 'main.js'), "const { said } = await import('./program.js').catch((error) => ({ said: { failure: String(error.stack) } }))\nawait fetch('/done', { method: 'POST', body: JSON.stringify(said) })")
  writeFileSync(join(app, 'index.html'), '<!doctype html><title>app</title><script type="module" src="./main.js"></script>')
  await build({ root: app, base: '/files/', logLevel: 'error', configFile: false, worker: { format: 'es' }, build: { target: 'es2023', modulePreload: false, outDir: 'built', assetsInlineLimit: 0 } })
  const page = async (script: string): Promise<unknown> =>
    JSON.parse(await runPage({ folder: join(app, 'built'), html: readFileSync(join(app, 'built/index.html'), 'utf8'), scripts: {}, policy: `default-src 'self'; script-src 'self' ${script}; connect-src 'self'`, timeoutMs: 60_000 }))
  expect(await page("'wasm-unsafe-eval' 'unsafe-eval'")).toEqual({ value: 42, command: true, bad: 'invalid-component' })
  expect(await page("'wasm-unsafe-eval'")).toEqual({ value: 'unsupported-platform', command: 'unsupported-platform', bad: 'invalid-component' })
})
