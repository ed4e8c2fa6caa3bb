import { describe, expect, it } from 'vitest'
import { GloveboxError } from '../../../src/errors.js'
import { Compiler } from '../../../src/component/transpile.js'
import type { Order } from '../../../src/component/worker/protocol.js'
import { assemble } from '../../../src/component/assemble.js'
import { compilerFromSources as platform } from '../../support/compiler-platform.js'
import { createLink, fromWit, wat } from './support.js'

/** About ten seconds; `GLOVEBOX_MUTATIONS` sets another number. */
const MUTATIONS = Number(process.env['GLOVEBOX_MUTATIONS'] ?? 10_000)

/** How long a mutated component may be prepared. */
const DEADLINE_MS = 5000

/** Real ways to fail; anything else is a hole. */
const CODES = new Set(['invalid-component', 'unknown-import', 'meter-refused', 'load-stopped'])

/** A generator that runs the same everywhere (mulberry32). */
function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below
  }
}

/** Flips bits, sets bytes, cuts, doubles or drops a stretch, or ends early. */
function mutate(bytes: Uint8Array, random: (below: number) => number): Uint8Array {
  let out = bytes.slice()
  for (let left = 1 + random(4); left > 0; left -= 1) {
    const at = 8 + random(Math.max(1, out.length - 8))
    const length = 1 + random(16)
    switch (random(6)) {
      case 0: out[at] = (out[at] ?? 0) ^ (1 << random(8)); break
      case 1: out[at] = random(256); break
      case 2: out[at] = [0, 1, 0x7f, 0x80, 0xff][random(5)]!; break
      case 3: out = Uint8Array.of(...out.subarray(0, at), ...out.subarray(at + length)); break
      case 4: out = Uint8Array.of(...out.subarray(0, at), ...out.subarray(at, at + length), ...out.subarray(at)); break
      default: if (random(4) === 0) out = out.slice(0, at)
    }
  }
  return out
}

const order = (bytes: Uint8Array): Order => ({
  bytes,
  adapters: undefined,
  mode: 'sync',
  canSuspend: false,
  asyncImports: [],
  interfaces: ['acme:text/lists', 'f'],
  bounds: { maxOutputBytes: 16 << 20, maxModules: 64, maxInstances: 64, maxExports: 1000, maxMemoryBytes: 64 << 20, maxTableElements: 10_000 },
})

async function seeds(): Promise<readonly Uint8Array[]> {
  return [
    await wat(`(component
      (core module $m (memory (export "memory") 1) (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 64))
        (func (export "x") (param i32 i32) (result i32) (loop (br_if 0 (i32.const 0))) (i32.const 0)))
      (core instance $m (instantiate $m))
      (func $f (param "s" string) (result string) (canon lift (core func $m "x") (memory (core memory $m "memory")) (realloc (core func $m "realloc"))))
      (instance $i (export "f" (func $f)))
      (export "a:b/c@1.0.0" (instance $i)))`),
    await wat(`(component
      (import "wasi:io/poll@0.2.0" (instance $p (export "pollable" (type $r (sub resource))) (export "[method]pollable.ready" (func (param "self" (borrow $r)) (result bool)))))
      (core func $g (canon lower (func $p "[method]pollable.ready")))
      (core module $m (import "a" "g" (func (param i32) (result i32))) (func (export "x")))
      (core instance $m (instantiate $m (with "a" (instance (export "g" (func $g))))))
      (func (export "t") (canon lift (core func $m "x"))))`),
    await fromWit(`package acme:text; interface lists { record r { a: list<u8>, b: option<string> } resource doc { make: static func() -> doc; } f: func(x: r) -> result<doc, string>; } world w { import lists; export lists; }`),
    await wat('(module (memory 1) (table 2 funcref) (elem (i32.const 0) $f) (func $f (export "add") (param i32) (result i32) (local.get 0)))'),
  ]
}

/** Prepares each of many, on one thread until it breaks. */
async function withstand(many: Iterable<Uint8Array>): Promise<{ readonly loaded: number; readonly refused: ReadonlyMap<string, number>; readonly threads: number }> {
  const refused = new Map<string, number>()
  let loaded = 0
  let threads = 0
  let compiler: Compiler | undefined
  for (const bytes of many) {
    if (compiler === undefined || compiler.isBroken) {
      await compiler?.end()
      compiler = new Compiler(platform)
      threads += 1
    }
    try {
      const prepared = await compiler.prepare(order(bytes), DEADLINE_MS)
      await assemble(prepared, { digest: '', size: bytes.length, platform })
      loaded += 1
    } catch (error) {
      expect(error).toBeInstanceOf(GloveboxError)
      const { code } = error as GloveboxError
      expect(CODES, (error as GloveboxError).message).toContain(code)
      refused.set(code, (refused.get(code) ?? 0) + 1)
    }
  }
  await compiler?.end()
  return { loaded, refused, threads }
}

describe('a thread that prepares components', () => {
  it(`withstands ${MUTATIONS} mutations of valid components`, async () => {
    const valid = await seeds()
    const random = createRandom(1)
    const { loaded, refused, threads } = await withstand(Array.from({ length: MUTATIONS }, (_, index) => mutate(valid[index % valid.length]!, random)))
    const total = [...refused.values()].reduce((sum, count) => sum + count, loaded)
    expect(total).toBe(MUTATIONS)
    expect(refused.get('invalid-component')).toBeGreaterThan(MUTATIONS / 10)
    console.log(`${MUTATIONS} mutations: ${loaded} loaded, ${[...refused].map(([code, count]) => `${count} ${code}`).join(', ')}; ${threads} threads`)
  }, 60_000 + MUTATIONS * 50)

  it('withstands every place where a component can end', async () => {
    const [first] = await seeds()
    const step = Math.max(1, Math.ceil(first!.length / 200))
    const ends = Array.from({ length: Math.floor((first!.length - 1) / step) }, (_, index) => first!.slice(0, 1 + index * step))
    const { loaded } = await withstand(ends)
    // Sections that are left out at the end leave a component that does less.
    expect(loaded).toBeLessThan(ends.length / 4)
  }, 60_000)

  it('withstands random bytes, bare and as sections', async () => {
    const random = createRandom(2)
    const noise = (length: number): number[] => Array.from({ length }, () => random(256))
    const many = Array.from({ length: 150 }, (_, index) => {
      const kind = index % 3
      if (kind === 0) return Uint8Array.from(noise(1 + random(300)))
      if (kind === 1) return Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, ...noise(random(300)))
      const body = noise(random(60))
      return Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0, random(13), body.length, ...body)
    })
    const { refused } = await withstand(many)
    expect([...refused.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100)
  }, 60_000)

  it('prepares what is valid after it was given what is not', async () => {
    const [first] = await seeds()
    const compiler = new Compiler(platform)
    await expect(compiler.prepare(order(first!.slice(0, 60)), DEADLINE_MS)).rejects.toMatchObject({ code: expect.stringMatching(/invalid-component|meter-refused/) as string })
    if (compiler.isBroken) throw new Error('the thread broke')
    const prepared = await compiler.prepare(order(first!), DEADLINE_MS)
    const { exports } = (await assemble(prepared, { digest: '', size: 0, platform })).instantiate({}, createLink())
    expect((exports['a:b/c@1.0.0'] as { f(s: string): string }).f('x')).toBe('')
    await compiler.end()
  })
})
