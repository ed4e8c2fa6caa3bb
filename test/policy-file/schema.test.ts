import { describe, expect, it } from 'vitest'
import { policyJsonSchema } from '../../src/policy-file/schema.js'
import { INVALID, VALID } from './examples.js'
import { validates } from './json-schema.js'

const schema = policyJsonSchema()

describe('the published JSON Schema', () => {
  it.each(Object.entries(VALID))('takes %s, as the parser does', (_, policy) => {
    expect(validates(schema, policy)).toBe(true)
  })

  it.each(Object.entries(INVALID))('refuses %s, as the parser does', (_, [policy]) => {
    expect(validates(schema, policy)).toBe(false)
  })

  it('is of draft 2020-12, closed everywhere and described', () => {
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema')
    const open: string[] = []
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return
      if ('properties' in node && (node as Record<string, unknown>)['additionalProperties'] !== false) open.push(path)
      for (const [key, member] of Object.entries(node)) walk(member, `${path}/${key}`)
    }
    walk(schema, '#')
    expect(open).toEqual([])
    const parts = schema['properties'] as Record<string, { readonly description?: string }>
    for (const [name, part] of Object.entries(parts)) expect(part.description, name).toBeTypeOf('string')
  })
})
