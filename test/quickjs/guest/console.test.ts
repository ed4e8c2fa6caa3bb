import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { format as nodeFormat, inspect as nodeInspect } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import createConsole from '../../../src/quickjs/guest/libs/console.js'
import createInspect from '../../../src/quickjs/guest/libs/inspect.js'
import { useSandbox, valueOf } from '../../support/sandbox.js'
import { pureCore } from './pure-core.js'

const { inspect, format } = createInspect(pureCore())

function setup() {
  const core = pureCore({ inspect: createInspect })
  return { core, console: createConsole(core).console }
}

/** What Node's console writes for the same calls. */
function node(run: (console: Console) => void): string {
  let text = ''
  const stream = new Writable({ write: (chunk, _, done) => ((text += String(chunk)), done()) })
  run(new Console({ stdout: stream, stderr: stream, colorMode: false }))
  return text
}

class Point {
  x = 1
  y = 2
}
class Bag extends Map<unknown, unknown> {}
class List extends Array {}
const cycle: Record<string, unknown> = { name: 'a' }
cycle['self'] = { deep: cycle }
const named = Object.assign(() => 1, { extra: 1 })

/** Values shown exactly as Node shows them. */
const SAME: readonly unknown[] = [
  1, -0, NaN, 10n, true, null, undefined, 'text', Symbol('s'), Symbol.iterator,
  [], {}, [1, 2, 3], { a: 1, b: 'x' }, { 'a-b': 1, 2: 3, [Symbol('k')]: 4 }, ['it\'s', '"', 'a\'"b', 'new\nline', '\x1b[31m', '\ud800'],
  // oxlint-disable-next-line no-sparse-arrays -- holes are shown as such
  [undefined, null, [[]], {}], [, 1, , , 2], Object.assign([1, 2], { extra: true }), [1.5, -2.25, 1000],
  { a: { b: { c: { d: 1 } } } }, { a: [{ b: [{ c: 1 }] }] }, [[[[]]]], { a: { b: { c: {} } } }, { a: { b: { c: [] } } },
  new Map<unknown, unknown>([['a', 1], [{ k: 1 }, [2]]]), new Set([1, 'a', { b: 2 }]), new Map(), new Set(), new Bag([[1, 2]]), List.from([1, 2]),
  new Date(0), new Date(NaN), /a\/b/gi, new Point(), Object.create(null), Object.assign(Object.create(null) as object, { a: 1 }),
  new Uint8Array([1, 2, 3]), new Float64Array(2), new BigInt64Array([1n]), new Uint8Array(0),
  function named() {}, () => {}, class A {}, class B extends Point {}, async () => {}, async function f() {}, function* gen() {}, named,
  Object(1), Object('s'), Object(false), Object(1n), cycle, [cycle, cycle], { get a(): unknown { return 1 }, set a(_: unknown) {}, get b() { return 1 }, set c(_: unknown) {} },
  Array.from({ length: 101 }, (_, i) => i), Array.from({ length: 30 }, (_, i) => i * 1000), Array.from({ length: 12 }, (_, i) => 'item ' + i), Array.from({ length: 7 }, () => ({})),
  Array.from({ length: 27 }, (_, i) => 'x'.repeat(i)), Array.from({ length: 10 }, (_, i) => [i, i]), Array(200), Object.assign([], { 150: 1, 151: 2 }),
  new Set(Array.from({ length: 120 }, (_, i) => i)), new Map(Array.from({ length: 102 }, (_, i) => [i, i])), 'x'.repeat(10_001), ['x'.repeat(10_005)],
  { long: 'x'.repeat(60), other: 'y'.repeat(30) }, { a: 'x'.repeat(20), b: 'y'.repeat(20), c: 'z'.repeat(20), d: 1 }, new ArrayBuffer(3),
  { [Symbol.toStringTag]: 'Tagged', a: 1 }, (function* () {})(), { f() {}, g: class {}, h: Symbol('x') },
  { a: 1, b: { c: 2, d: [1, 2, { e: 3 }] }, f: 'some text that is long enough to break the line', g: new Date(0) },
  [{ id: 1, name: 'one', tags: ['a', 'b'] }, { id: 2, name: 'two', tags: [] }], [1, 'a', true, null, 2n, undefined, Symbol('q'), -0], globalThis.Math,
  [['a', 1], ['b', 2]], { nested: new Map([['k', new Map([['l', new Set([[1]])]])]]) },
]

describe('inspect() shows as Node does', () => {
  SAME.forEach((value, index) => {
    it(`value ${index}: ${nodeInspect(value).slice(0, 40).replaceAll('\n', ' ')}`, () => {
      expect(inspect(value)).toBe(nodeInspect(value))
    })
  })

  it('any data', () => {
    const data = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withNullPrototype: true, withSparseArray: true, withBoxedValues: true, maxDepth: 4, maxKeys: 8 })
    fc.assert(fc.property(data, (value) => {
      expect(inspect(value)).toBe(nodeInspect(value))
    }), { numRuns: 1000, seed: 7 })
  })

  it('depth, width and length as asked', () => {
    const value = { a: { b: { c: { d: { e: 1 } } } }, list: [1, 2, 3, 4], text: 'x'.repeat(30) }
    for (const options of [{ depth: 0 }, { depth: 1 }, { depth: null }, { depth: Infinity }, { maxArrayLength: 2 }, { maxStringLength: 5 }, { breakLength: 20 }]) {
      expect(inspect(value, options)).toBe(nodeInspect(value, options))
    }
  })
})

describe('inspect() of errors', () => {
  it('shows name, message, frames, further properties and causes', () => {
    const cause = Object.defineProperty(new TypeError('inner'), 'stack', { value: 'TypeError: inner\n    at inner (main.js:1:1)' })
    const error = Object.assign(Object.defineProperty(new Error('outer', { cause }), 'stack', { value: '    at outer (main.js:2:2)\n    at call (glovebox:prelude:1:1)\n' }), { code: 'E' })
    expect(inspect(error)).toBe('Error: outer\n    at outer (main.js:2:2) {\n  [cause]: TypeError: inner\n      at inner (main.js:1:1),\n  code: \'E\'\n}')
    expect(inspect([Object.defineProperty(new Error('bare'), 'stack', { value: '' })])).toBe('[ [Error: bare] ]')
  })
})

describe('inspect() survives', () => {
  const boom = (): never => {
    throw new Error('was run')
  }

  it('getters, without running them', () => {
    expect(inspect({ get boom() { return boom() } })).toBe('{ boom: [Getter] }')
    expect(inspect(Object.defineProperty([1], 0, { get: boom }))).toBe('[ [Getter] ]')
  })

  it('proxies whose traps throw, and revoked ones', () => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    expect(inspect([new Proxy({}, { ownKeys: boom, get: boom, getPrototypeOf: boom, getOwnPropertyDescriptor: boom }), proxy, 1])).toBe('[ [unreadable object], [unreadable object], 1 ]')
  })

  it('toString, Symbol.toPrimitive, constructor and inspect.custom that throw', () => {
    const hostile = { toString: boom, [Symbol.toPrimitive]: boom, valueOf: boom, a: 1 }
    expect(format(['%s %d', hostile, hostile])).toMatch(/NaN$/)
    expect(inspect({ [Symbol.for('nodejs.util.inspect.custom')]: boom })).toBe('[unreadable object]')
    expect(inspect(Object.create({ get constructor() { return boom() } }))).toBe('{}')
  })

  it('an array of length 2^32-1 and a graph that grows when printed, in bounded time and text', () => {
    const started = performance.now()
    expect(inspect(Object.assign([], { length: 2 ** 32 - 1 }))).toBe('[ <4294967295 empty items> ]')
    let bush: unknown = 'leaf'
    for (let i = 0; i < 60; i++) bush = [bush, bush]
    expect(inspect(bush, { depth: Infinity }).length).toBeLessThan(5_000_000)
    let chain: unknown = null
    for (let i = 0; i < 100_000; i++) chain = { chain }
    expect(inspect(chain, { depth: 4 })).toContain('[Object]')
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('custom inspection as Node has it', () => {
    const custom = { [Symbol.for('nodejs.util.inspect.custom')]: (_d: unknown, _o: unknown, show: (v: unknown) => string) => `<${show({ a: 1 })}>` }
    expect(inspect({ custom })).toBe('{ custom: <{ a: 1 }> }')
  })
})

describe('format() fills placeholders as Node does', () => {
  const calls: readonly (readonly unknown[])[] = [
    ['%s', 'a'], ['%s %s', 'a'], ['%d', '42'], ['%d', 1n], ['%d', {}], ['%i', 42.9], ['%i', 'x'], ['%f', '1.5x'], ['%f', Symbol('s')], ['%j', { a: [1] }], ['%j', undefined],
    ['%o', [1]], ['%O', { a: { b: { c: { d: 1 } } } }], ['%c styled', 'color: red'], ['%% %s', 1], ['100%', 1], ['%s', null, undefined, 3n], ['%s', { a: { b: 1 } }], ['%s', -0], ['%x', 1],
    ['a', 'b', 1, { c: 2 }], [1, '%s', 2], ['%s', Symbol('s')], ['%s', () => 1], [''], ['%s'], ['%', 1], ['%d %i %f', -0, -0.5, -0], ['%s', new Date(0)], ['%s', [1, [2, [3]]]],
  ]
  for (const args of calls) {
    if (args[0] === '%o') continue
    it(nodeInspect(args).slice(0, 50).replaceAll('\n', ' '), () => expect(format(args)).toBe(nodeFormat(...args)))
  }
})

describe('console', () => {
  it('passes a plain string on without loading the formatter', () => {
    const { console, core } = setup()
    console.log('hello')
    console.error('oh')
    console.log(42)
    expect(core.lines).toEqual([['log', 'hello'], ['error', 'oh'], ['log', '42']])
    expect(core.loaded).toEqual([])
    console.log({ a: 1 })
    expect(core.loaded).toEqual(['inspect'])
  })

  it('names each level, and methods work detached', () => {
    const { console, core } = setup()
    const { info, warn, debug, trace, log } = console
    info('i')
    warn('w')
    debug('d')
    log()
    trace('t %s', 1)
    expect(core.lines.map(([level]) => level)).toEqual(['info', 'warn', 'debug', 'log', 'trace'])
    expect(core.lines[4]![1]).toMatch(/^Trace: t 1\n\s+at /)
  })

  it('groups, counts, asserts, times and tabulates as Node does', () => {
    const run = (console: Console): void => {
      console.group('outer', { a: 1 })
      console.log('line\nline')
      console.group()
      console.count()
      console.count('x')
      console.countReset()
      console.count()
      console.groupEnd()
      console.groupEnd()
      console.groupEnd()
      console.assert(true, 'no')
      console.assert(false)
      console.assert(false, 'with %s', 'text')
      console.assert(false, { a: 1 } as never)
      console.dir({ a: { b: { c: { d: 1 } } } }, { depth: 0 })
      console.table([{ a: 1, b: 'x' }, { a: 2, c: true }, 5])
      console.table([[1, 2], [3, 4]])
      console.table([{ a: 1, b: 2 }], ['b'])
      console.table({ r1: { c: 1 }, r2: { c: 2 } })
      console.table(new Set([1, 'a']))
      console.table(new Map<string, unknown>([['k', 1], ['l', { a: 1 }]]))
      console.table('no table')
      console.table([])
    }
    const { console, core } = setup()
    run(console as unknown as Console)
    expect(core.lines.map(([, text]) => text + '\n').join('')).toBe(node(run))
  })

  it('measures with the clock of the call', () => {
    const { console, core } = setup()
    console.time('t')
    console.timeLog('t', 'note', { a: 1 })
    console.timeEnd('t')
    console.timeEnd('t')
    expect(core.lines.map(([, text]) => text.replace(/[\d.]+m?s/, 'N'))).toEqual(['t: N note { a: 1 }', 't: N', "No such label 't' for console.timeEnd()"])
  })
})

describe('in a guest', () => {
  const { run } = useSandbox()

  it('console lines arrive in order, formatted', async () => {
    const result = await run(`
      console.log('plain')
      console.warn({ a: new Map([['k', new Set([1])]]) }, 'and %s')
      console.error('%s is %d', 'x', 5)
      class Foo { bar = 1 }
      console.log(new Foo(), [1, , 3], null, undefined, -0, 10n, Symbol('s'), () => 1, new Uint8Array(2))
      console.log(new Proxy({}, { ownKeys() { throw 1 } }), Object.create(null), /x/g, new Date(0))
      console.table([{ a: 1 }])
    `)
    expect(result.outcome).toBe('returned')
    expect(result.console).toEqual([
      { level: 'log', text: 'plain' },
      { level: 'warn', text: "{ a: Map(1) { 'k' => Set(1) { 1 } } } and %s" },
      { level: 'error', text: 'x is 5' },
      { level: 'log', text: 'Foo { bar: 1 } [ 1, <1 empty item>, 3 ] null undefined -0 10n Symbol(s) [Function (anonymous)] Uint8Array(2) [ 0, 0 ]' },
      { level: 'log', text: '[unreadable object] [Object: null prototype] {} /x/g 1970-01-01T00:00:00.000Z' },
      { level: 'log', text: '┌─────────┬───┐\n│ (index) │ a │\n├─────────┼───┤\n│ 0       │ 1 │\n└─────────┴───┘' },
    ])
  })

  it('an error is shown with the frames of the guest and no other', async () => {
    const result = await run(`function inner() { return new TypeError('bad', { cause: new Error('why') }) }\nconsole.log(inner())`)
    const [line] = result.console
    expect(line!.text).toMatch(/^TypeError: bad\n {4}at inner /)
    expect(line!.text).toMatch(/\[cause\]: Error: why\n/)
    expect(line!.text).not.toContain('glovebox:')
  })

  it('a getter that loops is not run, nor a toString that throws', async () => {
    const result = await run(`console.log({ get x() { for (;;); } }, { toString() { throw 1 } }); return 1`)
    expect(valueOf(result)).toBe(1)
    expect(result.console[0]!.text).toBe('{ x: [Getter] } { toString: [Function: toString] }')
  })
})
