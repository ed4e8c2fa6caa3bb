const long = 'abcdefghijklmnopqrstuvwxyz'.repeat(100)

/**
 * A value with something of each kind that the host reads from an isolate's memory. The prelude has one for the host
 * to read when an image is made, and the host has another to compare it with.
 */
export const SAMPLE = {
  int: 1,
  negative: -2_000_000,
  double: 1.5,
  large: 2 ** 60,
  infinite: -Infinity,
  none: NaN,
  zero: -0,
  text: 'text',
  latin: 'caf\u00e9',
  wide: '\u20ac \ud800',
  slice: long.slice(7, 2500),
  rope: long + '\n' + long,
  list: [true, false, null, undefined, { 7: 'index', nested: [[]] }],
  bytes: new Uint8Array([1, 2, 3]),
}
