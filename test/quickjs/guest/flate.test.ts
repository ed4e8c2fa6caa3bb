import { deflateRawSync, deflateSync, gunzipSync, gzipSync, inflateRawSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import flate, { type Flow } from '../../../src/quickjs/guest/libs/flate.js'
import { pureCore } from './pure-core.js'

const ours = flate(pureCore())
const FORMATS = [['gzip', gzipSync, gunzipSync], ['deflate', deflateSync, inflateSync], ['deflate-raw', deflateRawSync, inflateRawSync]] as const

/** Everything that comes out when `bytes` go in, `size` at a time. */
function through(flow: Flow, bytes: Uint8Array, size: number): Buffer {
  const out: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) out.push(...flow.push(bytes.subarray(at, at + size)))
  return Buffer.concat([...out, ...flow.end()])
}

const data = fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.array(fc.constantFrom('abc', 'hello ', '\n', 'zz'), { maxLength: 200 }).map((list) => new Uint8Array(Buffer.from(list.join('')))))

describe.each(FORMATS)('%s', (format, compress, decompress) => {
  it('is read by Node, and reads what Node wrote, in pieces of any size', () => {
    fc.assert(fc.property(data, fc.integer({ min: 1, max: 400 }), (bytes, size) => {
      expect(decompress(through(ours.compressor(format), bytes, size)).equals(Buffer.from(bytes))).toBe(true)
      expect(through(ours.decompressor(format), compress(bytes), size).equals(Buffer.from(bytes))).toBe(true)
    }), { numRuns: 150 })
    const long = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `line ${(i * 7919) % 1000}\n`).join(''))
    expect(through(ours.decompressor(format), compress(long), 1000).equals(long)).toBe(true)
    expect(decompress(through(ours.compressor(format), long, 70_000)).equals(long)).toBe(true)
  })

  it('refuses what ends too early, goes on behind its end, or was changed', () => {
    const whole = new Uint8Array(compress(Buffer.from('hello hello hello hello')))
    for (let length = 0; length < whole.length; length++) expect(() => through(ours.decompressor(format), whole.subarray(0, length), 5)).toThrow(TypeError)
    for (const size of [1, 7, 1000]) expect(() => through(ours.decompressor(format), Buffer.concat([whole, Buffer.from([0])]), size)).toThrow('there is data behind its end')
    if (format === 'deflate-raw') return
    for (let at = whole.length - (format === 'gzip' ? 8 : 4); at < whole.length; at++) {
      const changed = whole.slice()
      changed[at]! ^= 1
      expect(() => through(ours.decompressor(format), changed, 6)).toThrow(/its (?:checksum|length) is wrong/)
    }
    const changed = whole.slice()
    changed[0]! ^= 1
    expect(() => through(ours.decompressor(format), changed, 6)).toThrow('its header is none of')
  })

  it('is the same for the same input', () => {
    const bytes = Buffer.from('the same')
    expect(through(ours.compressor(format), bytes, 3)).toEqual(through(ours.compressor(format), bytes, 3))
  })
})

describe('gzip', () => {
  it('skips names, comments, extra fields and the checksum of a header', () => {
    const plain = gzipSync('text')
    const header = Buffer.from([...plain.subarray(0, 3), 4 + 8 + 16 + 2, ...plain.subarray(4, 10), 2, 0, 9, 9, 110, 0, 99, 0, 1, 2])
    for (const size of [1, 4, 100]) expect(through(ours.decompressor('gzip'), Buffer.concat([header, plain.subarray(10)]), size).toString()).toBe('text')
  })
})
