import { describe, expect, it } from 'vitest'
import { mismatch, parsePattern } from '../../../capabilities/net/pattern.js'
import { GloveboxError } from '../../../src/errors.js'

const part = (pattern: string, url: string) => mismatch(parsePattern(pattern, 'rule 1'), new URL(url))

describe('mismatch() names the part a pattern does not cover', () => {
  it.each([
    ['https://api.test/v1', 'http://api.test/v1', 'scheme'],
    ['https://api.test/v1', 'https://evil.test/v1', 'host'],
    ['https://api.test/v1', 'https://api.test.evil.test/v1', 'host'],
    ['https://api.test/v1', 'https://sub.api.test/v1', 'host'],
    ['https://api.test/v1', 'https://api.test:8443/v1', 'port'],
    ['https://api.test:8443/v1', 'https://api.test/v1', 'port'],
    ['https://api.test/v1', 'https://api.test/v1/', 'path'],
    ['https://api.test/v1', 'https://api.test/V1', 'path'],
    ['https://api.test/v1', 'https://api.test/v%31', 'path'],
    ['https://api.test', 'https://api.test/v1', 'path'],
    ['https://api.test/items/*', 'https://api.test/items', 'path'],
    ['https://api.test/items/*', 'https://api.test/items/', 'path'],
    ['https://api.test/items/*', 'https://api.test/items/a/b', 'path'],
    ['https://api.test/*/x', 'https://api.test//x', 'path'],
    ['https://api.test/items/**', 'https://api.test/items', 'path'],
    ['https://api.test/items/**', 'https://api.test/itemsx/a', 'path'],
    ['https://api.test/a', 'https://api.test/a?b', 'query'],
    ['https://api.test/a?kind=open', 'https://api.test/a', 'query'],
    ['https://api.test/a?kind=open', 'https://api.test/a?kind=closed', 'query'],
    ['https://api.test/a?kind=open', 'https://api.test/a?kind=open&kind=closed', 'query'],
    ['https://api.test/a?kind=open', 'https://api.test/a?kind=open&x=1', 'query'],
    ['https://api.test/a?page=*', 'https://api.test/a?page=1&page=2', 'query'],
    ['https://api.test/a?page=*', 'https://api.test/a?page=1;kind=closed', 'query'],
    ['https://api.test/a?page=*', 'https://api.test/a?p%61ge=1', 'query'],
  ] as const)('%s does not cover %s: %s', (pattern, url, expected) => {
    expect(part(pattern, url)).toBe(expected)
  })

  it.each([
    ['https://api.test', 'https://api.test/'],
    ['https://api.test:443/v1', 'https://api.test/v1'],
    ['https://API.test/v1', 'https://api.test/v1'],
    ['https://api.test/items/*', 'https://api.test/items/42'],
    ['https://api.test/*/x', 'https://api.test/a/x'],
    ['https://api.test/items/**', 'https://api.test/items/'],
    ['https://api.test/items/**', 'https://api.test/items/a/b/'],
    ['https://api.test/**', 'https://api.test/'],
    ['https://api.test/a?*', 'https://api.test/a?b=c&d'],
    ['https://api.test/a?*', 'https://api.test/a'],
    ['https://api.test/a?kind=open&page=*', 'https://api.test/a?page=&kind=open'],
    ['https://api.test/a?kind=open&page=*', 'https://api.test/a?kind=open'],
    ['http://127.0.0.1:8080/a', 'http://127.0.0.1:8080/a'],
    ['http://[::1]:8080/a', 'http://[::1]:8080/a'],
  ])('%s covers %s', (pattern, url) => {
    expect(part(pattern, url)).toBeUndefined()
  })
})

describe('parsePattern() refuses', () => {
  it.each([
    ['no URL', 'api.example.com/v1', /not an absolute/],
    ['nothing', undefined, /expected a string/],
    ['a wildcard for the host', 'https://*/v1', /wildcard in the host/],
    ['a wildcard in the host', 'https://*.example.com/v1', /wildcard in the host/],
    ['a wildcard for the port', 'https://example.com:*/v1', /host or port/],
    ['a wildcard for the scheme', '*://example.com/v1', /not an absolute/],
    ['credentials', 'https://user:pass@example.com/v1', /user information/],
    ['a part of a segment', 'https://example.com/item-*', /one whole segment/],
    ['"**" in the middle', 'https://example.com/**/x', /last segment/],
    ['a host beyond ASCII', 'https://exämple.com/', /beyond ASCII/],
    ['a shortened address', 'http://127.1/', /canonical/],
    ['a fragment', 'https://example.com/#a', /fragment/],
    ['an empty query', 'https://example.com/a?', /empty query/],
    ['a wildcard in a parameter name', 'https://example.com/a?*=1', /query is/],
    ['a parameter twice', 'https://example.com/a?b=1&b=2', /twice/],
  ])('%s', (_title, pattern, message) => {
    expect(() => parsePattern(pattern, 'rule 1')).toThrow(message)
    expect(() => parsePattern(pattern, 'rule 1')).toThrow(GloveboxError)
  })
})
