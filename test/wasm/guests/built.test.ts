import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ALLOCATOR, BUILT, GUESTS, compileC, digestOf, isPinnedClang, missingForC } from '../../../scripts/guests/recipes.ts'
import { wat } from '../../component/components.js'

const readme = readFileSync(join(GUESTS, 'README.md'), 'utf8')
const missing = missingForC() ?? (isPinnedClang() ? undefined : 'clang is another version than the one that built what is committed')
if (missing !== undefined) console.log(`skipped: building guests from C anew; ${missing}`)

describe('guests that are committed', () => {
  it('are those that are listed', () => {
    expect(readdirSync(GUESTS).filter((name) => name.endsWith('.wasm')).sort()).toEqual(BUILT.map(({ file }) => file).sort())
  })

  it.each(BUILT)('$file has the digest that README.md says', ({ file, source }) => {
    expect(readme).toContain(`| \`${file}\` | \`${source}\` | \`${digestOf(readFileSync(join(GUESTS, file)))}\` |`)
  })

  it.each(BUILT.filter(({ source }) => source.endsWith('.wat')))('$file is what its text says', async ({ file, source }) => {
    expect(digestOf(await wat(readFileSync(join(GUESTS, source), 'utf8')))).toBe(digestOf(readFileSync(join(GUESTS, file))))
  })

  it.skipIf(missing !== undefined).each(BUILT.filter(({ source }) => source.endsWith('.c')))('$file is what clang makes of its source', ({ file, source }) => {
    expect(digestOf(compileC([source, ALLOCATOR]))).toBe(digestOf(readFileSync(join(GUESTS, file))))
  })
})
