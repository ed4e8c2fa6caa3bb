import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import encoding from '../../../src/quickjs/guest/libs/encoding.js'
import { useSandbox, valueOf } from '../../support/sandbox.js'
import { pureCore } from './pure-core.js'

const ours = encoding(pureCore())
const utf8Bytes = fc.array(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0xa0, 0xc0, 0xef, 0xbb, 0xbf, 0x41)), { maxLength: 24 }).map((bytes) => new Uint8Array(bytes))
const anyText = fc.string({ unit: fc.oneof(fc.constantFrom('a', 'é', '漢', '😀', '\ud800', '\udfff', '\0'), fc.string({ minLength: 1, maxLength: 1 })) })

/** What a decoder gives for `chunks`, or that it throws a TypeError. */
function decodeAll(make: typeof TextDecoder | typeof ours.TextDecoder, label: string, options: { fatal: boolean; ignoreBOM: boolean }, chunks: readonly Uint8Array[]): string {
  const decoder = new make(label, options)
  try {
    return chunks.map((chunk, index) => decoder.decode(chunk, { stream: index < chunks.length - 1 })).join('|')
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError)
    return 'TypeError'
  }
}

describe('TextEncoder', () => {
  it('encodes any string as the native one does', () => {
    fc.assert(fc.property(anyText, (text) => {
      expect(new ours.TextEncoder().encode(text)).toEqual(new TextEncoder().encode(text))
    }), { numRuns: 500 })
    expect(new ours.TextEncoder().encode()).toEqual(new Uint8Array(0))
    expect(new ours.TextEncoder().encoding).toBe('utf-8')
  })

  it('encodes into what room there is, whole characters only', () => {
    fc.assert(fc.property(anyText, fc.nat(20), (text, room) => {
      const [a, b] = [new Uint8Array(room), new Uint8Array(room)]
      expect(new ours.TextEncoder().encodeInto(text, a)).toEqual(new TextEncoder().encodeInto(text, b))
      expect(a).toEqual(b)
    }), { numRuns: 500 })
  })
})

describe('TextDecoder', () => {
  for (const label of ['utf-8', 'utf-16le', 'utf-16be', 'latin1']) {
    it(`decodes ${label} in any chunks as the native one does`, () => {
      fc.assert(fc.property(fc.array(utf8Bytes, { minLength: 1, maxLength: 4 }), fc.boolean(), fc.boolean(), (chunks, fatal, ignoreBOM) => {
        expect(decodeAll(ours.TextDecoder, label, { fatal, ignoreBOM }, chunks)).toBe(decodeAll(TextDecoder, label, { fatal, ignoreBOM }, chunks))
      }), { numRuns: 2000 })
    })
  }

  it('starts anew after a chunk that ended the stream', () => {
    const decoder = new ours.TextDecoder()
    expect(decoder.decode(new Uint8Array([0xe2, 0x82]), { stream: true })).toBe('')
    expect(decoder.decode(new Uint8Array([0xac]))).toBe('€')
    expect(decoder.decode(new Uint8Array([0xef, 0xbb, 0xbf, 0x41]))).toBe('A')
  })

  it('takes every kind of bytes and nothing else', () => {
    const { buffer } = new Uint8Array([65, 66, 67, 68])
    const decoder = new ours.TextDecoder()
    expect(decoder.decode(buffer)).toBe('ABCD')
    expect(decoder.decode(new DataView(buffer, 1, 2))).toBe('BC')
    expect(decoder.decode(new Uint16Array(buffer, 2))).toBe('CD')
    expect(decoder.decode()).toBe('')
    expect(() => decoder.decode('text')).toThrow(TypeError)
  })

  it('knows labels as the standard does, and names the rest', () => {
    for (const label of [' UTF8 ', 'Unicode', 'utf-16', 'ascii', 'windows-1252', 'unicodefffe', 'ISO-8859-1']) {
      expect(new ours.TextDecoder(label).encoding).toBe(new TextDecoder(label).encoding)
    }
    expect(() => new ours.TextDecoder('klingon')).toThrow('The "klingon" encoding is not supported')
  })
})

describe('TextDecoder of other encodings', () => {
  const LABELS = ['shift_jis', 'gbk', 'gb18030', 'euc-jp', 'euc-kr', 'big5', 'iso-8859-2', 'windows-1251', 'koi8-r', 'macintosh']
  const unit = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x0a, 0x41, 0x81, 0x82, 0xa0, 0xb0, 0x30, 0x5c))

  it.each(LABELS)('%s is what the host makes of it, whole and in pieces', (label) => {
    expect(new ours.TextDecoder(label.toUpperCase()).encoding).toBe(new TextDecoder(label).encoding)
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 7 }).chain(() => fc.array(unit, { maxLength: 7 }).map((list) => Uint8Array.from(list))), { maxLength: 6 }), fc.boolean(), (pieces, fatal) => {
      // Of the whole: the host's own decoder of pieces throws for some of them.
      const attempt = (act: () => string): string => {
        try {
          return act()
        } catch (error) {
          return `threw ${(error as Error).name}`
        }
      }
      const decoder = new ours.TextDecoder(label, { fatal })
      expect(attempt(() => pieces.map((piece) => decoder.decode(piece, { stream: true })).join('') + decoder.decode()))
        .toEqual(attempt(() => new TextDecoder(label, { fatal }).decode(Buffer.concat(pieces))))
    }), { numRuns: 200 })
  })

  it('is paid for from the budgets of the call when it is long, and refuses what is no bytes', () => {
    const core = pureCore()
    new (encoding(core).TextDecoder)('gbk').decode(new Uint8Array(5000))
    expect(core.spent).toBeGreaterThanOrEqual(5000)
    expect(() => core.call('pure.decode', 'gbk', 'text', false, false)).toThrow('must be bytes')
    expect(core.call('pure.encodingName', 'none')).toBeNull()
  })
})

describe('in a guest', () => {
  const { run } = useSandbox()

  it('TextEncoder and TextDecoder go through the engine\'s natives and agree with the host', async () => {
    const texts = ['', 'plain', 'x'.repeat(100), 'é'.repeat(50), 'häßlich 😀 漢字 '.repeat(20), 'lone \ud800 surrogate '.repeat(3), '\0\x7f\x80\xff'.repeat(9)]
    const result = await run('(texts) => texts.map((text) => { const b = new TextEncoder().encode(text); return [b, new TextDecoder().decode(b)] })', { input: texts })
    const pairs = valueOf<[Uint8Array, string][]>(result)
    pairs.forEach(([bytes, text], index) => {
      expect(bytes).toEqual(new TextEncoder().encode(texts[index]))
      expect(text).toBe(texts[index]!.toWellFormed())
    })
  })

  it('TextDecoder repairs and refuses invalid bytes', async () => {
    const bytes = Uint8Array.from({ length: 64 }, (_, i) => (i * 37 + 128) & 255)
    const source = '(bytes) => { let fatal; try { new TextDecoder("utf-8", { fatal: true }).decode(bytes) } catch (e) { fatal = e.code } return [new TextDecoder().decode(bytes), new TextDecoder("latin1").decode(bytes), fatal] }'
    expect(valueOf(await run(source, { input: bytes }))).toEqual([new TextDecoder().decode(bytes), new TextDecoder('latin1').decode(bytes), 'ERR_ENCODING_INVALID_ENCODED_DATA'])
  })

  it('a megabyte is encoded and decoded in little time', async () => {
    const result = await run('() => { const text = "hello wörld ".repeat(80000); return new TextDecoder().decode(new TextEncoder().encode(text)) === text }', { limits: { fuel: 2_000_000_000 } })
    expect(valueOf(result)).toBe(true)
    expect(result.usage.wallMs).toBeLessThan(3000)
  })
})
