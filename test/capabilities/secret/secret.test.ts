import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import * as entry from '../../../capabilities/secret/index.js'
import { Secret, revealSecret, secret } from '../../../capabilities/secret/secret.js'
import { GloveboxError } from '../../../src/errors.js'

const VALUE = 'hunter2-hunter2'

describe('secret() keeps its value out of everything a host prints or clones', () => {
  it.each([
    ['a text', VALUE],
    ['a function', () => VALUE],
  ])('%s', (_title, value) => {
    const key = secret('API_KEY', value)
    const views = [
      String(key),
      `${key}`,
      key + '',
      JSON.stringify({ key }),
      inspect(key),
      inspect({ key }, { showHidden: true, depth: 9, getters: true }),
      JSON.stringify(Object.getOwnPropertyDescriptors(key)),
      JSON.stringify(structuredClone({ ...key })),
      Reflect.ownKeys(key).join(),
    ]
    expect(views.join('\n')).not.toContain('hunter2')
    expect(views.slice(0, 3)).toEqual(Array(3).fill('[secret API_KEY]'))
    expect(Object.isFrozen(key)).toBe(true)
  })

  it('is not told from a look-alike by its shape', () => {
    expect(Secret.is(secret('A', VALUE))).toBe(true)
    for (const other of [
      null,
      undefined,
      'A',
      { name: 'A' },
      Object.create(Secret.prototype),
      new Proxy(secret('A', VALUE), {}),
    ])
      expect(Secret.is(other)).toBe(false)
  })

  it('has no public way to its value', () => {
    expect(Object.keys(entry)).toEqual(['secret'])
  })
})

describe('revealSecret()', () => {
  it('reads a text, and a function anew each time', async () => {
    let count = 0
    const renewed = secret('A', async () => `${VALUE}-${++count}`)
    expect([await revealSecret(secret('A', VALUE)), await revealSecret(renewed), await revealSecret(renewed)]).toEqual([
      VALUE,
      `${VALUE}-1`,
      `${VALUE}-2`,
    ])
  })

  it.each([
    [
      'throws',
      () => {
        throw new Error(VALUE)
      },
    ],
    ['gives nothing', () => undefined as unknown as string],
    ['gives too little', () => 'hunter2'],
  ])('says which secret is unusable when its function %s, and nothing of its value', async (_title, value) => {
    const error = await revealSecret(secret('API_KEY', value)).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(GloveboxError)
    expect(inspect(error)).toContain('"API_KEY"')
    expect(String(error) + String((error as Error).cause)).not.toContain('hunter2')
  })
})

describe('secret() refuses', () => {
  it.each(['', '1a', 'a b', 'a\n', 'a]', 'a'.repeat(65), 1, undefined])('%j as a name', (name) => {
    expect(() => secret(name as string, VALUE)).toThrow(GloveboxError)
  })

  it.each(['', 'short', undefined, null, 1, {}])('%j as a value, without quoting it', (value) => {
    expect(() => secret('A', value as string)).toThrow(
      expect.objectContaining({ code: 'invalid-grant', message: expect.not.stringContaining('"short"') }),
    )
  })
})
