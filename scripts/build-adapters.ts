import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

// Copies the WASI adapters, when they are what their README says: node scripts/build-adapters.ts OUT
const [out] = process.argv.slice(2)
if (out === undefined) throw new Error('Usage: node scripts/build-adapters.ts OUT')
const folder = resolve(import.meta.dirname, '../wasm/adapters')
const readme = readFileSync(join(folder, 'README.md'), 'utf8')
mkdirSync(out, { recursive: true })
for (const name of readdirSync(folder).filter((each) => each.endsWith('.wasm'))) {
  const bytes = readFileSync(join(folder, name))
  const digest = createHash('sha256').update(bytes).digest('hex')
  if (!readme.includes(`| \`${name}\` | \`${digest}\` |`)) throw new Error(`wasm/adapters/${name} has the SHA-256 ${digest}, which its README does not say`)
  writeFileSync(join(out, name), bytes)
}
