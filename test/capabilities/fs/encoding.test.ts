import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, encodeText, toEncoding } from '../../../capabilities/fs/encoding.js'

const NAMES = ['utf8', 'latin1', 'ascii', 'hex', 'base64', 'base64url', 'utf16le'] as const

describe('text encodings', () => {
  it.each(NAMES)('decodeText() and encodeText() in %s are those of a Buffer', (name) => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 50 }), (bytes) => {
      expect(decodeText(bytes, name)).toBe(Buffer.from(bytes).toString(name))
    }), { numRuns: 500 })
    const text = name === 'hex' ? fc.string({ unit: fc.constantFrom('a', 'F', '0', '9', 'g', ' ') })
      : name.startsWith('base64') ? fc.base64String() : fc.string({ unit: 'binary' })
    fc.assert(fc.property(text, (value) => {
      expect(Buffer.from(encodeText(value, name)).toString('hex')).toBe(Buffer.from(value, name).toString('hex'))
    }), { numRuns: 500 })
  })

  it('four megabytes cost no stack', () => {
    const bytes = new Uint8Array(4_000_000).fill(0xab)
    for (const name of NAMES) expect(encodeText(decodeText(bytes, name), name).length).toBeGreaterThanOrEqual(name === 'utf8' ? 1 : 3_999_999)
  })

  it('toEncoding() takes Node\'s names in any case and refuses others', () => {
    expect(['UTF-8', 'Utf8', 'binary', 'ucs2', 'UTF-16LE'].map(toEncoding)).toEqual(['utf8', 'utf8', 'latin1', 'utf16le', 'utf16le'])
    for (const name of ['', 'utf7', 'toString', '__proto__', 8, null, {}]) expect(() => toEncoding(name)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }))
  })
})
