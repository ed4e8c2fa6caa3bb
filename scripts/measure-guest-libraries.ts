import { readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { createSandbox as CreateSandbox } from '../src/index.js'
import { LIBRARIES, PRELUDE } from '../src/quickjs/guest/bundle/libraries.js'
import { bootLink, compileScript, createImage, instantiateImage } from '../src/quickjs/image.js'
import { meter } from '../wasm/meter/index.js'

// Prints what each guest library of dist/ costs, and writes the table into docs/guest.md:
// node scripts/run.mjs scripts/measure-guest-libraries.ts
const DOCUMENT = 'docs/guest.md'
const [BEGIN, END] = ['<!-- costs -->', '<!-- /costs -->']
const ROUNDS = 9

/** What a program does with a library, many times over. */
const USES: Readonly<Record<string, readonly [what: string, code: string, times: number]>> = {
  'console': ['`console.log` of a number and a text', 'console.log(i, "x")', 200],
  'encoding': ['encode and decode 100 characters', 'd.decode(e.encode(t))', 500],
  'inspect': ['`util.inspect` of a small object', "u.inspect({ a: i, b: ['x'] })", 200],
  'node-assert': ['`deepStrictEqual` of small objects', 'a.deepStrictEqual({ x: [i] }, { x: [i] })', 200],
  'node-buffer': ['100 characters to hexadecimal and back', "Buffer.from(Buffer.from(t).toString('hex'), 'hex')", 500],
  'node-crypto': ['SHA-256 of 100 characters', "c.createHash('sha256').update(t).digest('hex')", 200],
  'node-events': ['`emit` to one listener', "o.emit('x', i)", 1000],
  'node-querystring': ['parse two fields', "q.parse('a=1&b=x%20y')", 300],
  'node-stream': ['write to a `Transform` and read', "s.write(t); s.read()", 200],
  'node-url': ['`url.parse`', "l.parse('https://a.example/x?y=1#z')", 200],
  'node-util': ['`util.format`', "u.format('%s %d', 'a', i)", 300],
  'node-zlib': ['gzip and gunzip 100 characters', 'z.gunzipSync(z.gzipSync(t))', 20],
  'path': ['`path.join`', "p.join('/a', '../b', 'c')", 500],
  'process': ['`process.env.X`', 'process.env.X', 1000],
  'url': ['`new URL`', "new URL('https://a.example/x?y=1')", 300],
  'clone': ['`structuredClone` of a small object', 'structuredClone({ a: i })', 300],
  'crypto': ['`crypto.randomUUID`', 'crypto.randomUUID()', 100],
}
const SETUP = `const t = 'x'.repeat(100), u = require('util'), a = require('assert'), c = require('crypto'), q = require('querystring'), l = require('url'), z = require('zlib'), p = require('path')
const d = new TextDecoder(), e = new TextEncoder(), o = new (require('events'))().on('x', () => {}), { Transform } = require('stream'), s = new Transform({ transform(b, _, done) { done(null, b) } })`

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1]!
const { bytes } = meter(await readFile(createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm')), { memory: 'host', state: 'exported', imports: 'host', code: 'known' })
const module = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>)
const image = createImage(module, PRELUDE)
const sizeOf = (name: string): number => compileScript(instantiateImage(module, image, { maxPages: 1024, link: bootLink, turnModules: undefined }), LIBRARIES[name]!, `glovebox:${name}`).length

const { createSandbox } = (await import(pathToFileURL(resolve('dist/index.js')).href)) as { readonly createSandbox: typeof CreateSandbox }
await using sandbox = await createSandbox()
const limits = { fuel: 20_000_000_000, deadlineMs: 30_000, hostCalls: 100_000, outputBytes: 1 << 20 }
const time = async (source: string): Promise<{ readonly ms: number; readonly fuel: number; readonly memory: number }> => {
  const began = performance.now()
  const result = await sandbox.run(source, { limits })
  const ms = performance.now() - began
  if (result.outcome !== 'returned') throw new Error(`${source}: ${JSON.stringify(result)}`)
  return { ms, fuel: result.usage.fuel, memory: result.usage.memoryPeakBytes }
}
/** Medians of both, taken in turn: what a noisy machine adds, it adds to both. */
const compare = async (source: string, baseline: string) => {
  const pairs: { readonly a: Awaited<ReturnType<typeof time>>; readonly b: Awaited<ReturnType<typeof time>> }[] = []
  for (let round = 0; round < ROUNDS; round++) pairs.push({ a: await time(source), b: await time(baseline) })
  const pick = (field: 'ms' | 'fuel' | 'memory'): number => median(pairs.map(({ a }) => a[field])) - median(pairs.map(({ b }) => b[field]))
  return { ms: pick('ms'), fuel: pick('fuel'), memory: pick('memory') }
}
const micro = (ms: number): string => (ms <= 0.0005 ? '< 1 µs' : ms < 1 ? `${Math.round(ms * 1000)} µs` : `${ms.toFixed(1)} ms`)

const rows: string[] = []
for (const name of Object.keys(LIBRARIES).sort()) {
  const touch = await compare(`globalThis[Symbol.for('glovebox.library')](${JSON.stringify(name)}); return 1`, 'return 1')
  const use = USES[name]
  let used = ''
  if (use !== undefined) {
    const [what, code, times] = use
    const loop = (count: number): string => `${SETUP}\nfor (let i = 0; i < ${count}; i++) { ${code} }\nreturn 1`
    const cost = await compare(loop(times), loop(1))
    used = `${micro(cost.ms / (times - 1))} for ${what}`
  }
  rows.push(`| \`${name}\` | ${(sizeOf(name) / 1024).toFixed(1)} | ${micro(touch.ms)} | ${touch.fuel} | ${Math.round(touch.memory / 1024)} | ${used} |`)
}
const plain = await compare('return 1', 'return 1')
const table = `${BEGIN}
| Library | Bytecode, KiB | First touch | Fuel of it | Memory of it, KiB | One use |
|---|---|---|---|---|---|
${rows.join('\n')}
${END}`
console.log(table)
console.log(`twice the same: ${micro(Math.abs(plain.ms))}, ${plain.fuel} fuel`)
const document = await readFile(DOCUMENT, 'utf8')
await writeFile(DOCUMENT, document.replace(new RegExp(`${BEGIN}[\\s\\S]*${END}`), () => table))
