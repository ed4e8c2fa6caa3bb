import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import * as fc from 'fast-check'
import { transform } from 'sucrase'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { describeTools } from '../../../capabilities/tool/declare.js'
import { type StandardSchema, type Tool, defineTool } from '../../../capabilities/tool/tool.js'

const run = promisify(execFile)

/** A tool whose schemas say just this. */
function toolOf(input: unknown, output?: unknown, description = 'A tool'): Tool {
  return defineTool({ description, input: schemaOf(input), ...(output === undefined ? {} : { output: schemaOf(output) }), execute: () => undefined })
}

function schemaOf(json: unknown): StandardSchema {
  const give = () => json as Record<string, unknown>
  return { '~standard': { version: 1, vendor: 'fixture', validate: (value) => ({ value }), jsonSchema: { input: give, output: give } } }
}

const typeOf = (schema: unknown): string => /^ {2}t\(input: ([^]*)\): Promise<unknown>\n\}\n$/m.exec(describeTools({ t: toolOf(schema) }))?.[1] ?? ''

/** Compiles declarations the way a strict project would; gives the errors. */
async function compile(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'glovebox-declare-'))
  try {
    const names = await Promise.all(Object.entries(files).map(async ([name, text]) => {
      await writeFile(join(folder, name), text)
      return join(folder, name)
    }))
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')
    return await run(process.execPath, [tsc, '--ignoreConfig', '--noEmit', '--strict', '--target', 'es2022', '--moduleDetection', 'force', '--types', '', ...names], { timeout: 30_000 }).then(
      () => '',
      (error: { readonly stdout: string }) => error.stdout,
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

describe('describeTools()', () => {
  it('declares a zod tool with its descriptions, defaults and optional members', () => {
    const search = defineTool({
      description: 'Full-text search.\nUse it before asking.',
      input: z.object({ q: z.string().describe('What to look for'), limit: z.int().min(1).max(50).default(10), tags: z.array(z.enum(['new', 'old'])).optional() }),
      output: z.object({ hits: z.array(z.object({ title: z.string(), score: z.number().nullable() })) }),
      execute: () => ({ hits: [] }),
      maxCalls: 3,
    })
    expect(describeTools({ search })).toBe(`declare const tools: {
  /**
   * Full-text search.
   * Use it before asking.
   * It can be called 3 times.
   */
  search(input: {
    /** What to look for */
    q: string
    /**
     * @default 10
     * @minimum 1
     * @maximum 50
     */
    limit?: number
    tags?: ("new" | "old")[]
  }): Promise<{
    hits: {
      title: string
      score: number | null
    }[]
  }>
}
`)
  })

  it('names the types our wire format carries and JSON Schema does not', () => {
    const t = defineTool({ description: 'd', input: z.object({ at: z.date(), n: z.bigint(), m: z.map(z.string(), z.number()), s: z.set(z.string()) }), output: z.void(), execute: () => undefined })
    expect(describeTools({ t })).toBe('declare const tools: {\n  /** d */\n  t(input: {\n    at: Date\n    n: bigint\n    m: Map<unknown, unknown>\n    s: Set<unknown>\n  }): Promise<void>\n}\n')
  })

  it('declares unknown for a library without JSON Schema, and for one that throws', () => {
    const bare: StandardSchema = { '~standard': { version: 1, vendor: 'fixture', validate: (value) => ({ value }) } }
    const broken: StandardSchema = { '~standard': { ...schemaOf({})['~standard'], jsonSchema: { input: () => { throw new Error('no') }, output: () => ({}) } } }
    for (const input of [bare, broken]) {
      const t = defineTool({ description: 'd', input, execute: () => undefined })
      expect(describeTools({ t })).toContain('t(input: unknown): Promise<unknown>')
    }
  })

  it.each<readonly [unknown, string]>([
    [true, 'unknown'],
    [{}, 'unknown'],
    [false, 'never'],
    [{ not: {} }, 'never'],
    [{ type: 'integer' }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ type: 'string', nullable: true }, 'string | null'],
    [{ const: 'a' }, '"a"'],
    [{ enum: ['a', 1, null, true] }, '"a" | 1 | null | true'],
    [{ enum: [{ a: 1 }] }, 'unknown'],
    [{ anyOf: [{ type: 'string' }, { type: 'number' }, { type: 'string' }] }, 'string | number'],
    [{ anyOf: [{ type: 'string' }, {}] }, 'unknown'],
    [{ oneOf: [] }, 'never'],
    [{ type: 'array' }, 'unknown[]'],
    [{ type: 'array', items: { enum: [1, 2] } }, '(1 | 2)[]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], minItems: 1, items: { type: 'boolean' } }, '[string, number?, ...boolean[]]'],
    [{ type: 'array', items: [{ type: 'string' }] }, '[string]'],
    [{ type: 'object' }, '{}'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, '{\n    [key: string]: number\n  }'],
    [{ properties: { a: { type: 'string' } }, additionalProperties: { type: 'number' } }, '{\n    a?: string\n    [key: string]: unknown\n  }'],
    [{ allOf: [{ properties: { a: {} }, required: ['a'] }, { anyOf: [{ const: 1 }, { const: 2 }] }] }, '{\n    a: unknown\n  } & (1 | 2)'],
    [{ $ref: 'https://schemas.example/other.json' }, 'unknown'],
    [{ $ref: '#/$defs/missing' }, 'unknown'],
    [{ $ref: '#' }, 'unknown'],
    [{ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }, 'unknown'],
    [{ $ref: '#/__proto__' }, 'unknown'],
    [{ 'x-glovebox-type': 'any; declare const evil: 1' }, 'unknown'],
  ])('turns %j into %s', (schema, type) => {
    expect(typeOf(schema)).toBe(type)
  })

  it('gives recursive schemas a name and never a circle TypeScript refuses', async () => {
    const tree = { $ref: '#/$defs/tree', $defs: { tree: { type: 'object', properties: { kids: { type: 'array', items: { $ref: '#/$defs/tree' } } } } } }
    const direct = { anyOf: [{ $ref: '#' }, { type: 'string' }, { type: 'array', items: { $ref: '#' } }] }
    const mutual = { $ref: '#/$defs/a', $defs: { a: { anyOf: [{ $ref: '#/$defs/b' }, { const: 1 }] }, b: { anyOf: [{ $ref: '#/$defs/a' }, { properties: { a: { $ref: '#/$defs/a' } } }] } } }
    const text = describeTools({ tree: toolOf(tree, tree), direct: toolOf(direct), mutual: toolOf(mutual) })
    expect(text).toContain('type TreeInputTree = {\n  kids?: TreeInputTree[]\n}')
    expect(await compile({ 'recursive.ts': text })).toBe('')
    expect(await compile({ 'circle.ts': 'type A = A | string\n' })).toContain('TS2456')
  })

  it('keeps hostile names, descriptions and literals from being anything but data', async () => {
    const evil = '*/ } declare const stolen: string; /* \u202e\u2028 ${x} \\ " \' ` \0 \u{e0041}'
    const schema = {
      description: evil, title: evil, default: evil,
      properties: { [evil]: { description: evil, enum: [evil, 'ok'] }, 'a\nb': { const: evil }, 'new': { type: 'string' }, constructor: {}, __proto__x: {} },
      required: [evil],
      $defs: { [evil]: { const: evil } },
      anyOf: [{ $ref: `#/$defs/${evil.replaceAll('~', '~0').replaceAll('/', '~1')}` }],
    }
    const text = describeTools({ t: toolOf(schema, schema, evil), [evil]: toolOf(schema, schema, evil), new: toolOf({}) })
    expect(text).not.toMatch(/[\0\u202e\u2028\u{e0041}]/u)
    expect(text.match(/declare const/g)!.length).toBeGreaterThan(1)
    // Were one of them code, "stolen" would be declared and this assignment an error or a duplicate.
    expect(await compile({ 'hostile.ts': `${text}\nconst stolen: number = 1\nexport { stolen }\n` })).toBe('')
  })

  it('declares something TypeScript takes for any schema at all', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 })
    const { schema } = fc.letrec((tie) => ({
      schema: fc.oneof({ maxDepth: 4 }, fc.boolean(), fc.record({ const: fc.jsonValue() }), fc.record({ enum: fc.array(fc.jsonValue(), { maxLength: 3 }) }),
        fc.record({ type: fc.constantFrom('string', 'number', 'integer', 'null', 'boolean', 'array', 'object', 'wrong') }),
        fc.record({ $ref: fc.constantFrom('#', '#/$defs/a', '#/$defs/b', '#/properties/x', '#/anyOf/0') }),
        fc.record({ type: fc.constant('object'), properties: fc.dictionary(fc.oneof(text, fc.constant('x')), tie('schema'), { maxKeys: 3 }), additionalProperties: tie('schema') }, { requiredKeys: ['type'] }),
        fc.record({ prefixItems: fc.array(tie('schema'), { maxLength: 3 }), items: tie('schema'), minItems: fc.nat(3), description: text }, { requiredKeys: ['items'] }),
        fc.record({ anyOf: fc.array(tie('schema'), { maxLength: 3 }), allOf: fc.array(tie('schema'), { maxLength: 2 }), nullable: fc.boolean() }, { requiredKeys: [] })),
    }))
    const root = fc.tuple(schema, schema, schema).map(([own, a, b]) => (typeof own === 'object' ? { ...(own as object), $defs: { a, b } } : own))
    const samples = fc.sample(fc.tuple(root, text), { numRuns: 150, seed: 20_261_001 })
    const tools = Object.fromEntries(samples.map(([json, description], index) => [`t${index}`, toolOf(json, undefined, `${description} `)]))
    const declared = describeTools(tools)
    expect(transform(declared, { transforms: ['typescript'] }).code.trim()).toBe('')
    expect(await compile({ 'any.ts': declared })).toBe('')
  })

  it('stays small and quick however large or deep a schema is', () => {
    let deep: unknown = { type: 'string' }
    for (let level = 0; level < 5000; level++) deep = { type: 'array', items: deep }
    const wide = { properties: Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`p${index}`, { type: 'string' }])) }
    const doubling = { $defs: Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`d${index}`, { properties: { l: { $ref: `#/$defs/d${index + 1}` }, r: { $ref: `#/$defs/d${index + 1}` } } }])), $ref: '#/$defs/d0' }
    const began = performance.now()
    const text = describeTools({ deep: toolOf(deep), wide: toolOf(wide), doubling: toolOf(doubling), enumerated: toolOf({ enum: Array.from({ length: 100_000 }, (_, index) => index) }), told: toolOf({}, {}, 'x'.repeat(1e6)) })
    expect(text.length).toBeLessThan(64 * 1024)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  it('refuses what is no tool, an unknown option and a name that is no identifier', () => {
    expect(() => describeTools({ t: {} as Tool })).toThrow(expect.objectContaining({ code: 'invalid-tool' }))
    expect(() => describeTools({}, { nmae: 'x' } as object)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
    expect(() => describeTools({}, { name: 'a b' })).toThrow(expect.objectContaining({ code: 'invalid-option' }))
    expect(describeTools({}, { name: 'host' })).toBe('declare const host: {\n}\n')
  })
})
