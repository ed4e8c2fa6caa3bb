import { describe, expect, it } from 'vitest'
import { GloveboxError } from '../../../src/errors.js'
import { meter, type MeterOptions } from '../../../wasm/meter/index.js'
import { build, EMPTY, FUNCREF, I32, importEntry, name, op, program, section, u, vec } from './builder.js'
import { outcome, startGuest } from './guest.js'

const compile = (bytes: Uint8Array): WebAssembly.Module => new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)
const imports = (bytes: Uint8Array, options?: MeterOptions): string[] =>
  WebAssembly.Module.imports(compile(meter(bytes, options).bytes)).map(({ module, name: field, kind }) => `${module}.${field}: ${kind}`)
const exports = (bytes: Uint8Array, options?: MeterOptions): string[] =>
  WebAssembly.Module.exports(compile(meter(bytes, options).bytes)).map(({ name: field, kind }) => `${field}: ${kind}`)

const empty = build({})
const rich = program(op.loop(EMPTY, op.i32(0), op.brIf(0)), {
  memories: [[0, 2]],
  tables: [[FUNCREF, 0, 3]],
  globals: [[I32, 1, ...op.i32(5), 0x0b], [I32, 0, ...op.i32(6), 0x0b], [0x7b, 1, 0xfd, 12, ...Array<number>(16).fill(0), 0x0b]],
  exports: [['run', 0, 0], ['memory', 2, 0], ['g', 3, 1]],
})

describe('meter()', () => {
  it('adds one import and one export to whatever it is given', () => {
    for (const bytes of [empty, rich]) {
      expect(imports(bytes)).toEqual(['glovebox.refill: function'])
      expect(exports(bytes).at(-1)).toBe('glovebox:fuel: global')
    }
    expect(exports(rich)).toEqual(['run: function', 'memory: memory', 'g: global', 'glovebox:fuel: global'])
  })

  it('is a function of its input', () => {
    const before = rich.slice()
    expect(meter(rich).bytes).toEqual(meter(rich).bytes)
    expect(rich).toEqual(before)
  })

  it('starts with no fuel at all', () => {
    const { value } = startGuest(rich, { fuel: 10 }).exports['glovebox:fuel'] as WebAssembly.Global<'i32'>
    expect(value).toBe(0)
  })

  it('imports refill under the name it is told', () => {
    expect(imports(empty, { refill: { module: 'host', name: 'more' } })).toEqual(['host.more: function'])
  })

  it('takes a fuel global of the host, so that two modules spend one budget', () => {
    const fuel = new WebAssembly.Global({ value: 'i32', mutable: true }, 0)
    const options = { fuel: 100, imports: { glovebox: { fuel } }, meter: { fuel: 'host' } } as const
    const [one, two] = [startGuest(rich, options), startGuest(rich, { ...options, fuel: 1 })]
    expect(one.exports['glovebox:fuel']).toBeUndefined()
    one.call('run')
    two.call('run')
    expect(fuel.value).toBe(98)
  })

  it('keeps the values of globals when the fuel global comes before them', () => {
    const bytes = program([...op.globalGet(1), ...op.i32(1), ...op.add, ...op.globalSet(1)], {
      imports: [importEntry('host', 'g', [3, I32, 0])],
      globals: [[I32, 1, ...op.globalGet(0), 0x0b]],
      exports: [['run', 0, 0], ['g', 3, 1]],
    })
    const fuel = new WebAssembly.Global({ value: 'i32', mutable: true }, 0)
    const host = { g: new WebAssembly.Global({ value: 'i32' }, 41) }
    const guest = startGuest(bytes, { fuel: 10, imports: { host, glovebox: { fuel } }, meter: { fuel: 'host', state: 'exported' } })
    guest.call('run')
    expect((guest.exports['g'] as WebAssembly.Global).value).toBe(42)
    expect(guest.metered.report.globals).toEqual(['glovebox:global:1'])
    expect((guest.exports['glovebox:global:1'] as WebAssembly.Global).value).toBe(42)
  })

  it('leaves the memory to the host, with its data and exports, and growth ends at the host\'s maximum', () => {
    const bytes = build({
      types: [[[I32], [I32]]],
      functions: [{ type: 0, code: [...op.get(0), ...op.memoryGrow] }],
      memories: [[0, 2]],
      exports: [['grow', 0, 0], ['memory', 2, 0]],
      data: [[0, ...op.i32(3), 0x0b, ...vec([[7], [8]])]],
    })
    const memory = new WebAssembly.Memory({ initial: 2, maximum: 3 })
    const guest = startGuest(bytes, { fuel: 1e9, imports: { glovebox: { memory } }, meter: { memory: 'host' } })
    expect(guest.exports['memory']).toBe(memory)
    expect([...new Uint8Array(memory.buffer, 3, 2)]).toEqual([7, 8])
    expect([guest.call('grow', 2), guest.call('grow', 1), guest.call('grow', 1)]).toEqual([-1, 2, -1])
  })

  it('ignores memory: "host" where there is no memory, or an imported one', () => {
    expect(imports(empty, { memory: 'host' })).toEqual(['glovebox.refill: function'])
    const imported = build({ imports: [importEntry('env', 'm', [2, 0, 1])] })
    expect(imports(imported, { memory: 'host' })).toEqual(['env.m: memory', 'glovebox.refill: function'])
  })

  it('clamps the maximum of a memory', () => {
    const grow = (memory: number[]): unknown =>
      startGuest(
        build({ types: [[[I32], [I32]]], functions: [{ type: 0, code: [...op.get(0), ...op.memoryGrow] }], memories: [memory], exports: [['grow', 0, 0]] }),
        { fuel: 1e9, meter: { maxMemoryPages: 4 } },
      ).call('grow', 4)
    expect([grow([0, 1]), grow([1, 1, 9]), grow([1, 1, 4])]).toEqual([-1, -1, -1])
    expect(meter(rich, { maxMemoryPages: 4 }).report.memory).toEqual({ initialPages: 2, maxPages: 4 })
    expect(meter(rich).report.memory).toEqual({ initialPages: 2, maxPages: undefined })
  })

  it('clamps the maxima of all tables together', () => {
    const grow = (table: number): number[] => [...op.refNull, ...op.i32(30), 0xfc, 15, table]
    const bytes = build({
      types: [[[], [I32]]],
      functions: [{ type: 0, code: grow(0) }, { type: 0, code: grow(1) }],
      tables: [[FUNCREF, 0, 10], [FUNCREF, 0, 20]],
      exports: [['one', 0, 0], ['two', 0, 1]],
    })
    const guest = startGuest(bytes, { fuel: 1e6, meter: { maxTableElements: 100 } })
    expect([guest.call('one'), guest.call('one'), guest.call('two'), guest.call('two')]).toEqual([10, -1, 20, -1])
  })

  it('exports mutable globals and tables for the host to put back, and says what cannot be', () => {
    const { report } = meter(rich, { state: 'exported' })
    expect(report.globals).toEqual(['glovebox:global:0'])
    expect(report.tables).toEqual(['glovebox:table:0'])
    expect(report.unrestorable).toEqual(['global 2 is a v128'])
    const guest = startGuest(rich, { fuel: 10, meter: { state: 'exported' } })
    const global = guest.exports['glovebox:global:0'] as WebAssembly.Global<'i32'>
    expect(global.value).toBe(5)
    expect((guest.exports['glovebox:table:0'] as WebAssembly.Table).length).toBe(3)
    expect(meter(rich).report.globals).toEqual([])
  })

  it('reports that segments can be dropped', () => {
    const bytes = program(op.dataDrop(0), { memories: [[0, 1]], dataCount: 1, data: [[1, 0]] })
    expect(meter(bytes).report.unrestorable).toEqual(['segments may be dropped'])
  })

  it('reports what it found', () => {
    const { report, bytes } = meter(program(op.loop(EMPTY, op.returnCall(0))))
    expect(report).toMatchObject({ features: ['tail-calls'], functions: 1, loops: 1, chargedFunctions: 0, memory: undefined })
    expect(report.sizeAfter).toBe(bytes.length)
  })

  it.each<[string, unknown]>([
    ['an unknown key', { fule: 'own' }],
    ['a choice that is none', { fuel: 'mine' }],
    ['a limit below 0', { maxMemoryPages: -1 }],
    ['a limit that is no number', { maxTableElements: '5' }],
    ['refill without a name', { refill: { module: 'x' } }],
  ])('refuses %s among its options', (_, options) => {
    expect(() => meter(empty, options as MeterOptions)).toThrow(GloveboxError)
    expect(() => meter(empty, options as MeterOptions)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  })
})

describe('function indices', () => {
  const answer = (value: number): number[] => [...op.i32(value)]
  const bytes = build({
    types: [[[], []], [[], [I32]], [[I32], [I32]]],
    imports: [importEntry('host', 'seven', [0, 1])],
    functions: [
      { type: 1, code: op.call(0) },
      { type: 1, code: answer(11) },
      { type: 1, code: op.returnCall(2) },
      { type: 2, code: [...op.get(0), ...op.callIndirect(1)] },
      { type: 0, code: [...op.i32(5), ...op.refFunc(2), 0x26, 0] },
      { type: 1, code: [...op.i32(0), ...op.i32(0), ...op.i32(1), ...op.tableInit(1), ...op.i32(0), ...op.callIndirect(1)] },
    ],
    tables: [[FUNCREF, 0, 9]],
    globals: [[FUNCREF, 1, ...op.refFunc(0), 0x0b]],
    exports: [['call', 0, 1], ['tail', 0, 3], ['indirect', 0, 4], ['init', 0, 6], ['seven', 0, 0], ['g', 3, 0], ['table', 1, 0]],
    start: 5,
    elements: [
      [0, ...op.i32(0), 0x0b, 1, 0],
      [1, 0, 1, 2],
      [2, 0, ...op.i32(1), 0x0b, 0, 1, 2],
      [3, 0, 1, 2],
      [4, ...op.i32(2), 0x0b, 1, ...op.refFunc(0), 0x0b],
      [5, FUNCREF, 1, ...op.refFunc(2), 0x0b],
      [6, 0, ...op.i32(3), 0x0b, FUNCREF, 2, ...op.refFunc(2), 0x0b, ...op.refNull, 0x0b],
      [7, FUNCREF, 1, ...op.refFunc(2), 0x0b],
    ],
  })

  it('move in calls, tail calls, references, exports, the start function and all eight kinds of element segments', () => {
    const guest = startGuest(bytes, { fuel: 1000, imports: { host: { seven: () => 7 } } })
    expect(guest.call('call')).toBe(7)
    expect(guest.call('tail')).toBe(11)
    expect([0, 1, 2, 3, 5].map((at) => guest.call('indirect', at))).toEqual([7, 11, 7, 11, 11])
    expect(outcome(() => guest.call('indirect', 4))).toMatch(/^trap: /)
    expect(guest.call('init')).toBe(11)
    expect(guest.call('seven')).toBe(7)
    expect(((guest.exports['g'] as WebAssembly.Global).value as () => number)()).toBe(7)
  })

  it('are the same in a table after the host put it back', () => {
    const guest = startGuest(bytes, { fuel: 1000, imports: { host: { seven: () => 7 } }, meter: { state: 'exported' } })
    const table = guest.exports['glovebox:table:0'] as WebAssembly.Table
    const image = Array.from({ length: table.length }, (_, at) => table.get(at) as unknown)
    guest.call('init')
    image.forEach((entry, at) => table.set(at, entry))
    expect(guest.call('indirect', 0)).toBe(7)
  })
})

describe('custom sections', () => {
  const names = (map: number[]): [string, number[]] => ['name', section(1, map)]
  const functions = [{ type: 0, code: op.unreachable }]
  const customs = (bytes: Uint8Array): string[] => {
    const module = compile(meter(bytes).bytes)
    const known = ['dylink.0', 'producers', 'name', 'linking', 'reloc.CODE', '.debug_info', 'sourceMappingURL', 'metadata.code.branch_hint', 'x']
    return known.filter((field) => WebAssembly.Module.customSections(module, field).length > 0)
  }

  it('keep the place that loaders look for them, and go when they hold offsets of the old code', () => {
    const bytes = program(op.loop(EMPTY), {
      customs: [['dylink.0', [1, 2]]],
      tail: [['producers', [0]], ['linking', [2]], ['reloc.CODE', [0]], ['.debug_info', [1]], ['sourceMappingURL', name('x.map')], ['x', []]],
    })
    expect(customs(bytes)).toEqual(['dylink.0', 'producers', 'metadata.code.branch_hint', 'x'])
    expect([...meter(bytes).bytes.subarray(8, 12)]).toEqual([0, 11, 8, 0x64])
  })

  it('replace branch hints of the old code', () => {
    const hints: [string, number[]] = ['metadata.code.branch_hint', [1, 0, 1, 3, 1, 1]]
    const module = compile(meter(program(op.loop(EMPTY), { customs: [hints] })).bytes)
    expect(WebAssembly.Module.customSections(module, hints[0])).toHaveLength(1)
  })

  it('keep the names of functions in the stacks of traps', () => {
    const bytes = build({
      types: [[[], []]],
      imports: [importEntry('host', 'f', [0, 0])],
      functions: [{ type: 0, code: [] }, ...functions],
      exports: [['run', 0, 2]],
      tail: [names(vec([[0, ...name('imported')], [1, ...name('first')], [2, ...name('culprit')]]))],
    })
    const guest = startGuest(bytes, { fuel: 1, imports: { host: { f: () => undefined } } })
    let stack = ''
    try {
      guest.call('run')
    } catch (error) {
      stack = (error as Error).stack ?? ''
    }
    expect(stack).toContain('culprit')
  })

  it.each<[string, number[]]>([
    ['longer than its section', [200, 1]],
    ['of functions that do not exist', vec([[9, ...name('x')]])],
    ['that are not UTF-8', vec([[0, 1, 0xff]])],
  ])('lose names %s', (_, map) => {
    const bytes = build({ types: [[[], []]], functions, tail: [names(map)] })
    expect(customs(bytes)).toEqual(['metadata.code.branch_hint'])
  })

  it('may be many', () => {
    const tail = Array.from({ length: 500 }, (_, at): [string, number[]] => [`x${at}`, u(at)])
    expect(WebAssembly.validate(meter(build({ tail })).bytes as Uint8Array<ArrayBuffer>)).toBe(true)
  })
})
