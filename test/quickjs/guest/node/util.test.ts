import { describe, it } from 'vitest'
import { useSame } from './same.js'

const same = useSame()
const setup = `const util = require('node:util'); const { inspect, format } = util
const deep = { a: { b: { c: { d: 1 } } }, list: [[[[1]]]] }, loop = { name: 'x' }; loop.self = loop
class Point { constructor() { this.x = 1 } get y() { return 2 } static z = 3 }
class Shown { [inspect.custom](depth, options, show) { return 'Shown<' + depth + ' ' + typeof options.stylize + ' ' + show({ a: 1 }) + '>' } }`

describe('node:util', () => {
  it('inspect() shows values as Node does', async () => {
    const values = [
      '1', '-0', '1n', '"a\'b"', '"line\\nline"', 'null', 'undefined', 'true', 'Symbol("s")', '[1, 2, 3]', '[1, , 3]', '[undefined, null]', '{ a: 1, "b-c": 2, [Symbol("k")]: 3 }', 'new Map([[1, { a: 2 }]])', 'new Set([1, "a"])',
      'deep', 'loop', 'new Point()', 'Point', 'class extends Point {}', '() => {}', 'function named() {}', 'async () => {}', 'function* g() {}', 'new Date(0)', 'new Date(NaN)', '/a\\/b/gi', '[new Date(0)]', 'Object.create(null)',
      'Object.create({ constructor: undefined })', 'new (class Foo extends Map {})([[1, 2]])', 'new (class Bar extends Array {})(3)', 'Object.assign(() => {}, { a: 1 })', 'new Number(3)', 'new String("abc")', 'Object(Symbol("q"))', 'Object(1n)',
      'new Uint8Array([1, 2])', 'new Float64Array(2)', 'new ArrayBuffer(4)', 'new Array(5)', 'Array.from({ length: 200 }, (_, i) => i)', '"x".repeat(50).split("")', '{ a: "x".repeat(100) }', '["a".repeat(40), "b".repeat(40)]', '{ get a() { return 1 }, set a(v) {}, get b() { return 1 }, set c(v) {} }',
      '{ a: { b: 1, c: [1, 2, { d: 3 }] }, e: "f".repeat(60) }', 'new Shown()', '[new Shown()]', '{ s: new Shown() }', 'Object.assign([1, 2], { extra: true })', 'globalThis === undefined', 'new WeakMap()', 'new WeakSet()', '[["a", 1], ["b", 2]]', '{ "": 1, a1: 2, "1a": 3, $: 4, _: 5 }',
      'Array.from({ length: 30 }, (_, i) => "item" + i)', 'Array.from({ length: 10 }, (_, i) => ({ id: i, name: "n" + i }))', '{ text: "line one\\nline two is much longer than the first one, that is for sure, and goes on\\nthird" }', '[1.5, 2.25, 100, -3, 4, 5, 6, 7]', 'new Map([["k", new Map([["i", new Set([1])]])]])',
      'Object.create(Point.prototype)', 'Object.create({})', '(function () { return arguments })(1, 2)', '[function a() {}, class B {}]', 'JSON', 'Math.max', '[,"a",,]', '{ f() {}, g: async () => {}, h: class {} }', 'new Error("m").message', '[new Proxy({ a: 1 }, {})]', '[1].values()[Symbol.toStringTag]',
    ]
    await same(setup, values.map((value) => `inspect(${value})`))
  })

  it('inspect() does what its options ask for, as Node does', async () => {
    const values = ['deep', '[[1, [2, [3, [4]]]]]', 'new Map([[{ b: 1 }, { a: [1, 2] }]])', '{ b: 2, a: 1, c: { z: 1, y: 2 } }', '["b", "a"]', '{ n: 123456789.123, i: -1234567n, s: "str", u: undefined, nul: null, t: true, d: new Date(0), r: /x/, f() {}, y: Symbol("q"), [Symbol("w")]: 1 }', '{ get a() { return { b: 1 } }, get c() { return 5 }, set c(v) {} }', 'loop', 'Array.from({ length: 120 }, (_, i) => i)', '"x".repeat(300)', 'new Shown()', 'Object.assign(Object.create({ up: 1 }, { hid: { value: 1, enumerable: false } }), { a: 1 })', '[1, , 2]', 'new Set(["b", "a"])']
    const hidden = ['[[1, [2, 3]]]', '{ f() {}, r: /x/, d: new Date(0) }', '[1, , 2]', 'new Set([1])', 'Object.defineProperty({ a: 1 }, "hid", { value: 2 })', '(class A {}).name', '"s"', '() => {}']
    const options = ['{ depth: 0 }', '{ depth: null }', '{ depth: Infinity }', '{ compact: false }', '{ compact: 1 }', '{ compact: true }', '{ sorted: true }', '{ sorted: (a, b) => (a < b ? 1 : -1) }', '{ colors: true }', '{ colors: true, compact: false, depth: 5 }', '{ getters: true }', '{ getters: "get" }', '{ getters: "set" }', '{ breakLength: 20 }', '{ breakLength: Infinity }', '{ maxArrayLength: 3 }', '{ maxArrayLength: null }', '{ maxStringLength: 4 }', '{ numericSeparator: true }', '{ customInspect: false }', '{ breakLength: 40, compact: 2, depth: 4, colors: true }']
    await same(setup, [...options.flatMap((option) => values.map((value) => `inspect(${value}, ${option})`)), ...hidden.map((value) => `inspect(${value}, { showHidden: true })`), 'inspect(deep, false, 0)', 'inspect({ a: 1 }, false, null, true)', 'inspect.defaultOptions.depth', 'inspect.custom.toString()', 'inspect.colors.red', 'inspect.styles.string'])
  })

  it('format() fills in as Node does', async () => {
    await same(setup, [
      "format('%s %d %i %f %j %o %O %c %%', 'a', '42', '3.9', '1.5', { a: 1 }, [1], { b: { c: {} } }, 'css')", "format('%s', null, undefined, 5n, Symbol('x'), { a: { b: 1 } })", "format('a', 'b', 3, { c: 1 })", 'format(1, 2, "3")', "format('%s')", "format('%d', 5n, '0x10')", "format('%d', {})", "format('%i', 'abc')", "format('%j', loop)",
      "format('%s', () => 5)", "format('%s', new Point())", "format('%s', -0)", "format('%s', [1, [2, [3]]])", "format('%s', new Date(0))", "format('%x %s', 1)", "format('100%')", "format('%o', { f() {} })", "format()", "format('%s', class A {})", "format('%s %s', 'only one')", "util.formatWithOptions({ colors: true }, '%s %O', 'a', { b: 1 })", "format('%s', Object.create(null))", "format('%s', new Error('boom')).split('\\n')[0]", "format('%%%s%%', 'hi')", "format('%s', 1234567890123456789n)",
    ])
  })

  it('makes functions as Node does', async () => {
    await same(setup, [
      "util.promisify((a, done) => done(null, a + 1))(1)", "util.promisify((done) => done(Object.assign(new Error('no'), { code: 'OURS' })))()", 'util.promisify(5)', "util.promisify(Object.assign(() => {}, { [util.promisify.custom]: () => 7 }))()", "util.promisify(setTimeout)(1, 'v')", "util.promisify(setImmediate)('w')", 'util.promisify(function named(a, b) {}).name',
      "new Promise((done) => util.callbackify(async (a) => a * 2)(4, (error, value) => done([error, value])))", "new Promise((done) => util.callbackify(async () => { throw null })((error) => done([error.code, error.message])))", 'util.callbackify(async (a, b) => {}).length', 'util.callbackify(function f() {}).name', "util.callbackify(async () => {})()",
      "(() => { function A() {} function B() {} B.prototype.hi = () => 1; util.inherits(A, B); return [new A().hi(), A.super_ === B, Object.keys(A)] })()", 'util.inherits(5, 5)', "(() => { const f = util.deprecate((a) => a + 1, 'old'); return [f(1), f(2), f.length] })()",
      "util.stripVTControlCharacters('\\u001b[31mred\\u001b[0m \\u001b]8;;http://a\\u0007link\\u001b]8;;\\u0007')", "util.styleText('red', 'x', { validateStream: false })", "util.styleText(['bold', 'underline'], 'x', { validateStream: false })", "util.styleText('none-such', 'x').length", "util.toUSVString('a\\ud800')", "util.isArray([])", "util.parseEnv('A=1\\nB=\"x y\"\\n#c\\nexport C = z # note\\nD=\\'q\\'\\nE=\\nF=\"a\\\\nb\"')",
      'typeof util.TextEncoder + typeof util.TextDecoder', "util.debuglog('x').enabled", 'Object.keys(util.types).length > 40', 'util._extend({ a: 1 }, { b: 2 })',
    ])
  })

  it('isDeepStrictEqual() answers what Node answers', async () => {
    const values = [
      '1', '"1"', 'NaN', '0', '-0', 'null', 'undefined', '[]', '{}', '[1, 2]', '[1, , 2]', '[1, undefined, 2]', '{ a: 1 }', '{ a: undefined }', '{ b: undefined }', 'new Date(0)', 'new Date(1)', '/a/', '/a/g', 'new Map([[1, { a: 1 }]])', 'new Map([[{ k: 1 }, 1]])', 'new Set([1, { a: 1 }])', 'new Set([{ a: 1 }, 1])',
      'new Error("a")', 'new Error("b")', 'new TypeError("a")', 'Object.create(null)', 'new Uint8Array([1])', 'new Int8Array([1])', 'new Float32Array([-0])', 'new Float32Array([0])', 'Object(1)', 'Object("1")', 'Symbol.iterator', '() => {}', '{ a: { b: [1, { c: 2 }] } }', '{ [Symbol.iterator]: 1 }', '(() => { const o = {}; o.o = o; return o })()', '(() => { const o = { o: {} }; o.o.o = o; return o })()',
      'new ArrayBuffer(2)', 'new Map([["a", 1], ["b", 2]])', 'new Map([["b", 2], ["a", 1]])', 'new Error("a", { cause: 1 })', 'Object.assign([1, 2], { x: 1 })', '10n', 'new (class A { a = 1 })()', 'true', 'new Boolean(true)',
    ]
    await same(setup, values.map((a) => `[${values.map((b) => `util.isDeepStrictEqual(${a}, ${b})`).join(', ')}].map(Number).join('')`))
  })

  it('types tell what values are inside, as Node does', async () => {
    const values = ['1', '{}', 'new Map()', 'new Set()', 'new Date()', '/a/', 'new Error()', 'Object.create(Error.prototype)', 'Promise.resolve()', '{ then() {} }', 'new WeakMap()', 'new WeakSet()', 'new ArrayBuffer(1)', 'new SharedArrayBuffer(1)', 'new DataView(new ArrayBuffer(1))', 'new Uint8Array(1)', 'new BigInt64Array(1)', 'Buffer.alloc(1)', 'async () => {}', 'function* () {}', 'async function* () {}', '(function* () {})()', 'new Map().keys()', 'new Set().values()', '(function () { return arguments })()', 'Object(1)', 'Object("a")', 'Object(Symbol())', 'new Proxy({}, {})', 'new Proxy([], {})', '() => {}', 'null', '"x"']
    await same(setup, values.map((value) => `(() => { const v = ${value}; return Object.keys(util.types).filter((name) => name !== 'isEventTarget' && util.types[name](v)).sort() })()`))
  })

  it('parseArgs() reads arguments as Node does', async () => {
    const options = "{ force: { type: 'boolean', short: 'f' }, name: { type: 'string', short: 'n' }, tag: { type: 'string', multiple: true, short: 't' }, level: { type: 'string', default: 'info' }, verbose: { type: 'boolean', short: 'v', multiple: true } }"
    const lists = [[], ['-f'], ['--force', '--name', 'bob'], ['--name=bob', 'pos'], ['-nbob'], ['-fn', 'bob'], ['-fnbob', '-t', 'a', '-tb'], ['--tag', 'x', '--tag=y', '-vv', '-v'], ['--', '--force', 'x'], ['--nope'], ['-x'], ['--name'], ['--force=1'], ['--name', '-f'], ['--no-force'], ['a', 'b', '--', 'c'], ['-'], ['--name='], ['--name', ''], ['--name', '-1'], ['-fx'], ['--tag=-1']]
    const configs = ['', 'allowPositionals: true', 'strict: false', 'allowPositionals: true, tokens: true', 'allowNegative: true', 'strict: false, tokens: true']
    await same(setup, [...lists.flatMap((list) => configs.map((config) => `util.parseArgs({ args: ${JSON.stringify(list)}, options: ${options}, ${config} })`)), "util.parseArgs({ options: { a: { type: 'x' } } })", "util.parseArgs({ options: { a: { type: 'string', short: 'ab' } } })", "util.parseArgs({ options: { a: { type: 'string', default: 5 } }, args: [] })", 'util.parseArgs({ args: 5 })', 'util.parseArgs(5)'])
  })
})
