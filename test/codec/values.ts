import { deepStrictEqual } from 'node:assert'

/** Whether two values are the same data with the same sharing, compared without recursion into cycles. */
export function expectSame(actual: unknown, expected: unknown): void {
  deepStrictEqual(actual, expected)
}

const cycle: Record<string, unknown> = { name: 'loop' }
cycle['self'] = cycle
const shared = { once: 1 }
const buffer = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]).buffer
const mapCycle = new Map<unknown, unknown>()
mapCycle.set(mapCycle, new Set([mapCycle, NaN]))

/** Values that must arrive exactly, by what they are. */
export const EXACT: Readonly<Record<string, unknown>> = {
  'undefined': undefined,
  'null': null,
  'booleans': [true, false],
  'numbers': [0, -0, 1.5, NaN, Infinity, -Infinity, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53],
  'strings': ['', 'ä', '\0', 'a\0b', '\ud800', '\udc00x', '😀', '\u2028', ' [["u"]]'],
  'bigints': [0n, -1n, 2n ** 200n, -(16n ** 30n)],
  'dates': [new Date(0), new Date(-1), new Date(8.64e15), new Date(NaN)],
  'regular expressions': [/a\/b/gi, /(?<x>\u{1f600})/u, /[/]\n/, new RegExp('', 'y'), new RegExp('[/\n]', 's')],
  'a Map': new Map<unknown, unknown>([[NaN, -0], ['k', { a: undefined }], [{ k: 1 }, [1n]]]),
  'a Set': new Set([1, 'a', undefined, null, new Date(1)]),
  'an ArrayBuffer': buffer,
  'an empty ArrayBuffer': new ArrayBuffer(0),
  'typed arrays': [
    new Int8Array([-1]), new Uint8Array([255]), new Uint8ClampedArray([7]), new Int16Array([-2]), new Uint16Array([3]),
    new Int32Array([-4]), new Uint32Array([5]), new Float32Array([0.5]), new Float64Array([NaN, -0]),
    new BigInt64Array([-1n]), new BigUint64Array([2n ** 64n - 1n]),
  ],
  'a DataView': new DataView(buffer),
  // oxlint-disable-next-line no-sparse-arrays -- holes are the point
  'an array with holes': [, 1, , 2, ,],
  'an array with further properties': Object.assign([1, 2], { index: 0, input: 'x' }),
  'what match() gives': Object.assign([...'ab'.match(/(b)/)!], { index: 1, input: 'ab', groups: undefined }),
  'boxed primitives': [new Number(-0), new String('s'), new Boolean(false), Object(1n)],
  'an own __proto__ key': JSON.parse('{"__proto__":{"polluted":true}}'),
  'an own __proto__ key that needs a tag': { ['__proto__']: undefined, ok: 1n },
  'keys and arrays that look like tags': { t: 'date', v: 5, a: [['u'], [1], [{ t: 'map', v: [] }], ['b', 'ff'], ['h']], u: undefined },
  'a bare tag in plain form': [['u'], [1], [{ t: 'date', v: 5 }]],
  // oxlint-disable-next-line unicorn/no-thenable -- a `then` of the guest's is data
  'names of prototype methods': { toString: 1, constructor: { prototype: 2 }, hasOwnProperty: null, then: 'data', toJSON: 'data' },
  'a cycle': cycle,
  'a cycle through Map and Set': mapCycle,
  'shared references': [shared, { again: shared }, shared],
  'integer-like keys': { 1: 'a', 0: 'b', '-1': 'c', '01': 'd' },
  'nothing in it': [{}, [], new Map(), new Set()],
}

/** Everything that is refused, with the path and the words. */
export const REFUSED: readonly (readonly [string, () => unknown, string, string])[] = [
  ['a function', () => ({ items: [0, 0, 0, { onClick: () => 1 }] }), '$.items[3].onClick', 'a function'],
  ['a class', () => [class A {}], '$[0]', 'a function'],
  ['a symbol', () => ({ 'a b': Symbol('x') }), '$["a b"]', 'a symbol'],
  ['a property named by a symbol', () => ({ a: { [Symbol('x')]: 1 } }), '$.a', 'a property named by a symbol'],
  ['a getter', () => ({ get boom() { throw new Error('was run') } }), '$.boom', 'an accessor property'],
  ['a setter', () => ({ set boom(_: unknown) { throw new Error('was run') } }), '$.boom', 'an accessor property'],
  ['a getter in an array', () => Object.defineProperty([1], 0, { get() { throw new Error('was run') } }), '$[0]', 'an accessor property'],
  ['a getter beside a Date', () => ({ d: new Date(0), get boom() { throw new Error('was run') } }), '$.boom', 'an accessor property'],
  ['a Promise', () => [Promise.resolve()], '$[0]', 'an instance of Promise'],
  ['a WeakMap', () => new WeakMap(), '$', 'an instance of WeakMap'],
  ['a WeakRef', () => new WeakRef({}), '$', 'an instance of WeakRef'],
  ['a generator', () => (function* () {})(), '$', 'an instance of Generator'],
  ['a SharedArrayBuffer', () => new SharedArrayBuffer(8), '$', 'an instance of SharedArrayBuffer'],
  ['a view of a SharedArrayBuffer', () => [new Uint8Array(new SharedArrayBuffer(8))], '$[0]', 'a view of a SharedArrayBuffer'],
  ['a boxed symbol', () => Object(Symbol('x')), '$', 'an instance of Symbol'],
  ['a function in a Map', () => new Map([[1, () => 1]]), '$.value(0)', 'a function'],
  ['a function for a key', () => ({ m: new Map([[() => 1, 1]]) }), '$.m.key(0)', 'a function'],
  ['a function beside an error', () => Object.assign(new Error('x'), { retry() {} }), '$.retry', 'a function'],
  ['a Map with 20,000 numbers for keys', () => ({ m: new Map(Array.from({ length: 20_000 }, (_, i) => [i, i])) }), '$.m', 'a Map or Set with too many numbers for keys; use strings, or a list of pairs'],
  ['2^32-2 holes', () => Object.assign([], { length: 2 ** 32 - 1 }), '$', 'an array of length 4294967295 with more than 10000 holes'],
]
