import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KERNELS } from '../../../bench/meter/kernels.js'
import { createMachine } from '../../../bench/meter/machine.js'
import { meter, type MeterOptions } from '../../../wasm/meter/index.js'
import { outcome } from './guest.js'
import { otherNodes } from '../../support/other-nodes.js'

const { resolve } = createRequire(import.meta.url)
const run = promisify(execFile)
const compile = (bytes: Uint8Array): WebAssembly.Module => new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)
const VARIANTS: readonly MeterOptions[] = [{ code: 'known', imports: 'host' }, { code: 'hostile', imports: 'guests' }]

let source: Uint8Array
let plain: WebAssembly.Module
let known: WebAssembly.Module
beforeAll(async () => {
  source = await readFile(resolve('quickjs-wasi/quickjs.wasm'))
  plain = compile(source)
  known = compile(meter(source, VARIANTS[0]).bytes)
})

describe('QuickJS, metered', () => {
  it.each(VARIANTS)('computes what it computes plain, over every kernel: %o', (options) => {
    const metered = createMachine(compile(meter(source, options).bytes))
    const reference = createMachine(plain)
    for (const { name, source: kernel } of KERNELS) {
      if (name !== 'native search') expect(metered.evaluate(kernel), name).toBe(reference.evaluate(kernel))
    }
    expect(metered.fuelUsed()).toBeGreaterThan(1_000_000)
  })

  it('stays within reason: a tenth larger, a few charged functions, well under a second to rewrite', () => {
    const started = performance.now()
    const { report } = meter(source, VARIANTS[0])
    expect(performance.now() - started).toBeLessThan(1000)
    expect(report.sizeAfter / report.sizeBefore).toBeLessThan(1.12)
    expect(report.chargedFunctions).toBeLessThan(report.functions / 10)
  })

  it.each(['url', 'encoding', 'headers', 'crypto', 'structured-clone'])('can be joined by its extension %s', async (name) => {
    const bytes = await readFile(resolve(`quickjs-wasi/${name}.so`))
    const { bytes: metered, report } = meter(bytes, { fuel: 'host' })
    const module = compile(metered)
    expect(report.functions).toBeGreaterThan(0)
    expect(WebAssembly.Module.customSections(module, 'dylink.0')).toHaveLength(1)
    expect(WebAssembly.Module.imports(module).slice(-2).map(({ name: field }) => field)).toEqual(['refill', 'fuel'])
  })
})

/** Programs that an interrupt handler never sees, or sees too late. */
const HOSTILE: Record<string, string> = {
  'an endless loop': 'for (;;);',
  'an endless loop in finally': 'for (;;) try { throw 1 } catch {} finally { continue }',
  'reverse over a length of 2^53-1': 'Array.prototype.reverse.call({ length: 2 ** 53 - 1 })',
  'join over a length of 2^32-1': 'Array.prototype.join.call({ length: 2 ** 32 - 1 }, "")',
  'sort over a length of 2^53-1': 'Array.prototype.sort.call({ length: 2 ** 53 - 1 }, () => 1)',
  'indexOf over a length of 2^53-1': 'Array.prototype.indexOf.call({ length: 2 ** 53 - 1 }, 1)',
  'a quadratic search': '"a".repeat(4e5).indexOf("a".repeat(2e5) + "b")',
  'a regular expression that backtracks': '/^(a+)+$/.test("a".repeat(40) + "b")',
  'a regular expression with a back reference': '/^(a*)*\\1b$/.test("a".repeat(100))',
  'powers of big integers': 'let a = 3n; for (;;) a = (a * a) % (1n << 200000n)',
  'a big integer as text': '(7n ** 400000n).toString()',
  'JSON of a deep getter': 'JSON.stringify({ get a() { for (;;); } })',
  'JSON.parse with a reviver that never ends': 'JSON.parse("[1]", () => { for (;;); })',
  'a proxy that answers itself': 'const p = new Proxy({}, { get: (t, k, r) => { for (;;); } }); p.x',
  'a comparison that never ends': '[3, 2, 1].sort(() => { for (;;); })',
  'recursion by twos': 'const f = (n) => n > 0 ? f(n - 1) + f(n - 1) : 1; f(60)',
  'a generator without end': 'for (const x of (function* () { for (;;) yield 1 })());',
  'fill of a large typed array, again and again': 'const a = new Uint8Array(1e6); for (;;) a.fill(1)',
  'a string doubled and searched': 'let s = "ab"; for (;;) { s = s + s; if (s.length > 1e6) s = s.slice(0, 10); s.includes("zz") }',
  'Array.from of an endless iterable': 'Array.from({ [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) })',
}

describe('fuel stops QuickJS within', () => {
  it.each(Object.entries(HOSTILE))('%s, at exactly the fuel given', (_, program) => {
    const fuel = 30_000_000
    const machine = createMachine(known, { fuel, slice: 1_000_000 })
    const started = performance.now()
    expect(outcome(() => machine.evaluate(program))).toBe('trap: unreachable')
    expect(performance.now() - started).toBeLessThan(4000)
    expect(machine.fuelUsed()).toBe(fuel)
  })
})

describe('fuel', () => {
  const PROGRAM = `
    import { readFileSync } from 'node:fs'
    import { KERNELS } from './bench/meter/kernels.js'
    import { createMachine } from './bench/meter/machine.js'
    import { meter } from './wasm/meter/index.js'
    const source = readFileSync(process.argv[2])
    const used = {}
    for (const options of ${JSON.stringify(VARIANTS)}) {
      const module = new WebAssembly.Module(meter(source, options).bytes)
      for (const { name, source: kernel } of KERNELS) {
        if (/interpreter|native search|collections|objects/.test(name)) continue
        const machine = createMachine(module)
        used[options.code + ' ' + name] = [machine.evaluate(kernel), machine.fuelUsed()]
      }
    }
    console.log(JSON.stringify({ version: process.version, used }))`
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'glovebox-meter-'))
    await build({
      stdin: { contents: PROGRAM, resolveDir: join(import.meta.dirname, '../../..'), loader: 'ts' },
      outfile: join(folder, 'fuel.mjs'), bundle: true, platform: 'node', format: 'esm', logLevel: 'warning',
    })
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is the same to the unit in Node 20, 24 and 26', { timeout: 300_000 }, async (context) => {
    const answers = new Map<string, unknown>()
    const { paths, reason } = await otherNodes()
    if (reason !== undefined) console.log(`fuel is compared on the Nodes at hand only: ${reason}`)
    const places = [process.execPath, ...paths, ...(process.env['PATH'] ?? '').split(delimiter).map((place) => join(place, 'node'))]
    for (const node of new Set(places)) {
      const version = await run(node, ['--version']).then(({ stdout }) => stdout.trim(), () => undefined)
      if (version === undefined || answers.has(version)) continue
      const { stdout } = await run(node, [join(folder, 'fuel.mjs'), resolve('quickjs-wasi/quickjs.wasm')])
      const answer = JSON.parse(stdout) as { version: string; used: unknown }
      answers.set(answer.version, answer.used)
    }
    const [first, ...others] = answers.values()
    if (reason === undefined) expect([...answers.keys()].map((version) => version.split('.')[0])).toEqual(expect.arrayContaining(['v20', 'v24', 'v26']))
    expect(Object.keys(first as object)).toHaveLength(2 * (KERNELS.length - 4))
    for (const other of others) expect(other).toEqual(first)
    context.annotate(`compared: ${[...answers.keys()].join(', ')}`)
  })
})
