import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Sandbox, createSandbox } from '../../src/index.js'
import { createImage, instantiateImage, isPristine, restoreImage, type Image } from '../../src/quickjs/image.js'
import { PRELUDE } from '../../src/quickjs/guest/bundle/libraries.js'
import { IsolateMemory } from '../../src/quickjs/memory.js'
import type { Link } from '../../src/quickjs/instance.js'

const link: Link = {
  hostCall: () => 0, promiseRejection: () => {}, resolveModule: () => 0, loadModule: () => 0, now: () => 0, utcOffsetSeconds: () => 0,
  random: (length) => new Uint8Array(length), write: () => {}, refill: () => 1_000_000_000, turn: () => 1_000_000_000,
}

let module: WebAssembly.Module
let image: Image

beforeAll(async () => {
  module = await WebAssembly.compile(await readFile(new URL('../../dist/quickjs.wasm', import.meta.url)))
  image = createImage(module, PRELUDE)
})

describe('createImage()', () => {
  it('is the same each time', () => {
    const again = createImage(module, PRELUDE)
    expect(again.pages).toBe(image.pages)
    expect(again.globals).toEqual(image.globals)
    expect(isPristine(instantiateImage(module, again, { maxPages: 1024, link, turnModules: undefined }), image)).toBe(true)
  })
})

describe('restoreImage()', () => {
  const evaluate = (source: string): ReturnType<typeof instantiateImage> => {
    const instance = instantiateImage(module, image, { maxPages: 1024, link, turnModules: undefined })
    const memory = new IsolateMemory(instance.exports)
    const code = memory.writeText(source)
    const name = memory.writeText('x.js')
    instance.exports.qjs_eval(code.pointer, code.length, name.pointer, 0)
    return instance
  }

  it.each([
    ['a value', '1 + 1'],
    ['an error', 'throw new Error("x")'],
    ['a syntax error', 'let ='],
    ['globals and prototypes', 'Array.prototype.x = 1; globalThis.y = { z: [1, 2, 3] }; Object.freeze(Object.prototype)'],
    ['half a megabyte', 'globalThis.a = new Uint8Array(500000).fill(7)'],
    ['pending promises', 'for (let i = 0; i < 100; i++) Promise.resolve(i).then((x) => { globalThis["p" + x] = x })'],
    ['symbols, classes and regular expressions', 'globalThis.s = Symbol.for("k"); class A { #p = 1 } globalThis.c = new A(); globalThis.r = /a(b+)/g.exec("abb")'],
  ])('undoes %s, byte for byte', (_name, source) => {
    const instance = evaluate(source)
    expect(isPristine(instance, image)).toBe(false)
    expect(restoreImage(instance, image)).toBe(true)
    expect(isPristine(instance, image)).toBe(true)
  })

  it('refuses an instance whose memory has grown', () => {
    const instance = evaluate('globalThis.a = new Uint8Array(4 << 20)')
    expect(restoreImage(instance, image)).toBe(false)
  })

  it('notices one changed byte', () => {
    const instance = instantiateImage(module, image, { maxPages: 1024, link, turnModules: undefined })
    const bytes = new Uint8Array(instance.memory.buffer)
    for (const offset of [0, 4096, bytes.length >> 1, bytes.length - 1]) {
      bytes[offset]! ^= 1
      expect(isPristine(instance, image)).toBe(false)
      bytes[offset]! ^= 1
    }
    expect(isPristine(instance, image)).toBe(true)
  })
})

describe('a recycled isolate', () => {
  const memories: WebAssembly.Memory[] = []
  let sandbox: Sandbox
  beforeAll(async () => {
    const { Memory } = WebAssembly
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (descriptor) {
      const memory = new Memory(descriptor)
      memories.push(memory)
      return memory
    })
    sandbox = await createSandbox()
  })
  afterAll(async () => {
    vi.restoreAllMocks()
    await sandbox[Symbol.asyncDispose]()
  })

  const findText = (text: string): number => memories.filter(({ buffer }) => Buffer.from(buffer).includes(text)).length

  it('holds nothing of the call before it', async () => {
    const canary = `canary-${'q'.repeat(40)}-7431`
    for (let i = 0; i < 20; i++) {
      await sandbox.run('globalThis.keep = [input, input + "!", new TextEncoder().encode(input)]; console.log(input); return keep.length', { input: canary })
      await sandbox.run('throw new Error(input)', { input: canary })
      await sandbox.run('return "other"')
    }
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    // Whatever is still in use was restored or dropped: the next call takes an instance and must not find the text.
    for (let i = 0; i < 40; i++) await sandbox.run('return 1')
    expect(memories.length).toBeGreaterThan(0)
    expect(memories.length).toBeLessThan(40)
    expect(findText(canary)).toBe(0)
  })
})
