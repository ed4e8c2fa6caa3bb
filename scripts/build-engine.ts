import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { meter } from '../wasm/meter/index.js'

// Meters the QuickJS module that ships with glovebox, ready to be imported as a file where nothing may be compiled at
// run time: node scripts/run.mjs scripts/build-engine.ts [OUT]
const source = createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm')
const target = resolve(process.argv[2] ?? 'dist/quickjs.wasm')
const { bytes, report } = meter(await readFile(source), { memory: 'host', state: 'exported', imports: 'host', code: 'known' })
await mkdir(dirname(target), { recursive: true })
await writeFile(target, bytes)
console.log(
  `${target}: ${report.sizeBefore} -> ${report.sizeAfter} bytes, ${report.functions} functions of which ` +
    `${report.chargedFunctions} take fuel on entry, ${report.loops} loops`,
)
