import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readUrl, toPrintable } from '../../../capabilities/net/url.js'

const refusal = (text: string): string | undefined => {
  const read = readUrl(text)
  return 'refused' in read ? read.refused : undefined
}

describe('readUrl() refuses what two parsers could read differently', () => {
  it.each([
    ['NUL', 'https://api.test/a\0b'],
    ['a line end', 'https://api.test/a\r\nhost: evil.test'],
    ['a tab inside the scheme', 'ht\ttps://api.test/'],
    ['a leading space', ' https://api.test/'],
    ['a trailing space', 'https://api.test/ '],
    ['DEL', 'https://api.test/\x7f'],
    ['a user', 'https://user@api.test/'],
    ['a user that looks like a host', 'https://api.test@evil.test/'],
    ['a password', 'https://user:pass@api.test/'],
    ['an empty user', 'https://@api.test/'],
    ['a backslash for a slash', 'https://evil.test\\@api.test/'],
    ['a backslash in the path', 'https://api.test/a\\..\\b'],
    ['a backslash before the host', 'https:\\\\api.test/'],
    ['one slash', 'https:/api.test/'],
    ['no slash', 'https:api.test/'],
    ['three slashes', 'https:///api.test/'],
    ['a relative URL', '/a'],
    ['a scheme-relative URL', '//api.test/a'],
    ['another scheme', 'file:///etc/passwd'],
    ['data:', 'data:text/plain,a'],
    ['a web socket', 'wss://api.test/'],
    ['a fragment', 'https://api.test/#@evil.test/'],
    ['an encoded dot', 'https://api.test/v1/%2e%2e/admin'],
    ['an encoded dot in capitals', 'https://api.test/v1/%2E/admin'],
    ['a doubly encoded dot', 'https://api.test/v1/%252e%252e/admin'],
    ['a triply encoded slash', 'https://api.test/v1/%25252fadmin'],
    ['an encoded slash', 'https://api.test/v1/items%2fadmin'],
    ['an encoded backslash', 'https://api.test/v1/items%5Cadmin'],
    ['an encoded NUL', 'https://api.test/v1/items%00'],
    ['an encoded line end', 'https://api.test/v1/items%0d%0ahost:evil'],
    ['an overlong dot', 'https://api.test/v1/%c0%ae%c0%ae/admin'],
    ['a broken escape', 'https://api.test/v1/%zz'],
    ['a dot segment', 'https://api.test/v1/../admin'],
    ['a dot segment at the end', 'https://api.test/v1/..'],
    ['a dot segment with a parameter', 'https://api.test/v1/..;x=1/admin'],
    ['an empty segment', 'https://api.test//admin'],
    ['an empty segment further on', 'https://api.test/v1//admin'],
    ['a trailing dot', 'https://api.test./'],
    ['a trailing dot before the port', 'https://api.test.:443/'],
    ['a host beyond ASCII', 'https://аpi.test/'],
    ['a full-width host', 'https://ａpi.test/'],
    ['a percent-encoded host', 'https://%61pi.test/'],
    ['a path beyond ASCII', 'https://api.test/ä'],
    ['an empty port', 'https://api.test:/'],
    ['a port with zeros', 'https://api.test:0443/'],
    ['a port that is none', 'https://api.test:65536/'],
    ['a port of letters', 'https://api.test:https/'],
    ['two ports', 'https://api.test:443:80/'],
    ['a zone', 'https://[fe80::1%25eth0]/'],
    ['an endless URL', `https://api.test/${'a'.repeat(9000)}`],
  ])('%s', (_title, text) => {
    expect(refusal(text)).toBeTypeOf('string')
  })
})

describe('readUrl() refuses every spelling of an address but its own', () => {
  it.each([
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0x7f.0.0.1',
    '017700000001',
    '0177.0.0.1',
    '127.1',
    '127.0.1',
    '0',
    '0x0',
    '127.0.0.1.',
    '127.0.0.01',
    '127.0.0.0x1',
    '①②⑦.⓪.⓪.①',
    '127。0。0。1',
    '%31%32%37.0.0.1',
    '[::ffff:127.0.0.1]',
    '[0:0:0:0:0:0:0:1]',
    '[::127.0.0.1]',
    '[0000::1]',
    '[::FFFF:7F00:0001]',
  ])('%s', (host) => {
    expect(refusal(`http://${host}/`)).toBeTypeOf('string')
  })

  it.each(['127.0.0.1', '[::1]', '[::ffff:7f00:1]', 'api.test', 'API.Test', 'xn--pi-6kc.test'])(
    'takes %s, for a rule to list',
    (host) => {
      expect(refusal(`http://${host}/`)).toBeUndefined()
    },
  )
})

describe('readUrl()', () => {
  it('takes ordinary URLs as they are', () => {
    for (const text of [
      'https://api.test/',
      'https://api.test/v1/items/a.b?q=%2F%0A..//&r',
      'http://api.test:8080/a%20b/(c)',
      'https://api.test/...',
    ]) {
      const read = readUrl(text)
      expect('url' in read && read.url.href).toBe(text)
    }
  })

  it('gives a URL whose host, port and path a second parse leaves as they are', () => {
    const piece = fc.constantFrom(
      'a',
      'api.test',
      '127.0.0.1',
      '0x7f',
      '.',
      '..',
      '/',
      '//',
      '\\',
      '@',
      ':',
      '#',
      '?',
      '%2e',
      '%',
      '[',
      ']',
      '::1',
      '*',
      ' ',
      '\t',
      'é',
      '443',
    )
    fc.assert(
      fc.property(fc.constantFrom('http', 'https', 'HTTPS'), fc.array(piece, { maxLength: 8 }), (scheme, pieces) => {
        const text = `${scheme}://${pieces.join('')}`
        const read = readUrl(text)
        if ('refused' in read) return
        const again = new URL(read.url.href)
        expect(again.href).toBe(read.url.href)
        expect(text.toLowerCase()).toContain(`://${read.url.hostname}`)
        expect(read.url.username + read.url.password + read.url.hash).toBe('')
        expect(read.url.pathname.split('/')).not.toContain('..')
        expect(read.url.pathname.toLowerCase()).toBe((/^[^:]*:\/\/[^/?]*([^?]*)/.exec(text)![1] || '/').toLowerCase())
      }),
      { numRuns: 3000 },
    )
  })
})

describe('toPrintable()', () => {
  it('keeps guest text from forging log lines', () => {
    expect(toPrintable('a\n{"seq":1}\x1b[31m\u202e')).toBe('a\\u000a{"seq":1}\\u001b[31m\\u202e')
  })

  it('bounds its length', () => {
    expect(toPrintable('a'.repeat(100_000), 50)).toBe(`${'a'.repeat(50)}...[99950 more]`)
  })
})
