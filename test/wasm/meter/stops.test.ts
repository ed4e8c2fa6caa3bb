import { describe, expect, it } from 'vitest'
import { activeElements, build, EMPTY, FUNCREF, I32, importEntry, op, program, type Parts } from './builder.js'
import { outcome, startGuest } from './guest.js'

const TABLE = [[FUNCREF, 0, 4]]
const MEMORY = [[1, 1, 16]]
const UNREACHABLE = 'trap: unreachable'

/** Guests that never end, each in its own way. */
const ENDLESS: Record<string, Uint8Array> = {
  'a bare loop': program(op.loop(EMPTY, op.br(0))),
  'a loop within a loop that leaves to the outer one': program(op.loop(EMPTY, op.loop(EMPTY, op.br(1)))),
  'a loop that takes a parameter': program([...op.i32(1), 0x03, 1, ...op.br(0), 0x0b, 0x1a], { types: [[[], []], [[I32], [I32]]] }),
  'a loop that yields a value it never gets to': program([...op.loop(I32, op.br(0)), ...op.drop]),
  'br_if': program(op.loop(EMPTY, op.i32(1), op.brIf(0))),
  'br_table': program(op.loop(EMPTY, op.block(EMPTY, op.i32(7), op.brTable([0, 1], 1)), op.br(0))),
  'a branch out of blocks within a leaf loop to a loop around it': program(
    op.loop(EMPTY, op.loop(EMPTY, op.block(EMPTY, op.block(EMPTY, op.i32(1), op.brIf(3), op.br(2)))), op.br(0)),
  ),
  'a loop that calls': program(op.loop(EMPTY, op.call(1), op.br(0)), {
    functions: [{ type: 0, code: op.loop(EMPTY, op.call(1), op.br(0)) }, { type: 0, code: [] }],
  }),
  'tail calls to itself': program(op.returnCall(0)),
  'tail calls in a circle': program([], {
    functions: [0, 1, 2].map((index) => ({ type: 0, code: op.returnCall((index + 1) % 3) })),
  }),
  'tail calls through a table': program([...op.i32(0), ...op.returnCallIndirect(0)], { tables: TABLE, elements: [activeElements([0])] }),
  'fills of the whole memory': program(
    op.loop(EMPTY, op.i32(0), op.i32(1), op.i32(65536), op.memoryFill, op.br(0)),
    { memories: MEMORY },
  ),
  'growth that keeps failing': program(op.loop(EMPTY, op.i32(-1), op.memoryGrow, op.drop, op.br(0)), { memories: MEMORY }),
  'simd in a loop': program(op.loop(EMPTY, [0xfd, 12, ...Array<number>(16).fill(1)], op.drop, op.br(0))),
}

/** Guests that would end only after more calls than there are atoms: never deep, so no stack overflow ends them. */
const chain = (depth: number, callNext: (index: number) => number[], more: Parts = {}): Uint8Array =>
  program([], {
    functions: Array.from({ length: depth }, (_, index) => ({
      type: 0,
      code: index === depth - 1 ? [] : [...callNext(index + 1), ...callNext(index + 1)],
    })),
    ...more,
  })
/** Recursion that halves a budget of depth, twice: 2^64 calls. */
const bushy = (callSelf: number[]): number[] => [
  ...op.get(0), ...op.eqz, ...op.if(EMPTY, op.return),
  ...op.get(0), ...op.i32(1), ...op.sub, ...callSelf,
  ...op.get(0), ...op.i32(1), ...op.sub, ...callSelf,
]
const recursive = (functions: readonly number[][], more: Parts = {}): Uint8Array =>
  build({
    types: [[[], []], [[I32], []]],
    functions: [{ type: 0, code: [...op.i32(64), ...op.call(1)] }, ...functions.map((code) => ({ type: 1, code }))],
    exports: [['run', 0, 0]],
    ...more,
  })
const EXPONENTIAL: Record<string, Uint8Array> = {
  'a chain of functions that each call the next one twice': chain(64, op.call),
  'such a chain through tables of one type each': build({
    types: [[[], []], ...Array.from({ length: 40 }, (_, index): [number[], number[]] => [Array<number>(index + 1).fill(I32), []])],
    functions: Array.from({ length: 41 }, (_, index) => {
      const args = Array.from({ length: index + 1 }, () => op.i32(0)).flat()
      const callNext = [...args, ...op.i32(index + 1), ...op.callIndirect(index + 1)]
      return { type: index, code: index === 40 ? [] : [...callNext, ...callNext] }
    }),
    tables: [[FUNCREF, 0, 41]],
    elements: [activeElements(Array.from({ length: 41 }, (_, index) => index))],
    exports: [['run', 0, 0]],
  }),
  'direct recursion': recursive([bushy(op.call(1))]),
  'mutual recursion': recursive([bushy(op.call(2)), bushy(op.call(3)), bushy(op.call(1))]),
  'recursion through a table': recursive([bushy([...op.i32(1), ...op.callIndirect(1)])], {
    tables: TABLE,
    elements: [activeElements([0, 1])],
  }),
  'recursion through a reference put into a table at run time': recursive(
    [[...op.i32(1), ...op.refFunc(1), 0x26, 0, ...bushy([...op.i32(1), ...op.callIndirect(1)])]],
    { tables: TABLE, elements: [[3, 0, 1, 1]] },
  ),
  'recursion through an export the host puts into a table': recursive([bushy([...op.i32(1), ...op.callIndirect(1)])], {
    tables: TABLE,
    exports: [['run', 0, 0], ['self', 0, 1], ['table', 1, 0]],
  }),
}

describe('fuel stops', () => {
  it.each(Object.entries(ENDLESS))('%s, at exactly the fuel given', (_, bytes) => {
    const guest = startGuest(bytes, { fuel: 100_000, slice: 1000 })
    expect(outcome(() => guest.call('run'))).toBe(UNREACHABLE)
    expect(guest.used()).toBe(100_000)
    expect(guest.refills()).toBe(101)
  })

  it.each(Object.entries(EXPONENTIAL))('%s, of hostile code', (_, bytes) => {
    const guest = startGuest(bytes, { fuel: 20_000 })
    const { self, table } = guest.exports
    if (table !== undefined) (table as WebAssembly.Table).set(1, self)
    const started = performance.now()
    expect(outcome(() => guest.call('run'))).toBe(UNREACHABLE)
    expect(guest.used()).toBe(20_000)
    expect(performance.now() - started).toBeLessThan(5000)
  })

  it.each(Object.entries(EXPONENTIAL).filter(([title]) => title.includes('recursion')))('%s, of known code', (_, bytes) => {
    const guest = startGuest(bytes, { fuel: 20_000, meter: { code: 'known', imports: 'host' } })
    const { self, table } = guest.exports
    if (table !== undefined) (table as WebAssembly.Table).set(1, self)
    expect(outcome(() => guest.call('run'))).toBe(UNREACHABLE)
  })

  it('a start function, before the host holds the instance', () => {
    const bytes = build({ types: [[[], []]], functions: [{ type: 0, code: op.loop(EMPTY, op.br(0)) }], start: 0 })
    expect(outcome(() => startGuest(bytes, { fuel: 1000 }))).toBe(UNREACHABLE)
  })

  it('two modules that call each other in ever wider circles', () => {
    const half = (exported: string): Uint8Array =>
      build({
        types: [[[I32], []]],
        imports: [importEntry('other', 'step', [0, 0])],
        functions: [{ type: 0, code: bushy(op.call(0)) }],
        exports: [[exported, 0, 1]],
      })
    const fuel = new WebAssembly.Global({ value: 'i32', mutable: true }, 0)
    let second: WebAssembly.Exports = {}
    const shared = { fuel: 20_000, meter: { fuel: 'host' } } as const
    const first = startGuest(half('step'), {
      ...shared,
      imports: { glovebox: { fuel }, other: { step: (depth: number) => (second['step'] as (depth: number) => void)(depth) } },
    })
    second = startGuest(half('step'), { ...shared, imports: { glovebox: { fuel }, other: { step: first.exports['step'] as () => void } } }).exports
    expect(outcome(() => first.call('step', 64))).toBe(UNREACHABLE)
  })

  it('a stopped guest for good: every later loop traps without asking the host', () => {
    const guest = startGuest(ENDLESS['a bare loop'] as Uint8Array, { fuel: 1000 })
    for (let round = 0; round < 5; round += 1) expect(outcome(() => guest.call('run'))).toBe(UNREACHABLE)
    expect(guest.refills()).toBe(2)
    expect(guest.used()).toBe(1000)
  })

  it('a stopped guest for good, however often and dearly it tries again', () => {
    const guest = startGuest(
      program([...op.i32(0), ...op.i32(1), ...op.i32(-1), ...op.memoryFill], { memories: MEMORY }),
      { fuel: 1000 },
    )
    for (let round = 0; round < 1000; round += 1) expect(outcome(() => guest.call('run'))).toBe(UNREACHABLE)
    expect(guest.refills()).toBe(2)
  })

  it('a guest whose host hands out nothing', () => {
    for (const nothing of [0, -1, -0x8000_0000]) {
      const { bytes } = startGuest(ENDLESS['a bare loop'] as Uint8Array, { fuel: 1 }).metered
      const module = new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)
      const { exports } = new WebAssembly.Instance(module, { glovebox: { refill: () => nothing } })
      expect(outcome(exports['run'] as () => unknown)).toBe(UNREACHABLE)
    }
  })

  it('nothing once the host sets the fuel of a stopped guest anew', () => {
    const guest = startGuest(program(op.loop(EMPTY, op.i32(0), op.brIf(0))), { fuel: 1 })
    const fuel = guest.exports['glovebox:fuel'] as WebAssembly.Global<'i32'>
    expect(outcome(() => guest.call('run'))).toBeUndefined()
    expect(outcome(() => guest.call('run'))).toBe(UNREACHABLE)
    fuel.value = 1
    expect(outcome(() => guest.call('run'))).toBeUndefined()
  })
})

describe('fuel', () => {
  const counted = (times: number): Uint8Array =>
    program(
      [...op.i32(times), ...op.set(0), ...op.loop(EMPTY, op.get(0), op.i32(1), op.sub, op.tee(0), op.brIf(0))],
      { functions: [{ type: 0, locals: [{ count: 1, type: I32 }], code: [...op.i32(times), ...op.set(0), ...op.loop(EMPTY, op.get(0), op.i32(1), op.sub, op.tee(0), op.brIf(0))] }] },
    )

  it('is one unit for each round of a short loop', () => {
    const guest = startGuest(counted(1234), { fuel: 1_000_000 })
    guest.call('run')
    expect(guest.used()).toBe(1234)
  })

  it('is the same however it is sliced', () => {
    const used = [1, 2, 7, 64, 1000, 1_000_000].map((slice) => {
      const guest = startGuest(counted(1234), { fuel: 1_000_000, slice })
      guest.call('run')
      return guest.used()
    })
    expect(new Set(used)).toEqual(new Set([1234]))
  })

  it('suffices when it is exactly enough, and stops when it is one short', () => {
    const exact = startGuest(counted(500), { fuel: 500, slice: 13 })
    expect(outcome(() => exact.call('run'))).toBeUndefined()
    const short = startGuest(counted(500), { fuel: 499, slice: 13 })
    expect(outcome(() => short.call('run'))).toBe(UNREACHABLE)
    expect(short.used()).toBe(499)
  })

  it('is asked for again as long as slices are smaller than the charge', () => {
    const bytes = program([...op.i32(0), ...op.i32(1), ...op.i32(65536), ...op.memoryFill], { memories: MEMORY })
    const guest = startGuest(bytes, { fuel: 10_000, slice: 1 })
    guest.call('run')
    expect(guest.used()).toBe(1 + 65536 / 16)
  })

  it.each<[string, Uint8Array, number]>([
    ['memory.fill, by the byte', program([...op.i32(0), ...op.i32(1), ...op.i32(32000), ...op.memoryFill], { memories: MEMORY }), 2001],
    ['memory.copy, by the byte', program([...op.i32(0), ...op.i32(1), ...op.i32(32000), ...op.memoryCopy], { memories: MEMORY }), 2001],
    ['memory.init, by the byte', program([...op.i32(0), ...op.i32(0), ...op.i32(160), ...op.memoryInit(0)], { memories: MEMORY, dataCount: 1, data: [[1, 0xa0, 1, ...Array<number>(160).fill(7)]] }), 11],
    ['memory.grow, by the page', program([...op.i32(3), ...op.memoryGrow, ...op.drop], { memories: MEMORY }), 3 * 4096 + 1],
    ['table.grow, by the element', program([...op.refNull, ...op.i32(500), ...op.tableGrow, ...op.drop], { tables: TABLE }), 501],
    ['table.fill, by the element', program([...op.i32(0), ...op.refNull, ...op.i32(3), ...op.tableFill], { tables: TABLE }), 4],
    ['table.copy, by the element', program([...op.i32(0), ...op.i32(1), ...op.i32(3), ...op.tableCopy], { tables: TABLE }), 4],
    ['table.init, by the element', program([...op.i32(0), ...op.i32(0), ...op.i32(2), ...op.tableInit(0)], { tables: TABLE, elements: [[1, 0, 2, 0, 0]] }), 3],
  ])('pays for %s', (_, bytes, expected) => {
    const guest = startGuest(bytes, { fuel: 1_000_000 })
    expect(outcome(() => guest.call('run'))).toBeUndefined()
    expect(guest.used()).toBe(expected)
  })

  it('of a length near 2^32 neither wraps round nor outweighs the trap that follows', () => {
    for (const length of [-1, -16, 0x7fff_ffff, -0x8000_0000]) {
      const bulk = [...op.i32(0), ...op.i32(1), ...op.i32(length)]
      for (const code of [[...bulk, ...op.memoryFill], [...bulk, ...op.memoryCopy], [...op.i32(length), ...op.memoryGrow, ...op.drop]]) {
        const guest = startGuest(program(code, { memories: MEMORY }), { fuel: 1e9 })
        const result = outcome(() => guest.call('run'))
        expect(result === undefined || result === 'trap: memory access out of bounds').toBe(true)
        expect(guest.used()).toBeGreaterThan(1 << 24)
        expect(guest.used()).toBeLessThan(1 << 29)
      }
    }
  })

  it('is below zero within refill by just what the asking charge lacks', () => {
    const { bytes } = startGuest(counted(3), { fuel: 1 }).metered
    const seen: number[] = []
    const refill = (): number => {
      seen.push((exports['glovebox:fuel'] as WebAssembly.Global<'i32'>).value)
      return 2
    }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), { glovebox: { refill } })
    ;(exports['run'] as () => void)()
    expect(seen).toEqual([-1, -1])
  })

  it('lets a guest go on after refill threw, less the one charge that asked', () => {
    const { bytes } = startGuest(counted(10), { fuel: 1 }).metered
    let broken = true
    const refill = (): number => {
      if (broken) throw new Error('host failure')
      return 100
    }
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>), { glovebox: { refill } })
    const run = exports['run'] as () => void
    expect(run).toThrow('host failure')
    broken = false
    run()
    expect((exports['glovebox:fuel'] as WebAssembly.Global<'i32'>).value).toBe(100 - 10 - 1)
  })
})
