import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools'
import { describe, expect, it } from 'vitest'
import { GUESTS, IO, findGuest, readCore, readGuest } from '../../../bench/guests/index.js'
import { BENCH } from '../../../bench/packages.js'
import { ALLOCATOR, compileC, isPinnedClang, missingForC } from '../../../scripts/guests/recipes.js'

describe('guests of the bench', () => {
  it('are what their sources make', async () => {
    const made = await parse(readFileSync(join(BENCH, 'guests/add.wat'), 'utf8'))
    expect(Buffer.from(made).equals(readGuest(findGuest('add').file))).toBe(true)
  })

  const missing = missingForC() ?? (isPinnedClang() ? undefined : 'the compiler is another version than the one that made them')
  if (missing !== undefined) console.log(`bench/guests: the C guest is not compiled anew: ${missing}`)

  it.skipIf(missing !== undefined)('are what the compiler makes of them', () => {
    expect(Buffer.from(compileC([join(BENCH, 'guests/io.c'), ALLOCATOR])).equals(readGuest(IO))).toBe(true)
  })

  it.each(Object.entries(GUESTS))('%s has a core module that exports its function and imports nothing', (name, guest) => {
    const core = new WebAssembly.Module(readCore(guest))
    expect(WebAssembly.Module.imports(core)).toEqual([])
    expect(WebAssembly.Module.exports(core).map((each) => each.name)).toContain(name)
  })

  it('findGuest() refuses a name that no guest has', () => {
    expect(() => findGuest('none')).toThrow('There is no guest none')
  })
})
