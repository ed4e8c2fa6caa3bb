import { GloveboxError } from '../../src/errors.js'
import { NATIVE, TypeWriter } from './declare-type.js'
import { toDocComment, toMemberName } from './declare-text.js'
import type { StandardSchema, Tool } from './tool.js'

export interface DescribeToolsOptions {
  /** The name tools are declared under. @default 'tools', which is the one guests know */
  readonly name?: string
}

/**
 * TypeScript declarations of tools, as text for the model that writes the guest program.
 *
 * Types come from the JSON Schema a schema library gives with Standard JSON Schema (zod 4 does); without it, and for
 * what JSON Schema cannot say, they are `unknown`. Descriptions become doc comments. Whatever a schema holds, the
 * text is one valid declaration: names are quoted, comments cannot be ended.
 *
 * @throws GloveboxError `invalid-tool` for what `defineTool()` did not make, `invalid-option`
 * @see https://standardschema.dev/json-schema
 * @example
 * const prompt = `Write a program that may call:\n${describeTools({ search })}`
 */
export function describeTools(tools: { readonly [name: string]: Tool }, options: DescribeToolsOptions = {}): string {
  for (const key of Object.keys(options)) {
    if (key !== 'name') throw new GloveboxError('invalid-option', `describeTools: unknown option "${key}"; use "name"`)
  }
  const name = options.name ?? 'tools'
  if (!/^[A-Za-z_$][\w$]{0,63}$/.test(name)) throw new GloveboxError('invalid-option', `describeTools: name is ${JSON.stringify(name)}: expected an identifier`)
  const taken = new Set<string>()
  const types: string[] = []
  const members = Object.entries(tools).map(([toolName, tool]) => {
    if (tool?.kind !== 'tool') throw new GloveboxError('invalid-tool', `Cannot describe "${toolName}": make it with defineTool()`)
    const { input, output, description, maxCalls } = tool.options
    const write = (schema: StandardSchema | undefined, side: 'input' | 'output'): string => {
      const writer = new TypeWriter(toJsonSchema(schema, side), (hint) => unique(`${toTypeName(toolName)}${side === 'input' ? 'Input' : 'Output'}${toTypeName(hint)}`, taken))
      const type = writer.write('  ')
      types.push(...writer.aliases)
      return type
    }
    const bound = maxCalls === undefined ? [] : [`It can be called ${maxCalls === 1 ? 'once' : `${maxCalls} times`}.`]
    return `${toDocComment([description, ...bound], '  ')}  ${toMemberName(toolName)}(input: ${write(input, 'input')}): Promise<${write(output, 'output')}>\n`
  })
  return `${types.join('')}declare const ${name}: {\n${members.join('')}}\n`
}

/** Types a library's schema has that JSON Schema has not, by its name for them. */
const NATIVE_OF: ReadonlyMap<unknown, string> = new Map([
  ['date', 'Date'], ['bigint', 'bigint'], ['undefined', 'undefined'], ['void', 'void'], ['map', 'Map<unknown, unknown>'], ['set', 'Set<unknown>'],
])

/** What a schema says of itself; `true`, which is anything, when it says nothing. */
function toJsonSchema(schema: StandardSchema | undefined, side: 'input' | 'output'): unknown {
  const standard = schema?.['~standard']
  if (standard?.jsonSchema === undefined) return true
  const options = { target: 'draft-2020-12', ...(standard.vendor === 'zod' ? { libraryOptions: ZOD_OPTIONS } : {}) }
  try {
    return standard.jsonSchema[side](options)
  } catch {
    // A library may have no JSON Schema for a type; the declaration then promises nothing.
    return true
  }
}

/** Rather `unknown` in one place than for the whole, and the types our wire format carries by their names. */
const ZOD_OPTIONS = Object.freeze({
  unrepresentable: 'any',
  override: ({ zodSchema, jsonSchema }: { readonly zodSchema: { readonly _zod: { readonly def: { readonly type: unknown } } }; readonly jsonSchema: Record<string, unknown> }): void => {
    const native = NATIVE_OF.get(zodSchema._zod.def.type)
    if (native !== undefined) jsonSchema[NATIVE] = native
  },
})

function toTypeName(text: string): string {
  return text.replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase()).replace(/^./, (first) => first.toUpperCase()).slice(0, 64)
}

function unique(hint: string, taken: Set<string>): string {
  const name = /^[A-Za-z_]/.test(hint) ? hint : `Type${hint}`
  let free = name
  for (let number = 2; taken.has(free); number++) free = `${name}${number}`
  taken.add(free)
  return free
}
