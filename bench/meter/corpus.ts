import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { meter, MeterError, type MeterOptions } from '../../wasm/meter/index.js'

// Meters every core module below a directory and lets the engine validate what comes out:
// node scripts/run.mjs bench/meter/corpus.ts DIR
const [root] = process.argv.slice(2)
if (root === undefined) {
  console.log('Skipped: name a directory with .wasm files, such as the node_modules of a scratch project')
  process.exit(0)
}
const VARIANTS: readonly MeterOptions[] = [
  {},
  { fuel: 'host', memory: 'host', state: 'exported' },
  { code: 'known', imports: 'host', maxMemoryPages: 65_536 },
]
const failures: string[] = []
let rewritten = 0
for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(wasm|so)$/.test(entry.name)) continue
  const path = join(entry.parentPath, entry.name)
  const bytes = new Uint8Array(await readFile(path))
  if (bytes[0] !== 0 || bytes[1] !== 0x61) continue
  const title = relative(root, path)
  if (bytes[4] !== 1 || !WebAssembly.validate(bytes)) {
    console.log(`${title}: no core module that this engine takes`)
    continue
  }
  try {
    const started = performance.now()
    const results = VARIANTS.map((options) => meter(bytes, options))
    const ms = (performance.now() - started) / VARIANTS.length
    const bad = results.flatMap(({ bytes: out }, at) => (WebAssembly.validate(out as Uint8Array<ArrayBuffer>) ? [] : [JSON.stringify(VARIANTS[at])]))
    if (bad.length > 0) failures.push(`${title}: invalid with ${bad.join(', ')}`)
    rewritten += 1
    const { report } = results[0] as (typeof results)[number]
    const growth = ((100 * report.sizeAfter) / report.sizeBefore - 100).toFixed(1)
    console.log(
      `${title}: ${report.sizeBefore} bytes +${growth} %, ${ms.toFixed(0)} ms, ${report.functions} functions, ` +
        `${report.chargedFunctions} entries, ${report.loops} loops, ${report.chargedPlaces} places, ${report.features.join(' ')}`,
    )
  } catch (error) {
    if (!(error instanceof MeterError)) throw error
    if (error.feature === 'malformed' || error.feature === 'unknown-opcode') failures.push(`${title}: ${error.message}`)
    console.log(`${title}: ${error.message}`)
  }
}
console.log(`${rewritten} modules rewritten, ${failures.length} failures`)
for (const failure of failures) console.log(`FAILED ${failure}`)
process.exitCode = failures.length > 0 ? 1 : 0
