import { readFile } from 'node:fs/promises'
import { runInThisContext } from 'node:vm'
import { beforeAll, describe, expect, it } from 'vitest'
import { PRELUDE } from '../../src/quickjs/guest/bundle/libraries.js'
import { createImage, instantiateImage, type Image } from '../../src/quickjs/image.js'
import type { Instance, Link } from '../../src/quickjs/instance.js'
import { IsolateMemory } from '../../src/quickjs/memory.js'
import { UNREAD, ValueReader } from '../../src/quickjs/read-values.js'
import { Stop } from '../../src/stop.js'

const link: Link = {
  hostCall: () => 0, promiseRejection: () => {}, resolveModule: () => 0, loadModule: () => 0, now: () => 0, utcOffsetSeconds: () => 0,
  random: (length) => new Uint8Array(length), write: () => {}, refill: () => 1_000_000_000, turn: () => 1_000_000_000,
}
const PLENTY = 50_000_000

let module: WebAssembly.Module
let image: Image

beforeAll(async () => {
  module = await WebAssembly.compile(await readFile(new URL('../../dist/quickjs.wasm', import.meta.url)))
  image = createImage(module, PRELUDE)
})

class TooLarge extends Error {}

function evaluate(source: string): { readonly instance: Instance; readonly at: number; readonly reader: ValueReader } {
  const instance = instantiateImage(module, image, { maxPages: 1024, link, turnModules: undefined })
  const memory = new IsolateMemory(instance.exports)
  const code = memory.writeText(source)
  const name = memory.writeText('x.js')
  const at = instance.exports.qjs_eval(code.pointer, code.length, name.pointer, 0)
  expect(instance.exports.qjs_is_exception(at)).toBe(0)
  return { instance, at, reader: new ValueReader(new IsolateMemory(instance.exports), image.landmarks) }
}

function readOf(source: string, maxBytes = PLENTY): unknown {
  const { at, reader } = evaluate(source)
  reader.begin(maxBytes, () => new TooLarge())
  return reader.read(at)
}

describe('ValueReader', () => {
  it.each([
    ['primitives', '[0, 1, -1, 2147483647, -2147483648, 1.5, -0, NaN, Infinity, -Infinity, 2 ** 53, 5e-324, true, false, null, undefined]'],
    ['texts', '["", "a", "caf\\u00e9", "\\u20ac", "\\ud83d\\ude00", "\\ud800", "a\\0b", "\\u0080\\u009f\\u00ff"]'],
    ['long texts', '["x".repeat(100), "\\u00e9".repeat(5000), "\\u20ac".repeat(9000), "y".repeat(100000)]'],
    ['texts made of pieces', '(() => { let s = ""; for (let i = 0; i < 3000; i++) s += "piece " + i + ", "; return [s, s.slice(7, 9000), s.slice(2000) + s] })()'],
    ['wide texts made of pieces', '(() => { let s = ""; for (let i = 0; i < 3000; i++) s += "\\u20ac" + i; return [s, s.slice(7, 9000), s + "a"] })()'],
    ['objects', '({ a: 1, "b c": { d: [] }, 7: "index", "": null, "\\u20ac": 1, [4294967295]: 2, "-1": 3 })'],
    ['objects without a prototype', '[Object.assign(Object.create(null), { a: 1 })]'],
    ['deleted and hidden properties', '(() => { const o = { a: 1, b: 2, c: 3 }; delete o.b; Object.defineProperty(o, "h", { value: 1 }); o.d = 4; return o })()'],
    ['many properties', 'Object.fromEntries(Array.from({ length: 500 }, (_, i) => ["key" + i, i]))'],
    ['arrays that shrank and grew', '(() => { const a = [1, 2, 3, 4]; a.pop(); a.shift(); a.push({ b: [[]] }); return a })()'],
    ['bytes', '[new Uint8Array([1, 2, 3]), new Uint8Array(0), new Uint8Array(70000).fill(7)]'],
  ])('reads %s as they are', (_kind, source) => {
    expect(readOf(source)).toEqual(runInThisContext(`(${source})`))
  })

  it('keeps undefined apart from absent, and -0 from 0', () => {
    const value = readOf('({ a: undefined, z: [-0] })') as { a: unknown; z: number[] }
    expect(Object.keys(value)).toEqual(['a', 'z'])
    expect(Object.is(value.z[0], -0)).toBe(true)
  })

  it('takes no name that is longer than what may be taken in all', () => {
    expect(() => readOf('({ ["k".repeat(1e6)]: 1 })', 1000)).toThrow(TooLarge)
  })

  it('gives objects whose names are those of a frozen prototype', () => {
    const { prototype } = Object
    const { toString } = prototype
    const set = (writable: boolean): unknown => Reflect.defineProperty(prototype, 'toString', { value: toString, writable, configurable: true, enumerable: false })
    set(false)
    try {
      expect(Object.entries(readOf('({ toString: 1, valueOf: 2, x: 3 })') as object)).toEqual([['toString', 1], ['valueOf', 2], ['x', 3]])
    } finally {
      set(true)
    }
  })

  it('makes __proto__ an own property and leaves prototypes alone', () => {
    const value = readOf('JSON.parse(\'{"__proto__": {"polluted": 1}, "constructor": 2}\')') as object
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.getOwnPropertyDescriptor(value, '__proto__')?.value).toEqual({ polluted: 1 })
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('gives bytes of its own, which the guest cannot change later', () => {
    const { instance, at, reader } = evaluate('new Uint8Array([1, 2, 3])')
    reader.begin(PLENTY, () => new TooLarge())
    const bytes = reader.read(at) as Uint8Array
    expect(bytes.buffer).not.toBe(instance.memory.buffer)
    expect(bytes.buffer.byteLength).toBe(3)
  })

  it.each([
    ['a getter', '({ get a() { globalThis.ran = true; return 1 } })'],
    ['a setter', '({ set a(v) {} })'],
    ['an accessor of an array', '(() => { const a = [1]; Object.defineProperty(a, 0, { get() { return 1 }, enumerable: true }); return a })()'],
    ['a symbol for a name', '({ [Symbol("s")]: 1 })'],
    ['a symbol', '[Symbol("s")]'],
    ['a function', '({ f() {} })'],
    ['a proxy', 'new Proxy({}, {})'],
    ['an object with a proxy for a prototype', 'Object.create(new Proxy({}, {}))'],
    ['an instance of a class', 'new (class A { a = 1 })()'],
    ['a subclass of Array', 'new (class A extends Array {})(1, 2, 3)'],
    ['a subclass of Uint8Array', 'new (class A extends Uint8Array {})(3)'],
    ['an array with holes', '[1, , 3]'],
    ['an array longer than what it has', '(() => { const a = [1]; a.length = 5; return a })()'],
    ['an array of length 2^32-1', '(() => { const a = [1]; a.length = 4294967295; return a })()'],
    ['an array with a property', 'Object.assign([1], { a: 1 })'],
    ['arguments', '(function () { return arguments })(1, 2)'],
    ['a Date', 'new Date(0)'],
    ['a Map', 'new Map()'],
    ['an Error', 'new Error("x")'],
    ['a boxed string', 'Object("x")'],
    ['a BigInt', '[1n, 2n ** 100n]'],
    ['a promise', 'Promise.resolve(1)'],
    ['a view of a part of a buffer', 'new Uint8Array(8).subarray(2, 4)'],
    ['two views of one buffer', '(() => { const a = new Uint8Array(8); return [a, new Uint8Array(a.buffer)] })()'],
    ['a view with a property', 'Object.assign(new Uint8Array(2), { a: 1 })'],
    ['a view that follows a resizable buffer', 'new Uint8Array(new ArrayBuffer(2, { maxByteLength: 8 }))'],
    ['a view of a detached buffer', '(() => { const a = new Uint8Array(2); a.buffer.transfer(); return a })()'],
    ['another kind of view', 'new Uint16Array(2)'],
    ['a cycle', '(() => { const o = {}; o.o = o; return o })()'],
    ['an object met twice', '(() => { const o = {}; return [o, [o]] })()'],
    ['a module-like deep value', '(() => { let o = {}; for (let i = 0; i < 100; i++) o = { o }; return o })()'],
  ])('leaves %s to the codec', (_kind, source) => {
    expect(readOf(source)).toBe(UNREAD)
  })

  it('runs nothing of the guest, whatever built-ins it has replaced', () => {
    const { instance, at, reader } = evaluate(`
      globalThis.ran = 0
      const trap = { get() { globalThis.ran++; return 1 }, set() { globalThis.ran++ }, configurable: true }
      for (const key of ['toJSON', 'then', 'length', '0', 'a']) Object.defineProperty(Object.prototype, key, trap)
      Object.prototype.valueOf = Array.prototype[Symbol.iterator] = JSON.stringify = () => { globalThis.ran++ }
      globalThis.value = Object.assign(Object.create(null), { x: ['text'] })
      value
    `)
    const before = instance.exports['glovebox:fuel'].value
    reader.begin(PLENTY, () => new TooLarge())
    expect(reader.read(at)).toEqual({ x: ['text'] })
    expect(instance.exports['glovebox:fuel'].value).toBe(before)
  })

  it.each([
    ['a text', '"x".repeat(1000)'],
    ['a wide text', '"\\u20ac".repeat(400)'],
    ['a text made of pieces', '"x".repeat(6000) + "y".repeat(6000)'],
    ['a list', 'Array.from({ length: 1000 }, () => 1)'],
    ['a list of empty lists', 'Array.from({ length: 1000 }, () => [])'],
    ['names', '({ ["n".repeat(2000)]: 1 })'],
    ['bytes', 'new Uint8Array(1001)'],
    ['the same text many times', '(() => { const s = "x".repeat(100); return Array.from({ length: 100 }, () => s) })()'],
    ['many deleted properties', '(() => { const o = {}; for (let i = 0; i < 3000; i++) o["k" + i] = 1; for (let i = 0; i < 3000; i++) o["k" + i] = 2; return Array.from({ length: 20 }, () => ({ ...o })) })()'],
  ])('refuses %s beyond the bytes it may read', (_kind, source) => {
    expect(() => readOf(source, 1000)).toThrow(TooLarge)
  })

  it('reads what has exactly the bytes it may read', () => {
    expect(readOf('"x".repeat(998)', 1000)).toHaveLength(998)
    expect(() => readOf('"x".repeat(999)', 1000)).toThrow(TooLarge)
  })

  it('reads on after memory has grown', () => {
    const { instance, at, reader } = evaluate('globalThis.v = { a: "x" }')
    reader.begin(PLENTY, () => new TooLarge())
    expect(reader.read(at)).toEqual({ a: 'x' })
    const memory = new IsolateMemory(instance.exports)
    memory.free(memory.alloc(4 << 20))
    reader.begin(PLENTY, () => new TooLarge())
    expect(reader.read(at)).toEqual({ a: 'x' })
  })
})

/** A guest that has broken the engine can write anything anywhere in its own memory, and nowhere else. */
describe('ValueReader in a memory that is not what the engine made', () => {
  const SOURCES = [
    '({ a: 1, list: [1, "two", { three: 3.5 }], text: "caf\\u00e9", wide: "\\u20ac", bytes: new Uint8Array([1, 2, 3]) })',
    '("x".repeat(6000) + "y".repeat(6000)) + "z".repeat(9000)',
    '"piece".repeat(3000).slice(10, 9000)',
    'Array.from({ length: 20 }, (_, id) => ({ id, name: "item " + id, tags: ["a", "b"] }))',
  ]
  const WORDS = [0, 1, 2, 3, 7, 8, 24, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fff9, 0xffff_fffa, 0xffff_fffc, 0x0010_0000, 0x001f_fff8]

  /** Addresses of words that reading a value may look at: what its words lead to, and what those do. */
  function wordsOf({ memory }: Instance, at: number): number[] {
    const view = new DataView(memory.buffer)
    const found = new Set<number>()
    let edge = [at]
    for (let step = 0; step < 5; step++) {
      const next: number[] = []
      for (const start of edge) {
        for (let address = start - 4; address < start + 68 && found.size < 500; address += 4) {
          if (found.has(address)) continue
          found.add(address)
          const word = view.getUint32(address, true)
          if (word > 4096 && word % 4 === 0 && word < memory.buffer.byteLength - 128) next.push(word)
        }
      }
      edge = next
    }
    return [...found]
  }

  it.each(SOURCES)('gives a value, leaves it, or ends the call: %s', { timeout: 60_000 }, (source) => {
    const { instance, at, reader } = evaluate(source)
    const view = new DataView(instance.memory.buffer)
    const pages = instance.memory.buffer.byteLength
    const addresses = wordsOf(instance, at)
    expect(addresses.length).toBeGreaterThan(4)
    const seen = { value: 0, left: 0, refused: 0 }
    for (const address of addresses) {
      const original = view.getUint32(address, true)
      for (const word of [...WORDS, at, address, original + 4, original - 8, original ^ 0x100, original << 8]) {
        view.setUint32(address, word >>> 0, true)
        try {
          reader.begin(100_000, () => new TooLarge())
          seen[reader.read(at) === UNREAD ? 'left' : 'value']++
        } catch (error) {
          if (!(error instanceof TooLarge)) expect(error).toBeInstanceOf(Stop)
          seen.refused++
        }
        view.setUint32(address, original, true)
      }
    }
    expect(seen.value).toBeGreaterThan(0)
    expect(seen.refused).toBeGreaterThan(0)
    expect(instance.memory.buffer.byteLength).toBe(pages)
  })

  it('gives a value, leaves it, or ends the call: bytes of chance where the value is', { timeout: 60_000 }, () => {
    const { instance, at, reader } = evaluate(SOURCES[3]!)
    const bytes = new Uint8Array(instance.memory.buffer)
    const addresses = wordsOf(instance, at)
    let state = 1
    const chance = (most: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * most)
    }
    for (let round = 0; round < 3000; round++) {
      const undo: [number, number][] = []
      for (let i = 0; i < 4; i++) {
        const address = addresses[chance(addresses.length)]! + chance(4)
        undo.unshift([address, bytes[address]!])
        bytes[address] = chance(256)
      }
      try {
        reader.begin(100_000, () => new TooLarge())
        reader.read(at)
      } catch (error) {
        if (!(error instanceof TooLarge)) expect(error).toBeInstanceOf(Stop)
      }
      for (const [address, byte] of undo) bytes[address] = byte
    }
    reader.begin(PLENTY, () => new TooLarge())
    expect(reader.read(at)).toHaveLength(20)
  })

  it.each([0, 4, 0xffff_fff0, 0xffff_ffff, 3])('refuses a value at address %i, or leaves it', (at) => {
    const { reader } = evaluate('1')
    reader.begin(PLENTY, () => new TooLarge())
    let read: unknown
    try {
      read = reader.read(at)
    } catch (error) {
      expect(error).toBeInstanceOf(Stop)
      return
    }
    expect(typeof read).not.toBe('object')
  })
})
