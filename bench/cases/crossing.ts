import type { Axis, Point, SeriesCase } from '../suite.js'
import { QUICK } from './quick.js'

const COUNTS = [1, 10, 100, 1000, 10_000]
const SIZES = [1 << 10, 10 << 10, 100 << 10, 1 << 20, 10 << 20]

const OBJECTS: Axis = { kind: 'number', title: 'Objects', unit: 'count', scale: 'log' }
const BYTES: Axis = { kind: 'number', title: 'Size', unit: 'bytes', scale: 'log' }

/** Made when a point is measured, not in every process of the bench. */
const toItems = (count: number): unknown => Array.from({ length: count }, (_, id) => ({ id, name: `item ${id}`, done: id % 2 === 0 }))
const MAKE_ITEMS = '({ count }) => Array.from({ length: count }, (_, id) => ({ id, name: `item ${id}`, done: id % 2 === 0 }))'
const COUNT_ITEMS = '(items) => items.length + items[items.length - 1].id'
const MAKE_BYTES = '({ size }) => new Uint8Array(size).fill(7)'
const LAST_BYTE = '(bytes) => bytes.length + bytes[bytes.length - 1]'

/** Many for what is small, few for what is large. */
const paceFor = (share: number): Point['pace'] & object => ({
  fast: { warmUp: Math.max(2, Math.round(50 * share)), burst: Math.max(1, Math.round(8 * share)) },
  slow: { warmUp: 2, burst: 1 },
})

const common = { kind: 'series', rounds: { full: 12, quick: 2 }, pace: paceFor(1) } as const
const NOTE = 'contenders without sessions make an isolate for it too'

export const objectsIn: SeriesCase = {
  ...common,
  name: 'objects-in',
  opens: 'value',
  title: 'Objects into the guest',
  about: `hand a list of small objects to a function of the guest, which looks at the last of them; ${NOTE}`,
  proofs: [{ program: '(input) => typeof input.a + Array.isArray(input.b)', expected: 'numbertrue', given: { input: { a: 1, b: [] } } }],
  axis: OBJECTS,
  points: COUNTS.map((count) => ({
    at: count, program: COUNT_ITEMS, expected: 2 * count - 1, operations: 1, pace: paceFor(count < 1000 ? 1 : 100 / count),
    get given() { return { input: toItems(count) } },
  })),
  quick: { at: [1, 1000], contenders: [...QUICK, 'glovebox, JSON text', 'JSON'] },
}

export const objectsOut: SeriesCase = {
  ...common,
  name: 'objects-out',
  opens: 'value',
  title: 'Objects out of the guest',
  about: `have the guest make a list of small objects and give it back; making them counts; ${NOTE}`,
  proofs: [{ program: '(input) => ({ a: input.a, b: [null, true, "text"] })', expected: { a: 1, b: [null, true, 'text'] }, given: { input: { a: 1 } } }],
  axis: OBJECTS,
  points: COUNTS.map((count) => ({
    at: count, program: MAKE_ITEMS, operations: 1, given: { input: { count } }, pace: paceFor(count < 1000 ? 1 : 100 / count),
    get expected() { return toItems(count) },
  })),
  quick: { at: [1, 1000], contenders: [...QUICK, 'glovebox, JSON text', 'JSON'] },
}

export const bytesIn: SeriesCase = {
  ...common,
  name: 'bytes-in',
  opens: 'bytes',
  title: 'Bytes into the guest',
  about: `hand an array of bytes to a function of the guest, which looks at the last of them; ${NOTE}`,
  proofs: [{ program: '(bytes) => bytes[0] + bytes[1]', expected: 300, given: { input: Uint8Array.of(100, 200) } }],
  axis: BYTES,
  points: SIZES.map((size) => ({
    at: size, program: LAST_BYTE, expected: size + 7, operations: 1, pace: paceFor(size < 1 << 20 ? 1 : 0.1),
    get given() { return { input: new Uint8Array(size).fill(7) } },
  })),
  quick: { at: [1 << 10, 1 << 20], contenders: [...QUICK, 'memcpy'] },
}

export const bytesOut: SeriesCase = {
  ...common,
  name: 'bytes-out',
  opens: 'bytes',
  title: 'Bytes out of the guest',
  about: `have the guest make an array of bytes and give it back; making it counts; ${NOTE}`,
  proofs: [{ program: '({ size }) => Uint8Array.of(size, 200)', expected: Uint8Array.of(9, 200), given: { input: { size: 9 } } }],
  axis: BYTES,
  points: SIZES.map((size) => ({
    at: size, program: MAKE_BYTES, operations: 1, given: { input: { size } }, pace: paceFor(size < 1 << 20 ? 1 : 0.1),
    get expected() { return new Uint8Array(size).fill(7) },
  })),
  quick: { at: [1 << 10, 1 << 20], contenders: [...QUICK, 'memcpy'] },
}
