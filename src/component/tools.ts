import { GuestVisibleError, type Reach } from '../../capabilities/capability.js'
import { type StandardSchema, type Tool, defineTool } from '../../capabilities/tool/tool.js'
import { GloveboxError } from '../errors.js'
import { type Grants, toGrants } from '../grants.js'
import type { Limits } from '../limits.js'
import type { Component } from '../load.js'
import { describeGrants } from '../policy.js'
import type { RunResult } from '../result.js'
import { type ExportedFunction, isCallable, listFunctions, nameOf } from './functions.js'
import { toCamel, toKebab } from './names.js'
import { toInputSchema, toOutputSchema } from './schema.js'
import { ValueError, toGuestValue } from './value-in.js'

export interface ToToolsOptions {
  /** What each call of the component may reach; a guest may only call it when it was granted as much itself. @default nothing */
  readonly grants?: Grants
  /** Bounds of each call of the component, over those of the sandbox. */
  readonly limits?: Partial<Limits>
  /** Names of exports to offer. @default every function that takes and gives data only */
  readonly only?: readonly string[]
}

const KEYS = ['grants', 'limits', 'only']

/**
 * Turns the exports of a component into tools: a guest calls `tools.slugify({ text })`, and an instance of its own, under
 * grants of its own, answers. Schemas come from the types, descriptions from the comments of the component's WIT.
 * @throws GloveboxError `invalid-option`, `invalid-grant`, `missing-export`
 * @example
 * const tools = toTools(await sandbox.load(bytes))
 * await sandbox.run(`return tools.slugify({ text: 'Grüße' })`, { grants: { tools } })
 */
export function toTools(component: Component, options: ToToolsOptions = {}): { readonly [name: string]: Tool } {
  for (const key of Object.keys(options)) {
    if (!KEYS.includes(key)) throw new GloveboxError('invalid-option', `toTools: unknown option "${key}"; use one of ${KEYS.join(', ')}`)
  }
  // Checked now, and not when a guest first calls.
  const within = describeGrants(toGrants(options.grants)).reach
  const tools: Record<string, Tool> = {}
  for (const found of choose(component, options.only)) {
    const name = toToolName(found, tools)
    tools[name] = toTool(component, found, { options, within })
  }
  return Object.freeze(tools)
}

function toTool(component: Component, found: ExportedFunction, { options, within }: { readonly options: ToToolsOptions; readonly within: readonly Reach[] }): Tool {
  const { fn } = found
  const tool = defineTool<readonly unknown[], unknown>({
    description: fn.docs ?? `Calls ${nameOf(found)}.`,
    input: toInput(found),
    output: toOutput(found),
    execute: async (args, { signal, source }) => {
      const { grants, limits } = options
      const result = await component.call(nameOf(found), args, { signal, ...(grants === undefined ? {} : { grants }), ...(limits === undefined ? {} : { limits }) })
      for (const label of result.sources) source(label)
      return toAnswer(result)
    },
  })
  return Object.freeze({ ...tool, within })
}

function toAnswer(result: RunResult): unknown {
  switch (result.outcome) {
    case 'returned':
      return result.value
    case 'threw':
      throw new GuestVisibleError(result.error.name, result.error.code ?? 'component-error', result.error.message)
    case 'stopped':
      throw new GuestVisibleError('Error', 'component-stopped', `The component was stopped (${result.reason}): ${result.message}`)
  }
}

function choose(component: Component, only: readonly string[] | undefined): readonly ExportedFunction[] {
  const all = listFunctions(component.world)
  if (only === undefined) return all.filter(isCallable)
  return only.map((name) => {
    const found = all.find((each) => nameOf(each) === name)
    if (found === undefined || !isCallable(found)) throw new GloveboxError('missing-export', `Cannot make a tool of ${JSON.stringify(name)}: the component has no such export, or it takes or gives resources`)
    return found
  })
}

/** The function's own name, or with its interface's where another has it. */
function toToolName({ fn, owner }: ExportedFunction, taken: Readonly<Record<string, Tool>>): string {
  const local = owner?.replace(/@.*$/, '').replace(/^.*\//, '')
  const own = fn.name.replace(/^\[static\]/, '').replace('.', '-')
  const names = [toCamel(own), ...(local === undefined ? [] : [toCamel(`${toKebab(local)}-${own}`)])]
  const free = names.find((name) => !Object.hasOwn(taken, name))
  if (free === undefined) throw new GloveboxError('invalid-option', `Cannot make a tool of "${fn.name}": its name is taken; pick exports with the option "only"`)
  return free
}

/** Takes an object by the parameters' names, and gives the list of arguments. */
function toInput({ fn }: ExportedFunction): StandardSchema<unknown, readonly unknown[]> {
  const { params } = fn
  const record = { kind: 'record' as const, fields: params }
  return toStandard((value) => {
    const given = toGuestValue(value, record, 'input') as Readonly<Record<string, unknown>>
    return params.map(({ name }) => given[toCamel(name)])
  }, { input: () => toInputSchema(fn), output: () => toInputSchema(fn) })
}

/** What comes from a component was checked already. */
function toOutput({ fn }: ExportedFunction): StandardSchema {
  return toStandard((value) => value, { input: () => toOutputSchema(fn), output: () => toOutputSchema(fn) })
}

function toStandard<T>(check: (value: unknown) => T, jsonSchema: NonNullable<StandardSchema['~standard']['jsonSchema']>): StandardSchema<unknown, T> {
  return {
    '~standard': {
      version: 1,
      vendor: 'glovebox',
      validate: (value) => {
        try {
          return { value: check(value) }
        } catch (error) {
          if (!(error instanceof ValueError)) throw error
          return { issues: [{ message: error.message }] }
        }
      },
      jsonSchema,
    },
  }
}
