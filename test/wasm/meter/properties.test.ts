import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { meter, MeterError, type MeterOptions } from '../../../wasm/meter/index.js'
import { activeElements, build, EMPTY, FUNCREF, I32, op } from './builder.js'
import { modules, mutationsOf } from './generator.js'
import { outcome, startGuest } from './guest.js'

const VARIANTS: readonly MeterOptions[] = [
  { code: 'hostile', imports: 'guests' },
  { code: 'hostile', imports: 'host' },
  { code: 'known', imports: 'host', state: 'exported' },
]
const PLENTY = 100_000_000

/** Everything a run leaves behind. */
function traces(exports: WebAssembly.Exports): unknown {
  const memory = new Uint32Array((exports['memory'] as WebAssembly.Memory).buffer)
  let hash = memory.length
  for (const word of memory) hash = (Math.imul(hash, 31) + word) | 0
  return [hash, (exports['budget'] as WebAssembly.Global).value, (exports['state'] as WebAssembly.Global).value]
}

function runPlain(bytes: Uint8Array<ArrayBuffer>): unknown {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes))
  return [outcome(exports['run'] as () => unknown), traces(exports)]
}

function runMetered(bytes: Uint8Array, options: MeterOptions, fuel: number, slice = fuel): { result: unknown; used: number } {
  const guest = startGuest(bytes, { fuel, slice, meter: options })
  const result = [outcome(() => guest.call('run')), traces(guest.exports)]
  return { result, used: guest.used() }
}

describe('a metered module', () => {
  it('does what the plain one does, at a price that neither slices nor limits change', () => {
    fc.assert(
      fc.property(modules, fc.constantFrom(...VARIANTS), fc.integer({ min: 1, max: 50 }), (bytes, options, slice) => {
        const plain = runPlain(bytes)
        const whole = runMetered(bytes, options, PLENTY)
        expect(whole.result).toEqual(plain)
        expect(runMetered(bytes, options, PLENTY, slice)).toEqual(whole)
        expect(runMetered(bytes, options, whole.used, slice)).toEqual(whole)
        if (whole.used > 0) {
          const short = runMetered(bytes, options, whole.used - 1, slice)
          expect(short.used).toBe(whole.used - 1)
          expect((short.result as unknown[])[0]).toBe('trap: unreachable')
        }
      }),
      { numRuns: 300 },
    )
  })

  it('is rewritten whatever its shape: every generated module was valid and stays so', () => {
    fc.assert(
      fc.property(modules, fc.constantFrom(...VARIANTS), (bytes, options) => {
        expect(WebAssembly.validate(bytes)).toBe(true)
        expect(WebAssembly.validate(meter(bytes, options).bytes as Uint8Array<ArrayBuffer>)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })
})

describe('a call graph of any shape', () => {
  /** Calls of a function: whom, how, and whether within a loop that runs once. */
  const call = fc.record({ to: fc.nat({ max: 7 }), how: fc.constantFrom('direct', 'table', 'loop'), sometimes: fc.boolean() })
  const graphs = fc.array(fc.array(call, { maxLength: 4 }), { minLength: 8, maxLength: 8 })
  const COUNTER = 0
  const MOST_WORK = 20_000_000

  const toModule = (graph: readonly { to: number; how: string; sometimes: boolean }[][]): Uint8Array =>
    build({
      types: [[[I32], []], [[], []]],
      functions: [
        ...graph.map((calls) => ({
          type: 0,
          code: [
            ...op.globalGet(COUNTER), ...op.i32(1), ...op.add, ...op.globalSet(COUNTER),
            ...op.globalGet(COUNTER), ...op.i32(MOST_WORK), 0x4a, ...op.if(EMPTY, op.unreachable),
            ...op.get(0), ...op.eqz, ...op.if(EMPTY, op.return),
            ...calls.flatMap(({ to, how, sometimes }) => {
              const next = [...op.get(0), ...op.i32(1), ...op.sub]
              const made = how === 'table' ? [...next, ...op.i32(to), ...op.callIndirect(0)] : [...next, ...op.call(to)]
              const placed = how === 'loop' ? op.loop(EMPTY, made) : made
              return sometimes ? [...op.get(0), ...op.i32(3), 0x71, ...op.if(EMPTY, placed)] : placed
            }),
          ],
        })),
        { type: 1, code: [...op.i32(60), ...op.call(0)] },
      ],
      tables: [[FUNCREF, 0, 8]],
      globals: [[I32, 1, ...op.i32(0), 0x0b]],
      exports: [['run', 0, 8], ['work', 3, COUNTER]],
      elements: [activeElements([0, 1, 2, 3, 4, 5, 6, 7])],
    })

  it.each(VARIANTS)('does bounded work for its fuel: %o', (options) => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const fuel = 1000
        const guest = startGuest(toModule(graph), { fuel, meter: options })
        outcome(() => guest.call('run'))
        expect((guest.exports['work'] as WebAssembly.Global<'i32'>).value).toBeLessThan(options.code === 'hostile' ? 500 * (fuel + 1) : MOST_WORK)
      }),
      { numRuns: 150 },
    )
  })
})

describe('bytes that were tampered with', () => {
  const { resolve } = createRequire(import.meta.url)
  const originals: readonly (readonly [string, Uint8Array])[] = [
    ['structured-clone.so', readFileSync(resolve('quickjs-wasi/structured-clone.so'))],
    ['encoding.so', readFileSync(resolve('quickjs-wasi/encoding.so'))],
    ...fc.sample(modules, { seed: 7, numRuns: 3 }).map((bytes, index) => [`generated module ${index}`, bytes] as const),
  ]

  it.each(originals)('are refused or rewritten, and never made valid: %s', (_, original) => {
    fc.assert(
      fc.property(mutationsOf(original), (bytes) => {
        const valid = WebAssembly.validate(bytes)
        try {
          const metered = meter(bytes)
          expect(WebAssembly.validate(metered.bytes as Uint8Array<ArrayBuffer>)).toBe(valid)
        } catch (error) {
          expect(error).toBeInstanceOf(MeterError)
        }
      }),
      { numRuns: 1500 },
    )
  })

  it('are refused soon, however they are made to look long', () => {
    const started = performance.now()
    const ones = new Uint8Array(1 << 20).fill(1)
    const loops = build({ types: [[[], []]], functions: [{ type: 0, code: Array<number>(600_000).fill(0).map((__, at) => (at % 2 === 0 ? 3 : EMPTY)) }] })
    const ends = build({ types: [[[], []]], functions: [{ type: 0, code: [...Array.from({ length: 100_000 }, () => [3, EMPTY]).flat(), ...Array<number>(100_000).fill(0x0b)] }] })
    const ring = build({ types: [[[], []]], functions: Array.from({ length: 100_000 }, (_, at) => ({ type: 0, code: op.call((at + 1) % 100_000) })) })
    expect(meter(ring).report.functions).toBe(100_000)
    expect(() => meter(ones)).toThrow(MeterError)
    expect(() => meter(loops)).toThrow(MeterError)
    expect(meter(ends).report.loops).toBe(100_000)
    expect(performance.now() - started).toBeLessThan(5000)
  })
})
