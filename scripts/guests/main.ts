import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools'
import { ALLOCATOR, BUILT, GUESTS, compileC, digestOf, missingForC } from './recipes.ts'

// Builds the committed guests anew and writes their digests into their README: node scripts/guests/main.ts
const missing = missingForC()
if (missing !== undefined) throw new Error(`Cannot build the guests: ${missing}`)
const readme = join(GUESTS, 'README.md')
let text = readFileSync(readme, 'utf8')
for (const { file, source } of BUILT) {
  const bytes = source.endsWith('.wat') ? await parse(readFileSync(join(GUESTS, source), 'utf8')) : compileC([source, ALLOCATOR])
  writeFileSync(join(GUESTS, file), bytes)
  const row = `| \`${file}\` | \`${source}\` | \`${digestOf(bytes)}\` |`
  const old = text.split('\n').find((line) => line.startsWith(`| \`${file}\` |`))
  if (old === undefined) throw new Error(`${readme} has no row for ${file}`)
  text = text.replace(old, row)
  console.log(`${file}: ${bytes.length} bytes`)
}
writeFileSync(readme, text)
