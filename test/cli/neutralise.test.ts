import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { neutralise, neutraliseLine } from '../../src/cli/neutralise.js'

describe('neutralise()', () => {
  it.each([
    ['a colour', '\u001b[31mred', '\\u001b[31mred'],
    ['a C1 control', '\u009b31m', '\\u009b31m'],
    ['an operating system command', '\u001b]52;c;ZXZpbA==\u0007', '\\u001b]52;c;ZXZpbA==\\u0007'],
    ['a hyperlink', '\u001b]8;;https://evil.example\u001b\\here', '\\u001b]8;;https://evil.example\\u001b\\here'],
    ['overwriting the line', 'denied\rgranted', 'denied\\rgranted'],
    ['backspaces', 'bad\b\b\bok', 'bad\\u0008\\u0008\\u0008ok'],
    ['a change of direction', 'a\u202eb\u2066c\u200fd', 'a\\u202eb\\u2066c\\u200fd'],
    ['invisible letters', 'a\u200bb\ufeffc\u{e0041}', 'a\\u200bb\\ufeffc\\u{e0041}'],
    ['other line ends', 'a\u2028b\u2029c\u0085d', 'a\\u2028b\\u2029c\\u0085d'],
    ['half a pair', 'a\ud800b', 'a\\ud800b'],
    ['NUL and DEL', '\0\x7f', '\\u0000\\u007f'],
  ])('writes out %s', (_, text, shown) => {
    expect(neutralise(text)).toBe(shown)
  })

  it('leaves text, lines, tabs, accents and families alone', () => {
    const text = 'a\tb\nçédille e\u0301 日本 العربية 👩\u200d👧 — “x”'
    expect(neutralise(text)).toBe(text)
    expect(neutraliseLine('a\tb\nc')).toBe('a\\tb\\nc')
  })

  it('leaves no control or format character in any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(neutralise(text)).not.toMatch(/(?![\n\t\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(neutralise(text).isWellFormed()).toBe(true)
    }), { numRuns: 300 })
  })
})
