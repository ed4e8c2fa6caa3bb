import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { memoryDir, readOnly } from '../../src/index.js'
import { openDir } from '../../src/node.js'
import { useAttacks } from './host.js'

const { run } = useAttacks()

const place = mkdtempSync(join(tmpdir(), 'glovebox-modules-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

describe('import of what lies outside', () => {
  it.each([
    'https://a.example/x.js', 'http://127.0.0.1/x.js', 'file:///etc/passwd', 'file://localhost/etc/hosts', '//a.example/x.js', 'data:text/javascript,export default 1', 'blob:null/1', 'node:none', 'node:module/../fs', 'npm:left', 'jsr:@a/b', '/etc/passwd', '../../../../etc/passwd', './../../proc/self/environ', '/proc/self/mem', '\\\\server\\x',
    'C:\\x.js', '/app/../etc/passwd', '/app/%2e%2e/etc/passwd', '/app//../..//etc/passwd', './\0.js', '/app/\u202e.js', '', ' ', '.', '..', '/', '#x', '#', '@', '@/', '@a', 'a/../../x', 'glovebox', 'given:x', 'x whole', '__proto__', 'constructor', `./${'a'.repeat(5000)}`, `${'../'.repeat(2000)}etc/passwd`,
  ])('%j: refused by import, import() and require, in the same call', async (specifier) => {
    const source = `
      const seen = []
      for (const load of [() => import(input), () => require(input), () => require('module').createRequire('/app/x.js')(input), () => import(input, { with: { type: 'json' } })]) {
        try { const got = await load(); seen.push(['got', typeof got, JSON.stringify(got)]) } catch (error) { seen.push([error.name, typeof error.message]) }
      }
      return seen`
    const result = await run(source, { input: specifier, filename: '/app/main.js', grants: { fs: { '/app': readOnly(memoryDir({ files: { 'x.js': 'module.exports = 1' } })) } } })
    if (result.outcome === 'stopped') expect(result.reason).toBe('poisoned')
    else expect(JSON.stringify(result)).not.toMatch(/"got"|root:|\/work\/|\/home\//)
  })
})

describe('modules of what a sandbox has not', () => {
  it.each(['child_process', 'worker_threads', 'vm', 'v8', 'inspector', 'cluster', 'net', 'tls', 'dgram', 'dns', 'http', 'https', 'http2', 'wasi', 'sqlite', 'repl'])('every function of node:%s that would reach further refuses, called or constructed', async (name) => {
    const source = `
      const seen = new Set()
      const found = await import('node:' + input)
      for (const key of Object.keys(found)) if (key !== 'default' && typeof found[key] === 'function') for (const act of [() => found[key]('return process', {}), () => new found[key]('return process', {})]) {
        try { const got = act(); if (typeof (await got) !== 'boolean') seen.add('got ' + key) } catch (error) { seen.add(error.name) }
      }
      return [...seen].filter((each) => each.startsWith('got') && !/ (?:MessageChannel|BroadcastChannel|getEnvironmentData|cachedDataVersionTag|url|isIP)$/.test(each))`
    const result = await run(source, { input: name })
    expect(result).toMatchObject({ outcome: 'returned' })
    expect((result as { value: string[] }).value).toEqual([])
  })
})

describe('poisoned packages', () => {
  const inApp = (files: Record<string, string>, source: string) =>
    run(source, { filename: '/app/main.js', limits: { fuel: 1_000_000_000, deadlineMs: 3000 }, grants: { fs: { '/app': readOnly(memoryDir({ files })) } } })
  const manifest = (value: unknown): Record<string, string> => ({ 'node_modules/p/package.json': typeof value === 'string' ? value : JSON.stringify(value), 'node_modules/p/index.js': 'module.exports = "index"', 'secret.js': 'module.exports = "secret"' })

  it.each<[string, unknown]>([
    ['exports that climb', { exports: './../../secret.js' }], ['exports that climb by a star', { exports: { './*': './*' } }], ['exports that are absolute', { exports: '/app/secret.js' }],
    ['exports of a URL', { exports: 'https://a.example/x.js' }], ['exports of numbers', { exports: { '.': 1, './a': [1, {}, null] } }], ['exports of itself', { exports: { '.': { default: { default: { default: 'p' } } } } }],
    ['main that climbs', { main: '../../../../../etc/passwd' }], ['main that is no text', { main: { toString: 'x' } }], ['a module that is a list', { module: ['./x.js'] }], ['imports of themselves', { imports: { '#a': '#a', '#b': '#a' } }],
    ['a manifest that is null', 'null'], ['a manifest that is a number', '1'], ['a manifest that is a text', '"exports"'], ['a manifest with __proto__', '{"__proto__":{"exports":"./../../secret.js"},"constructor":{"prototype":{"main":"x"}}}'],
    ['a manifest of depth', `${'{"exports":'.repeat(3000)}1${'}'.repeat(3000)}`], ['a manifest of size', `{"exports":{${Array.from({ length: 20_000 }, (_, i) => `"./k${i}*z":"./x*"`).join()}}}`], ['a manifest with a byte order mark', '\ufeff{}'],
  ])('%s', async (_name, value) => {
    const result = await inApp(manifest(value), 'const seen = []; for (const s of ["p", "p/a", "p/k1az", "p/%2e%2e/%2e%2e/secret", "#a"]) { for (const load of [(x) => import(x), require]) try { const m = await load(s); seen.push(String(m.default ?? m)) } catch (e) { seen.push(e.code ?? e.name) } } return seen')
    expect(['returned', 'stopped']).toContain(result.outcome)
    if (result.outcome === 'stopped') expect(['host-calls', 'fuel', 'memory']).toContain(result.reason)
    if (result.outcome === 'returned') expect(result.value).not.toContain('secret')
    for (const { target, decision } of result.ledger) if (!target.startsWith('/app')) expect(decision).toBe('denied')
  })

  it.each([
    ['a circle of modules', { 'a.mjs': 'import "./b.mjs"; export default 1', 'b.mjs': 'import "./a.mjs"; export default 2' }, 'export { default } from "/app/a.mjs"', 'returned'],
    ['a circle of awaited modules', { 'a.mjs': 'await import("./b.mjs"); export default 1', 'b.mjs': 'await import("./a.mjs"); export default 2' }, 'export { default } from "/app/a.mjs"', 'stopped'],
    ['a module that imports itself', { 'a.mjs': 'import * as self from "./a.mjs"; export default Object.keys(self).length' }, 'export { default } from "/app/a.mjs"', 'threw'],
    ['a module that requires itself for ever', { 'a.js': 'delete require.cache[__filename]; module.exports = require("./a.js")' }, 'module.exports = require("/app/a.js")', 'any'],
    ['exports that are a proxy', { 'a.js': 'module.exports = new Proxy({}, { ownKeys() { throw 1 } })' }, 'import * as a from "/app/a.js"\nexport default 1', 'threw'],
    ['names of exports that are source text', { 'a.js': 'module.exports = { "x } = {}; globalThis.ran = 1; ({ y": 1, ok: 2 }' }, 'import * as a from "/app/a.js"\nexport default [typeof ran, a.ok]', 'returned'],
    ['JSON that is source text', { 'a.json': '{"a":"\\u2028`${1}"}' }, 'import a from "/app/a.json" with { type: "json" }\nexport default a.a.length', 'returned'],
  ])('%s', async (_name, files, source, outcome) => {
    const result = await inApp(files as unknown as Record<string, string>, source)
    if (outcome !== 'any') expect(result.outcome).toBe(outcome)
    else if (result.outcome === 'stopped') expect(['host-calls', 'stack', 'memory', 'fuel']).toContain(result.reason)
  })

  it('prototypes that were polluted before the loader is first used widen nothing', async () => {
    const source = `
      for (const key of ['main', 'module', 'exports', 'imports', 'type', 'name', 'builtin', 'ok', 'default']) Object.prototype[key] = './../../secret.js'
      Array.prototype.includes = () => true; String.prototype.startsWith = () => true; String.prototype.split = () => []; Map.prototype.has = () => false
      const seen = []
      for (const s of ['p', '/etc/passwd', 'node:vm', 'fs']) try { seen.push(typeof (await import(s)).default) } catch (e) { seen.push('refused') }
      try { require('/etc/passwd'); seen.push('got') } catch { seen.push('refused') }
      return seen`
    const result = await inApp(manifest({}), source)
    for (const { target, decision } of result.ledger) if (!target.startsWith('/app')) expect(decision).toBe('denied')
    if (result.outcome === 'returned') expect((result.value as string[])[1]).toBe('refused')
  })

  it('node_modules that are a link to a folder of the host are not followed', async () => {
    const outside = join(place, 'outside')
    const app = join(place, 'app')
    await mkdir(join(outside, 'p'), { recursive: true })
    await mkdir(app)
    writeFileSync(join(outside, 'p', 'index.js'), 'module.exports = "stolen"')
    symlinkSync(outside, join(app, 'node_modules'))
    symlinkSync(join(outside, 'p', 'index.js'), join(app, 'linked.js'))
    await using dir = await openDir(app)
    const source = 'const seen = []; for (const s of ["p", "/app/linked.js", "/app/node_modules/p/index.js"]) for (const load of [(x) => import(x), require]) try { const m = await load(s); seen.push(String(m.default ?? m)) } catch (e) { seen.push("refused") } return seen'
    const result = await run(source, { filename: '/app/main.js', grants: { fs: { '/app': readOnly(dir) } } })
    expect(result).toMatchObject({ outcome: 'returned', value: Array(6).fill('refused') })
  })
})
