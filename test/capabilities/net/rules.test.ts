import { describe, expect, it } from 'vitest'
import { type NetRule, type Transport, httpOver } from '../../../capabilities/net/index.js'
import { secret } from '../../../capabilities/secret/index.js'
import { GloveboxError } from '../../../src/errors.js'

const silent: Transport = { send: () => Promise.reject(new Error('nothing is sent here')) }
const url = 'https://api.example.com/v1'
const grant = (rule: object) => () => httpOver(silent, [rule as NetRule])

describe('httpOver() refuses a policy that is not what it says', () => {
  it.each([
    ['a misspelt key', { url, method: ['GET'] }, /unknown key "method"; use one of url, methods/],
    ['an inherited-looking key', { url, __proto__: null, constructor: 1 }, /unknown key "constructor"/],
    ['no URL', {}, /expected a string/],
    ['an empty list of methods', { url, methods: [] }, /has no methods/],
    ['a wildcard for methods', { url, methods: ['*'] }, /capital letters/],
    ['methods as text', { url, methods: 'GET' }, /expected a list/],
    ['a method in small letters', { url, methods: ['get'] }, /capital letters/],
    ['a tunnel', { url, methods: ['CONNECT'] }, /no rule can grant/],
    ['an echo', { url, methods: ['TRACE'] }, /no rule can grant/],
    ['a method twice', { url, methods: ['GET', 'GET'] }, /twice/],
    ['a credential in plain text', { url, headers: { authorization: 'Bearer abcdefgh' } }, /plain text; write secret/],
    ['an unusual credential in plain text', { url, headers: { 'X-Auth-Token': 'abcdefgh' } }, /plain text/],
    ['a Host header', { url, headers: { host: 'evil.test' } }, /not for a rule/],
    ['a proxy header', { url, headers: { 'proxy-authorization': () => 'Basic abcdefgh' } }, /not for a rule/],
    ['a header twice', { url, headers: { 'x-a': '1', 'X-A': '2' } }, /twice/],
    ['a line end in a header', { url, headers: { 'x-a': 'a\r\nb: c' } }, /no header can carry/],
    ['a number for a header', { url, headers: { 'x-a': 1 } }, /expected a secret/],
    ['a look-alike of a secret', { url, headers: { authorization: { name: 'a', value: 'b' } } }, /expected a secret/],
    ['the guest saying who asks', { url, allowHeaders: ['Authorization'] }, /says who asks/],
    ['guest cookies', { url, allowHeaders: ['cookie'] }, /says who asks/],
    [
      'a guest that overrides the method',
      { url, allowHeaders: ['x-http-method-override'] },
      /could change what the request is/,
    ],
    ['a guest that overrides the path', { url, allowHeaders: ['X-Original-URL'] }, /could change/],
    ['a guest that frames the body', { url, allowHeaders: ['transfer-encoding'] }, /could change/],
    [
      'a guest header that the host attaches',
      { url, headers: { 'x-a': '1' }, allowHeaders: ['x-a'] },
      /attached by the host/,
    ],
    ['no header name', { url, allowHeaders: ['a b'] }, /no header name/],
    ['a cap of nothing', { url, maxResponseBytes: 0 }, /whole number/],
    ['a cap that is endless', { url, maxRequestBytes: Infinity }, /whole number/],
    ['redirects: true', { url, redirects: true }, /"refuse" or "recheck"/],
    ['an unknown label', { url, labels: ['public'] }, /"private" or "external"/],
  ])('%s', (_title, rule, message) => {
    expect(grant(rule)).toThrow(message)
    expect(grant(rule)).toThrow(GloveboxError)
  })

  it.each([undefined, null, {}, 'https://a.test', [null], [['https://a.test']], [undefined]])(
    '%j as rules',
    (rules) => {
      expect(() => httpOver(silent, rules as never)).toThrow(GloveboxError)
    },
  )

  it('misspelt options and a transport that is none', () => {
    expect(() => httpOver(silent, [], { maxBytes: 1 } as never)).toThrow(/unknown key "maxBytes"/)
    expect(() => httpOver({} as never, [])).toThrow(/method send/)
  })
})

describe('Net', () => {
  it('lists what it reaches, credentials by name only', () => {
    const net = httpOver(silent, [
      {
        url: 'https://api.example.com/v1/items/*',
        headers: { authorization: () => 'Bearer very-secret', 'x-version': '2' },
      },
      {
        url: 'https://api.example.com/v1/notes',
        methods: ['GET', 'POST'],
        headers: { 'x-key': secret('NOTES_KEY', 'very-secret') },
        labels: ['private'],
      },
    ])
    expect(net.reach()).toEqual([
      {
        capability: 'net',
        target: 'https://api.example.com/v1/items/*',
        acts: 'GET',
        credentials: ['authorization'],
        labels: ['external'],
      },
      {
        capability: 'net',
        target: 'https://api.example.com/v1/notes',
        acts: 'GET, POST',
        credentials: ['NOTES_KEY'],
        labels: ['private'],
      },
    ])
    expect(JSON.stringify(net)).not.toContain('very-secret')
  })

  it('lists whatever widens an operation as an act of its own', () => {
    const net = httpOver(silent, [
      {
        url,
        methods: ['POST'],
        redirects: 'recheck',
        allowHeaders: ['X-Trace'],
        allowPrivateAddresses: ['10.1.0.0/16'],
      },
    ])
    expect(net.reach()[0]!.acts).toBe('POST, follow redirects, set x-trace, connect to 10.1.0.0/16')
  })

  it('keeps what it was granted when the rules are changed afterwards', () => {
    const methods = ['GET']
    const rules: NetRule[] = [{ url, methods }]
    const net = httpOver(silent, rules)
    methods.push('DELETE')
    rules.push({ url: 'https://evil.test/**' })
    expect(net.reach().map(({ target, acts }) => `${acts} ${target}`)).toEqual([`GET ${url}`])
    expect(Object.isFrozen(net)).toBe(true)
  })
})
