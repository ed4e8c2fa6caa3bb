import type { Ended } from '../engine.js'
import { GloveboxError } from '../errors.js'
import type { GuestError } from '../result.js'
import { withoutVersion } from './imports.js'
import { ComponentThrow, type LifeOptions, liveIn } from './life.js'
import type { ComponentCall } from './seam.js'
import { ValueError, toGuestValue } from './value-in.js'
import { liveKind } from './value-kinds.js'
import { toHostValue } from './value-out.js'
import type { ExternFunction, ValueType, World } from './world.js'

/** An exported function and where the glue has it. */
export interface ExportedFunction {
  readonly fn: ExternFunction
  /** Full name of its interface; `undefined` for a function of the world. */
  readonly owner: string | undefined
}

/** Calls an exported function in instances of its own; `undefined` as its value where its type has none. */
export function prepareCall(options: Pick<LifeOptions, 'compiled' | 'switchModule'>, name: string, args: readonly unknown[]): (call: ComponentCall) => Promise<Ended<unknown>> {
  const { world } = options.compiled
  const found = findFunction(world, name)
  const own = checkArguments(found, args)
  return (call) => liveIn({ ...options, call }, async ({ exports, port }) => {
    const { limits, halt } = port
    const returned = await invoke(exports, found, own, (bytes) => {
      if (bytes > limits.resultBytes) halt.raise('result-size', `The result is larger than ${limits.resultBytes} bytes; return less or raise limits.resultBytes`)
    })
    return returned
  })
}

/** Calls what was found and copies its value; what counts the bytes so far may stop the call. */
async function invoke(exports: Readonly<Record<string, unknown>>, { fn, owner }: ExportedFunction, args: readonly unknown[], count: (bytes: number) => void): Promise<unknown> {
  const call = toCallable(owner === undefined ? exports : exports[owner], fn.path)
  let bytes = 0
  const take = (more: number): void => count((bytes += more))
  const { result } = fn
  try {
    const value = await call(...args)
    const type = result?.kind === 'result' ? result.ok : result
    return type === undefined ? undefined : toHostValue(value, type, take)
  } catch (error) {
    if (result?.kind !== 'result' || !isOwnError(error)) throw error
    throw new ComponentThrow(toGuestError(result.error === undefined ? undefined : toHostValue(error.payload, result.error, take), result.error))
  }
}

/** A function, or a static one of a class: `slugify`, `Doc.count`. */
function toCallable(from: unknown, path: string): (...args: readonly unknown[]) => unknown {
  let at = from
  for (const key of path.split('.')) at = (at as Readonly<Record<string, unknown>>)[key]
  return at as (...args: readonly unknown[]) => unknown
}

/** How the glue throws the error of a `result`; traps and failures of the host are of other classes. */
function isOwnError(error: unknown): error is { readonly payload: unknown } {
  return error instanceof Error && error.constructor.name === 'ComponentError' && Object.hasOwn(error, 'payload')
}

export function toGuestError(payload: unknown, type: ValueType | undefined): GuestError {
  const tag = type?.kind === 'variant' ? (payload as { readonly tag: string }).tag : type?.kind === 'enum' ? (payload as string) : undefined
  const message = tag ?? (typeof payload === 'string' ? payload : 'The function returned an error')
  return { name: 'ComponentError', message, ...(tag === undefined ? {} : { code: tag }), ...(payload === undefined ? {} : { payload }) }
}

/** @throws GloveboxError `missing-export` */
export function findInterface({ exports }: World, name: string, what: string): string {
  const found = exports.find((each) => each.kind === 'interface' && withoutVersion(each.name) === name)
  if (found === undefined) throw new GloveboxError('missing-export', `The component ${what}: it does not export "${name}"`)
  return found.name
}

/** @throws GloveboxError `missing-export` */
function findFunction(world: World, name: unknown): ExportedFunction {
  if (typeof name !== 'string') throw new GloveboxError('invalid-option', `call: expected the name of an export, got ${typeof name}`)
  const all = listFunctions(world)
  const [owner, member] = name.includes('#') ? name.split('#', 2) : [undefined, name]
  const exact = all.filter((each) => each.owner === owner && each.fn.name === member)
  const found = exact.length > 0 ? exact : all.filter((each) => each.owner !== undefined && owner !== undefined && withoutVersion(each.owner) === owner && each.fn.name === member)
  const [first, second] = found
  if (first === undefined) throw new GloveboxError('missing-export', `The component has no export ${JSON.stringify(name)}; it has ${shown(all)}`)
  if (second !== undefined) throw new GloveboxError('missing-export', `The component has several exports ${JSON.stringify(name)}; name a version: ${shown(found)}`)
  if (!isCallable(first)) {
    const live = liveKindOf(first)
    throw new GloveboxError('missing-export', `Cannot call "${nameOf(first)}" from outside: it ${live === undefined ? 'is asynchronous' : `has ${live} among its types, which cannot leave an instance`}`)
  }
  return first
}

/** Every exported function. */
export function listFunctions({ exports }: World): readonly ExportedFunction[] {
  return exports.flatMap((each): readonly ExportedFunction[] => (each.kind === 'function' ? [{ fn: each, owner: undefined }] : each.functions.map((fn) => ({ fn, owner: each.name }))))
}

/** Whether it can be called from outside: everything about it is data. */
export function isCallable(found: ExportedFunction): boolean {
  const { fn } = found
  return liveKindOf(found) === undefined && !fn.path.includes('#') && fn.isAsync !== true
}

/** The part of a function's type that cannot leave an instance. */
function liveKindOf({ fn }: ExportedFunction): string | undefined {
  return [...fn.params.map(({ type }) => type), fn.result].map((type) => liveKind(type)).find((kind) => kind !== undefined)
}

/** As `Component.call` takes it. */
export const nameOf = ({ fn, owner }: ExportedFunction): string => (owner === undefined ? fn.name : `${owner}#${fn.name}`)

function shown(all: readonly ExportedFunction[]): string {
  const most = 10
  const names = all.slice(0, most).map(nameOf).join(', ')
  return all.length === 0 ? 'none' : all.length > most ? `${names} and ${all.length - most} more` : names
}

/** @throws GloveboxError `invalid-input` */
function checkArguments(found: ExportedFunction, args: readonly unknown[]): readonly unknown[] {
  const { params } = found.fn
  if (!Array.isArray(args)) throw new GloveboxError('invalid-input', `Cannot call "${nameOf(found)}": expected a list of arguments, got ${typeof args}`)
  const optional = params.findLastIndex(({ type }) => type.kind !== 'option') + 1
  if (args.length < optional || args.length > params.length) {
    const signature = params.map(({ name }) => name).join(', ')
    throw new GloveboxError('invalid-input', `Cannot call "${nameOf(found)}" with ${args.length} arguments: it takes ${params.length} (${signature})`)
  }
  try {
    return params.map(({ name, type }, index) => toGuestValue(args[index], type, name))
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause
    throw new GloveboxError('invalid-input', `Cannot call "${nameOf(found)}": ${cause.message}`, { cause })
  }
}
