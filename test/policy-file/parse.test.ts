import { describe, expect, it } from 'vitest'
import { parseStrictJson } from '../../src/policy-file/json.js'
import { parsePolicy, variablesOf } from '../../src/policy-file/parse.js'
import { INVALID, VALID } from './examples.js'

const refusal = (policy: unknown): string => {
  try {
    parsePolicy(policy)
  } catch (error) {
    expect(error).toMatchObject({ name: 'GloveboxError', code: 'invalid-policy' })
    return (error as Error).message
  }
  return expect.unreachable('the policy was taken')
}

describe('parsePolicy()', () => {
  it.each(Object.entries(VALID))('takes %s as it is', (_, policy) => {
    expect(parsePolicy(policy)).toEqual(policy)
  })

  it.each(Object.entries(INVALID))('refuses %s', (_, [policy, words]) => {
    expect(refusal(policy)).toContain(words)
    expect(refusal(policy)).not.toContain('hunter2')
  })

  it.each([
    ['at the top', '{"__proto__": {"fs": {"/": {"host": "/"}}}}'],
    ['for a guest path', '{"fs": {"/a": {"memory": {}}, "__proto__": {"host": "/"}}}'],
    ['for a header', '{"net": [{"url": "https://api.example.com/", "headers": {"__proto__": "x"}}]}'],
  ])('refuses the key __proto__ %s, which a record would drop in silence', (_, text) => {
    expect(refusal(JSON.parse(text))).toContain('"__proto__"')
    expect(({} as Record<string, unknown>)['fs']).toBeUndefined()
  })

  it('never asks twice: a getter, a class and a proxy with other answers are no data', () => {
    let asked = 0
    const changing = { get mode() { return asked++ === 0 ? 'read' : 'read-write' }, host: '/' }
    expect(refusal({ fs: { '/': changing } })).toContain('accessor')
    expect(refusal(new Map([['fs', {}]]))).toContain('class')
    expect(refusal({ fs: { '/': new (class { host = '/' })() } })).toContain('class')
    const answers = [{ value: 'read', enumerable: true, configurable: true, writable: true }, { value: 'read-write', enumerable: true, configurable: true, writable: true }]
    const proxy = new Proxy({ host: '/', mode: 'read' }, { getOwnPropertyDescriptor: (target, key) => (key === 'mode' ? answers.shift() : Reflect.getOwnPropertyDescriptor(target, key)), get: () => expect.unreachable('read') })
    expect(parsePolicy({ fs: { '/': proxy } })).toEqual({ fs: { '/': { host: '/', mode: 'read' } } })
  })

  it('is a copy: what becomes of the object later changes nothing', () => {
    const policy = { fs: { '/a': { host: 'a', labels: ['private'] } } }
    const parsed = parsePolicy(policy)
    policy.fs['/a'].host = '/'
    policy.fs['/a'].labels.pop()
    expect(parsed).toEqual({ fs: { '/a': { host: 'a', labels: ['private'] } } })
  })

  it.each([['a function', { fs: () => ({}) }], ['NaN', { limits: { fuel: Number.NaN } }], ['a BigInt', { random: { seed: 1n } }], ['depth', JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`)]])('refuses %s', (_, policy) => {
    refusal(policy)
  })

  it('treats a key that is undefined as left out', () => {
    expect(parsePolicy({ fs: undefined, clock: { system: { timeZone: undefined } } })).toEqual({ clock: { system: {} } })
  })

  it('tells of at most five mistakes, and how many more', () => {
    expect(refusal({ limits: Object.fromEntries(Array.from({ length: 3 }, (_, index) => [`x${index}`, 1])), env: Array.from({ length: 9 }, () => 1) })).toMatch(/; and \d+ more$/)
  })
})

describe('variablesOf()', () => {
  it('lists credentials and copied variables by name', () => {
    const headers = { authorization: { env: 'TOKEN' }, 'x-key': { env: 'KEY' }, 'x-version': '1' }
    const policy = parsePolicy({ net: [{ url: 'https://a.example/', headers }, { url: 'https://b.example/', headers: { authorization: { env: 'TOKEN' } } }], env: ['LANG', { name: 'MODE', value: 'x' }] })
    expect(variablesOf(policy)).toEqual({ credentials: ['TOKEN', 'KEY'], copied: ['LANG'] })
  })
})

describe('parseStrictJson()', () => {
  it.each([['', 'it is empty'], ['  \n', 'it is empty'], ['{', 'it is no JSON'], ["{'fs': {}}", 'it is no JSON'], ['{"fs": {},}', 'it is no JSON'], ['\ufeff{}', 'it is no JSON'], ['// {}', 'it is no JSON']])('refuses %j', (text, words) => {
    expect(() => parseStrictJson(text, 'p.json')).toThrow(expect.objectContaining({ code: 'invalid-policy', message: expect.stringContaining(`p.json: ${words}`) as string }))
  })

  it.each([
    ['{"net": [], "net": [1]}', 'net'],
    ['{"fs": {"/a": {"host": "a", "mode": "read", "mode": "read-write"}}}', 'mode'],
    ['{"a": [{"b": 1, "c": {"x": 1}, "\\u0062": 2}]}', 'b'],
  ])('refuses a key that is there twice: %s', (text, key) => {
    expect(() => parseStrictJson(text, 'p.json')).toThrow(`the key "${key}" is there twice`)
  })

  it('tells keys from values and objects from each other', () => {
    const text = '{"a": "a", "b": ["a", "a", {"a": 1}, {"a": "\\"{,a"}], "c": {"a": {"a": []}}, "d\\"": 1, "d": "\\\\"}'
    expect(parseStrictJson(text, 'p.json')).toEqual(JSON.parse(text))
  })

  it('refuses a file too large to have been written by hand', () => {
    expect(() => parseStrictJson(`{"$schema": "${'x'.repeat(2 << 20)}"}`, 'p.json')).toThrow('more than 1048576 characters')
  })
})
