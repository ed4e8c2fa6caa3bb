import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import url from '../../../src/quickjs/guest/libs/url.js'
import { useSandbox, valueOf } from '../../support/sandbox.js'
import { pureCore } from './pure-core.js'

const ours = url(pureCore())
const FIELDS = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const
const fieldsOf = (value: object): unknown[] => FIELDS.map((field) => (value as Record<string, unknown>)[field])
const inputs = ['https://user:pw@Example.com:8080/a/../b?x=1&y=é#h', 'http://bücher.example/', 'file:///c:/x', 'data:text/plain,hi', 'mailto:a@b', 'http://[::1]:80/', 'http://2130706433/', 'HTTPS://EXAMPLE.com:443/%7Ea', 'blob:https://a.b/c', 'http://a b/', '', '//x', 'http://', 'javascript:1', 'http://ex\ud800.com/\udfff']

describe('URL', () => {
  it('parses as the native one does', () => {
    for (const input of inputs) {
      for (const base of [undefined, 'https://base.example/dir/file?q#f', 'nonsense']) {
        expect(ours.URL.canParse(input, base)).toBe(URL.canParse(input, base))
        if (URL.canParse(input, base)) expect(fieldsOf(new ours.URL(input, base))).toEqual(fieldsOf(new URL(input, base)))
        else {
          expect(() => new ours.URL(input, base)).toThrow(expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_URL', message: 'Invalid URL' }))
          expect(ours.URL.parse(input, base)).toBeNull()
        }
      }
    }
  })

  it('sets as the native one does', () => {
    const values = ['', 'x', 'http', 'https:', '8080', '99999', 'a b', '?q=1', '#h', '/p/../q', 'new.example:81', 'é', 'a@b:c']
    for (const field of FIELDS) {
      if (field === 'origin') continue
      for (const value of values) {
        const [a, b] = [new ours.URL(inputs[0]), new URL(inputs[0]!)] as unknown as Record<string, string>[]
        const attempt = (target: Record<string, string>): string => {
          try {
            target[field] = value
            return 'set'
          } catch (error) {
            return (error as Error).name
          }
        }
        expect([field, value, attempt(a!), ...fieldsOf(a!)]).toEqual([field, value, attempt(b!), ...fieldsOf(b!)])
      }
    }
  })

  it('and its searchParams are one', () => {
    const target = new ours.URL('https://a.example/?x=1#h')
    const params = target.searchParams
    params.append('y', 'a b&c')
    expect(target.href).toBe('https://a.example/?x=1&y=a+b%26c#h')
    target.search = '?z=%20'
    expect([...params]).toEqual([['z', ' ']])
    target.href = 'https://b.example/?w'
    expect([...params]).toEqual([['w', '']])
    params.delete('w')
    expect(target.href).toBe('https://b.example/')
    expect(target.searchParams).toBe(params)
  })

  it('looks like the native one', () => {
    expect([ours.URL.name, ours.URLSearchParams.name]).toEqual(['URL', 'URLSearchParams'])
    expect(Object.prototype.toString.call(new ours.URL('a:b'))).toBe('[object URL]')
    expect(JSON.stringify({ u: new ours.URL('https://a.example') })).toBe('{"u":"https://a.example/"}')
    expect(() => (ours.URL as unknown as () => void)()).toThrow(TypeError)
  })
})

describe('URLSearchParams', () => {
  const units = ['a', 'b', '=', '&', '+', ' ', '%41', '%C3%A9', '?', '*', '~', "'", '(', '\n']
  // Node takes raw characters for bytes when a broken escape is near, which the standard does not.
  const part = fc.oneof(...[['%', '%ff'], ['é', '😀', '\ud800']].map((more) => fc.string({ unit: fc.constantFrom(...units, ...more), maxLength: 12 })))

  it('parses and serialises as the native one does', () => {
    fc.assert(fc.property(part, (text) => {
      const [a, b] = [new ours.URLSearchParams(text), new URLSearchParams(text)]
      expect([...a]).toEqual([...b])
      expect(a.toString()).toBe(b.toString())
    }), { numRuns: 3000 })
  })

  it('decodes percent-escapes over the bytes of the text, broken ones too', () => {
    const mixed = fc.string({ unit: fc.constantFrom('a', '%', '%ff', '%C3', 'é', '😀', '\ud800', '%A9', '%4', '漢'), maxLength: 10 })
    const reference = (text: string): string => {
      const binary = Buffer.from(text.toWellFormed()).toString('latin1')
      return Buffer.from(binary.replace(/%([\da-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16))), 'latin1').toString('utf8')
    }
    fc.assert(fc.property(mixed, (text) => {
      expect([...new ours.URLSearchParams('k=' + text)]).toEqual([['k', reference(text)]])
    }), { numRuns: 1000 })
  })

  it('changes as the native one does', () => {
    const step = fc.tuple(fc.constantFrom('append', 'delete', 'set', 'sort', 'has', 'get', 'getAll'), fc.constantFrom('a', 'b', 'é', '😀', 'z'), part)
    fc.assert(fc.property(part, fc.array(step, { maxLength: 8 }), (text, steps) => {
      const [a, b] = [new ours.URLSearchParams(text), new URLSearchParams(text)] as unknown as Record<string, (...args: string[]) => unknown>[]
      for (const [method, name, value] of steps) {
        const args = method === 'sort' ? [] : method === 'append' || method === 'set' ? [name, value] : [name]
        expect(a![method]!(...args)).toEqual(b![method]!(...args))
      }
      expect(String(a)).toBe(String(b))
      expect(a!['size']).toBe(b!['size'])
    }), { numRuns: 1000 })
  })

  it('is made of records, pairs, iterables and other params', () => {
    const makes = [{ a: 1, b: ['x', 'y'] }, [['a', 1], ['a', 2]], new Map([['k', 'v']]), '?a=b', undefined, null, 5, new Set([['p', 'q']]), {}]
    for (const make of makes) expect(new ours.URLSearchParams(make).toString()).toBe(new URLSearchParams(make as never).toString())
    expect(new ours.URLSearchParams(new ours.URLSearchParams('a=1&b=2')).toString()).toBe('a=1&b=2')
    for (const bad of [[['a']], [1], [['a', 'b', 'c']]]) expect(() => new ours.URLSearchParams(bad)).toThrow(TypeError)
    expect(() => (new ours.URLSearchParams() as unknown as { get(): void }).get()).toThrow(TypeError)
  })

  it('walks as the native one does, also while it changes', () => {
    const params = new ours.URLSearchParams('a=1&b=2')
    const seen: string[] = []
    params.forEach((value, name, self) => {
      seen.push(`${name}=${value}`)
      if (self.size < 4) self.append('more', value)
    })
    expect(seen).toEqual(['a=1', 'b=2', 'more=1', 'more=2'])
    expect([[...params.keys()], [...params.values()], [...params.entries()].length]).toEqual([['a', 'b', 'more', 'more'], ['1', '2', '1', '2'], 4])
  })
})

describe('pure URL operations', () => {
  it('take long text from the budgets of the call', () => {
    const core = pureCore()
    new (url(core).URL)('https://a.example/' + 'x'.repeat(100))
    expect(core.spent).toBe(0)
    new (url(core).URL)('https://a.example/' + 'x'.repeat(5000))
    expect(core.spent).toBeGreaterThan(5000)
  })

  it('refuse what is no text or no setter', () => {
    const core = pureCore()
    for (const args of [[1], [{}], [], ['a:b', null]]) expect(() => core.call('pure.urlParse', ...args)).toThrow('must be text')
    for (const args of [['a:b', 'constructor', 'x'], ['a:b', 'searchParams', 'x'], ['a:b', '__proto__', 'x'], ['a:b', 'hash', {}]]) {
      expect(() => core.call('pure.urlSet', ...args)).toThrow('must be text')
    }
    expect(core.call('pure.urlSet', 'nonsense', 'hash', 'x')).toBeNull()
  })

  it('give the ASCII form of a domain', () => {
    const core = pureCore()
    expect(core.call('pure.domainToASCII', 'bücher.example')).toBe('xn--bcher-kva.example')
    for (const bad of ['a b', 'a/b', 'u@h', 'xn--iñvalid.com', 'h:1']) expect(core.call('pure.domainToASCII', bad)).toBe('')
  })
})

describe('in a guest', () => {
  const { run } = useSandbox()

  it('URL and URLSearchParams work, count for no host call and leave no record', async () => {
    const source = `() => {
      const url = new URL('../x?q=1', 'https://bücher.example/a/b/c')
      url.searchParams.set('q', 'ä b')
      return [url.href, URL.name, Object.prototype.toString.call(url.searchParams), URL.canParse('nope')]
    }`
    const result = await run(source)
    expect(valueOf(result)).toEqual(['https://xn--bcher-kva.example/a/x?q=%C3%A4+b', 'URL', '[object URLSearchParams]', false])
    expect(result.usage.hostCalls).toBe(0)
    expect(result.ledger).toEqual([])
  })

  it('a URL that is none throws a TypeError with Node\'s code', async () => {
    const result = await run('() => { try { new URL("nope") } catch (e) { return [e.name, e.code, e.message, e.input] } }')
    expect(valueOf(result)).toEqual(['TypeError', 'ERR_INVALID_URL', 'Invalid URL', 'nope'])
  })
})
