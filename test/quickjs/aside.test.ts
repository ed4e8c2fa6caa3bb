import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { platform } from '../../src/platform/node.js'
import { type Aside, Shelf } from '../../src/quickjs/aside.js'
import { PRELUDE } from '../../src/quickjs/guest/bundle/libraries.js'
import { type Image, createImage, instantiateImage, isPristine } from '../../src/quickjs/image.js'
import { type Instance, type Link, PAGE_BYTES } from '../../src/quickjs/instance.js'
import { IsolateMemory } from '../../src/quickjs/memory.js'

const link: Link = {
  hostCall: () => 0, promiseRejection: () => {}, resolveModule: () => 0, loadModule: () => 0, now: () => 0, utcOffsetSeconds: () => 0,
  random: (length) => new Uint8Array(length), write: () => {}, refill: () => 1_000_000_000, turn: () => 1_000_000_000,
}
const MAX_PAGES = 1024

let module: WebAssembly.Module
let image: Image
beforeAll(async () => {
  module = await WebAssembly.compile(await readFile(new URL('../../dist/quickjs.wasm', import.meta.url)))
  image = createImage(module, PRELUDE)
})

const instantiated = (): Instance => instantiateImage(module, image, { maxPages: MAX_PAGES, link, turnModules: undefined })
const bytesOf = ({ memory }: Instance): Uint8Array => new Uint8Array(memory.buffer)
const globalsOf = ({ exports }: Instance): unknown[] =>
  Object.entries(exports).flatMap(([name, value]) => ((value as unknown) instanceof WebAssembly.Global ? [[name, (value as unknown as WebAssembly.Global).value]] : []))

function evaluate(instance: Instance, source: string): string {
  const memory = new IsolateMemory(instance.exports)
  const code = memory.writeText(source)
  const name = memory.writeText('x.js')
  const value = instance.exports.qjs_eval(code.pointer, code.length, name.pointer, 0)
  return instance.exports.qjs_is_exception(value) === 1 ? 'threw' : (memory.readString(value, 1000) ?? '')
}

const comparisons = [['words', undefined], ['the platform', platform.compareBytes]] as const

describe.each(comparisons)('Shelf, comparing by %s', (_name, compare) => {
  const shelved = (): Shelf => new Shelf(image, instantiated().memory, compare)

  const programs: [name: string, source: string][] = [
    ['a value', '1 + 1'],
    ['an error', 'throw new Error("x")'],
    ['globals and prototypes', 'Array.prototype.x = 1; globalThis.y = { z: [1, 2, 3] }; Object.freeze(Object.prototype)'],
    ['a tenth of a megabyte', 'globalThis.a = new Uint8Array(100_000).fill(7)'],
    ['memory that has grown', 'globalThis.a = new Uint8Array(1_000_000).fill(7); globalThis.b = new Uint8Array(500_000)'],
    ['pending promises', 'for (let i = 0; i < 100; i++) Promise.resolve(i).then((x) => { globalThis["p" + x] = x })'],
    ['garbage', 'let a = []; for (let i = 0; i < 5000; i++) a = [a.length, { i }]; globalThis.a = a'],
  ]

  it.each(programs)('brings a guest back with %s, byte for byte', (_program, source) => {
    const shelf = shelved()
    const home = instantiated()
    evaluate(home, source)
    const bytes = bytesOf(home).slice()
    const globals = globalsOf(home)
    const aside = shelf.take(home)!
    const other = instantiated()
    shelf.layInto(other, aside)
    expect(Buffer.compare(bytesOf(other), bytes)).toBe(0)
    expect(globalsOf(other)).toEqual(globals)
    expect(evaluate(other, 'JSON.stringify([globalThis.y, globalThis.p99, typeof a, globalThis.a?.length, [].x])')).toBe(
      evaluate(home, 'JSON.stringify([globalThis.y, globalThis.p99, typeof a, globalThis.a?.length, [].x])'),
    )
  })

  it.each(programs)('leaves the instance of a guest with %s as the image is, byte for byte, or drops it', (_program, source) => {
    const shelf = shelved()
    const home = instantiated()
    evaluate(home, source)
    const aside = shelf.take(home)!
    expect(shelf.putBack(home, aside)).toBe(aside.pages === image.pages)
    if (aside.pages === image.pages) expect(isPristine(home, image)).toBe(true)
    expect(aside.pages > image.pages).toBe(source.includes('1_000_000'))
  })

  it('finds every byte that differs, wherever it is', () => {
    const shelf = shelved()
    const home = instantiated()
    const pristine = bytesOf(home).slice()
    let state = 7
    const random = (below: number): number => (state = (state * 48271) % 2147483647) % below
    const last = pristine.length - 1
    const offsets = [0, 1, 63, 64, 4095, 4096, last, ...Array.from({ length: 300 }, () => random(last))]
    for (const offset of offsets) {
      const home1 = bytesOf(home)
      home1[offset] = home1[offset]! ^ (1 << random(8))
      const aside = shelf.take(home)!
      expect(aside.stretches).toHaveLength(2)
      expect(aside.stretches[0]).toBe((offset - (offset % 64)) / 4)
      expect(aside.words.byteLength).toBe(64)
      shelf.putBack(home, aside)
      expect(isPristine(home, image)).toBe(true)
    }
    expect(Buffer.compare(bytesOf(home), pristine)).toBe(0)
  })

  it('finds what was written where memory has grown, and keeps its zeros nowhere', () => {
    const shelf = shelved()
    const home = instantiated()
    home.memory.grow(3)
    bytesOf(home)[image.pages * PAGE_BYTES + 70_000] = 9
    const aside = shelf.take(home)!
    expect(aside).toMatchObject({ pages: image.pages + 3 })
    expect(aside.words.byteLength).toBe(64)
    const other = instantiated()
    shelf.layInto(other, aside)
    expect(Buffer.compare(bytesOf(other), bytesOf(home))).toBe(0)
  })

  it('keeps nothing of an instance in the state of the image', () => {
    expect(shelved().take(instantiated())).toMatchObject({ words: { length: 0 }, stretches: { length: 0 }, fuel: 0 })
  })

  it('keeps fuel and globals', () => {
    const shelf = shelved()
    const home = instantiated()
    const globals = home.exports as unknown as Record<string, WebAssembly.Global>
    const [name, value] = image.globals[0]!
    globals[name]!.value = typeof value === 'bigint' ? value + 16n : value + 16
    home.exports['glovebox:fuel'].value = 12_345
    const before = globalsOf(home)
    const aside = shelf.take(home)!
    expect(shelf.putBack(home, aside)).toBe(true)
    expect(isPristine(home, image)).toBe(true)
    shelf.layInto(home, aside)
    expect(globalsOf(home)).toEqual(before)
  })
})

describe('Shelf', () => {
  it('does not take what is too large to be worth it, nor what has grown its table', () => {
    const shelf = new Shelf(image, instantiated().memory)
    const large = instantiated()
    large.memory.grow(700)
    expect(shelf.take(large)).toBe(undefined)
    const full = instantiated()
    full.memory.grow(100)
    bytesOf(full).fill(1, image.pages * PAGE_BYTES)
    expect(shelf.take(full)).toBe(undefined)
    const tabled = instantiated()
    try {
      tabled.exports.__indirect_function_table.grow(1)
    } catch {
      // A table with a ceiling of its own size cannot grow, and so needs no look.
      return
    }
    expect(shelf.take(tabled)).toBe(undefined)
  })

  it('shares no memory with the instance it took a guest from', () => {
    const shelf = new Shelf(image, instantiated().memory)
    const home = instantiated()
    evaluate(home, 'globalThis.secret = "only for one".repeat(20)')
    const aside: Aside = shelf.take(home)!
    const kept = aside.words.slice()
    bytesOf(home).fill(0xaa)
    expect(aside.words).toEqual(kept)
    expect(aside.words.buffer.byteLength).toBe(aside.words.byteLength)
  })
})
