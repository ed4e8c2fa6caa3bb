import { GloveboxError } from '../../src/errors.js'
import type { Capability, Reach } from '../capability.js'

/** A schema of any library that follows it: zod 4, valibot, arktype. @see https://standardschema.dev */
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => SchemaResult<Output> | Promise<SchemaResult<Output>>
    readonly types?: { readonly input: Input; readonly output: Output } | undefined
    /** JSON Schema of the type, where the library gives it. */
    readonly jsonSchema?: { readonly input: (options: { readonly target: string }) => Record<string, unknown>; readonly output: (options: { readonly target: string }) => Record<string, unknown> }
  }
}

export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined }[] }

/** What a tool's `execute` learns about the call it serves. */
export interface ToolContext {
  /** Aborted when the guest's call ends, for whatever reason, or the tool's `timeoutMs` has passed. */
  readonly signal: AbortSignal
  /** Unique within the run: `search:3`. */
  readonly callId: string
  /** What the embedder put at the edge for this tool; never seen by a guest. */
  readonly secrets: Readonly<Record<string, unknown>>
  /** Records where the answer's data comes from, beside the tool itself: `fs:/data`. */
  readonly source: (label: string) => void
}

export interface ToolOptions<Input, Output> {
  /** For the model: what the tool does and when to use it. */
  readonly description: string
  /** What a guest must pass; checked before `execute` runs. */
  readonly input: StandardSchema<any, Input>
  /** What the guest gets; checked before it does. @default anything our wire format carries */
  readonly output?: StandardSchema<any, Output>
  readonly execute: (input: Input, context: ToolContext) => Output | Promise<Output>
  /** Calls in one run. @default the run's `hostCalls` */
  readonly maxCalls?: number
  /** Milliseconds one call may take. @default the run's deadline */
  readonly timeoutMs?: number
  /** Bytes of encoded input. @default 1 MiB */
  readonly maxInputBytes?: number
  /** Bytes of encoded output. @default 4 MiB */
  readonly maxOutputBytes?: number
  /** `private`: what it returns is private. `external`: what it is given leaves. */
  readonly labels?: readonly ('private' | 'external')[]
  /** Handed to `execute` as `context.secrets`. */
  readonly secrets?: Readonly<Record<string, unknown>>
}

/** A host function under a name, with a contract on both sides. */
export interface Tool<Input = any, Output = any> extends Capability<'tool'> {
  readonly options: Readonly<ToolOptions<Input, Output>>
  /**
   * What it lets a guest reach that is no tool, such as mounts of a guest behind it: only a call that was granted as
   * much itself may be granted the tool. @default nothing that a guest can reach by itself
   */
  readonly within?: readonly Reach[]
}

const KEYS = new Set(['description', 'input', 'output', 'execute', 'maxCalls', 'timeoutMs', 'maxInputBytes', 'maxOutputBytes', 'labels', 'secrets'])

/**
 * Declares a tool a guest may be granted as `tools.name(input)`.
 * @throws GloveboxError `invalid-tool`
 * @example
 * const search = defineTool({ description: 'Full-text search', input: z.object({ q: z.string() }), execute: ({ q }) => index.find(q) })
 */
export function defineTool<Input, Output>(options: ToolOptions<Input, Output>): Tool<Input, Output> {
  const refuse = (what: string): never => {
    throw new GloveboxError('invalid-tool', `Cannot define a tool: ${what}`)
  }
  if (typeof options !== 'object' || options === null) refuse('expected an options object')
  for (const key of Object.keys(options)) if (!KEYS.has(key)) refuse(`unknown option "${key}"; use one of ${[...KEYS].join(', ')}`)
  if (typeof options.description !== 'string' || options.description === '') refuse('"description" is missing; say for the model what it does')
  if (typeof options.execute !== 'function') refuse('"execute" is not a function')
  for (const name of ['input', 'output'] as const) {
    if (name === 'output' && options.output === undefined) continue
    if (typeof options[name]?.['~standard']?.validate !== 'function') refuse(`"${name}" is no Standard Schema; use one of zod 4, valibot or arktype`)
  }
  for (const name of ['maxCalls', 'timeoutMs', 'maxInputBytes', 'maxOutputBytes'] as const) {
    const value = options[name]
    if (value !== undefined && (!Number.isSafeInteger(value) || value < 0)) refuse(`"${name}" is ${String(value)}: expected a whole number from 0`)
  }
  const labels = options.labels
  return Object.freeze({
    kind: 'tool' as const,
    options: Object.freeze({ ...options }),
    reach: () => [{ capability: 'tool' as const, target: '', acts: 'call', ...(labels === undefined ? {} : { labels }) }],
  })
}
