import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Redactor } from '../../../capabilities/net/redact.js'

const knowing = (value: string, name = 'key'): Redactor => {
  const redactor = new Redactor()
  redactor.add(name, value)
  return redactor
}

const streamed = (redactor: Redactor, bytes: Uint8Array, cuts: readonly number[]): Buffer => {
  const stream = redactor.stream()
  const out: Uint8Array[] = []
  let at = 0
  for (const cut of [...cuts].map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b)) {
    out.push(stream.push(bytes.slice(at, cut)))
    at = cut
  }
  out.push(stream.push(bytes.slice(at)), stream.end())
  return Buffer.concat(out)
}

const token = fc
  .string({
    minLength: 8,
    maxLength: 40,
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
  })
  .filter((text) => !/[,;=]/.test(text))

describe('Redactor', () => {
  it('finds a credential in any encoding at any place, however the stream is cut', () => {
    const encodings: ((text: string, pad: string) => string)[] = [
      (text, pad) => pad + text + pad,
      (text, pad) => Buffer.from(pad + text + pad).toString('base64'),
      (text, pad) => Buffer.from(pad + text + pad).toString('base64url'),
      (text, pad) =>
        Buffer.from(pad + text + pad)
          .toString('hex')
          .toUpperCase(),
      (text, pad) => encodeURIComponent(pad + text),
      (text, pad) => JSON.stringify({ [pad]: text }),
    ]
    fc.assert(
      fc.property(
        token,
        fc.nat(encodings.length - 1),
        fc.string({ maxLength: 5 }),
        fc.array(fc.nat(200), { maxLength: 12 }),
        (text, at, pad, cuts) => {
          const bytes = Buffer.from(encodings[at]!(text, pad))
          const clean = streamed(knowing(`Bearer ${text}`), bytes, cuts).toString()
          expect(clean).toContain('[redacted:key]')
          expect(clean.toLowerCase()).not.toContain(text.toLowerCase())
        },
      ),
      { numRuns: 500 },
    )
  })

  it('gives the same bytes however the stream is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('abcabcabd', 'abcabc', 'abc', 'd', '\xff', 'xabcabcab'), { maxLength: 12 }),
        fc.array(fc.nat(80), { maxLength: 20 }),
        (parts, cuts) => {
          const redactor = knowing('abcabcabd')
          redactor.add('longer', 'abcabcabdabcabc')
          const bytes = Buffer.from(parts.join(''), 'latin1')
          expect(streamed(redactor, bytes, cuts)).toEqual(streamed(redactor, bytes, []))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('leaves bytes without a credential alone, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(300), { maxLength: 8 }), (bytes, cuts) => {
        expect(new Uint8Array(streamed(knowing('Bearer a-token-of-its-own'), bytes, cuts))).toEqual(bytes)
      }),
    )
  })

  it('holds back no more than what may become a credential', () => {
    const stream = knowing('0123456789').stream()
    expect(Buffer.from(stream.push(Buffer.from('data: 1\n\n'))).toString()).toBe('data: 1\n\n')
    expect(Buffer.from(stream.push(Buffer.from('data: 01234'))).toString()).toBe('data: ')
    expect(Buffer.from(stream.push(Buffer.from('x'))).toString()).toBe('01234x')
  })

  it('knows the parts of structured credentials', () => {
    const basic = knowing(`Basic ${Buffer.from('user:correct-horse').toString('base64')}`)
    expect(basic.text('the password is correct-horse.')).toBe('the password is [redacted:key].')
    const digest = knowing('Digest username="someone", response="0123456789abcdef"')
    expect(digest.text('got 0123456789ABCDEF')).toBe('got [redacted:key]')
    expect(knowing('only these words').text('only these words')).not.toContain('these words')
  })

  it('keeps text whose lower case has another length', () => {
    expect(knowing('0123456789').text('İİİ 0123456789 İ')).toBe('İİİ [redacted:key] İ')
  })

  it('with a parent tells it, finds what it knows, and outlives its forgetting', () => {
    const parent = new Redactor()
    const child = new Redactor(parent)
    child.add('mine', 'my-own-token')
    for (let i = 0; i < 20; i++) new Redactor(parent).add('other', `rotated-token-${i}`)
    expect(parent.finds('my-own-token')).toBe(false)
    expect(child.finds('my-own-token')).toBe(true)
    expect(new Redactor(parent).finds('rotated-token-19')).toBe(true)
  })

  it('takes a body that is nothing but beginnings of a credential in linear time', () => {
    const redactor = knowing(`${'a'.repeat(400)}b`)
    const stream = redactor.stream()
    const chunk = Buffer.alloc(16 * 1024, 'a')
    let length = 0
    for (let i = 0; i < 32; i++) length += stream.push(chunk).length
    expect(length + stream.end().length).toBe(32 * chunk.length)
  }, 5000)
})
