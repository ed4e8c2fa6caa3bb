import type { HostCall } from '../../capabilities/capability.js'
import { GloveboxError } from '../errors.js'
import { toCamel } from './names.js'
import type { ComponentPort } from './port.js'
import type { HostFunction } from './seam.js'
import { toGuestValue } from './value-in.js'
import { liveKind } from './value-kinds.js'
import { toHostValue } from './value-out.js'
import type { Extern, ExternFunction, ValueType } from './world.js'

/** Why a call ends when a function of the host fails for reasons that are not the guest's. */
export const HOST_FAILURE = 'A function of the host failed below the component, which was dropped'

type Functions = Readonly<Record<string, HostFunction>>

/**
 * Functions of the embedder as a component imports them: each call goes through the door, as a tool's does, with copies
 * of its arguments; what is returned must be of the type the component was promised.
 * @throws GloveboxError `unknown-import` for functions that are missing, or that take or give resources
 */
export function linkHostFunctions(extern: Extern, functions: Functions, port: ComponentPort): Readonly<Record<string, unknown>> {
  const row = Object.create(null) as Record<string, unknown>
  if (extern.kind === 'function') {
    row['default'] = link(extern, { fn: functions['default'], target: extern.name, port })
    return row
  }
  const [resource] = extern.resources
  if (resource !== undefined) throw new GloveboxError('unknown-import', `Cannot offer "${extern.name}": it has the resource "${resource}", and functions of yours take and give data only`)
  for (const each of extern.functions) {
    row[each.path] = link(each, { fn: functions[each.name] ?? functions[toCamel(each.name)], target: `${extern.name}#${each.name}`, port })
  }
  return row
}

interface Linked {
  readonly fn: HostFunction | undefined
  readonly target: string
  readonly port: ComponentPort
}

function link({ params, result }: ExternFunction, { fn, target, port }: Linked): (...args: unknown[]) => unknown {
  if (fn === undefined) throw new GloveboxError('unknown-import', `Cannot offer "${target}": the option "interfaces" has no such function`)
  const live = [...params.map(({ type }) => type), result].map((type) => liveKind(type)).find((kind) => kind !== undefined)
  if (live !== undefined) throw new GloveboxError('unknown-import', `Cannot offer "${target}": it has ${live} among its types, and functions of yours take and give data only`)
  const fails = result?.kind === 'result'
  const given = fails ? result.ok : result
  const call = (host: HostCall, args: readonly unknown[]): unknown => {
    host.target = target
    host.source(`tool:${target}`)
    const own = params.map(({ type }, index) => toHostValue(args[index], type, (bytes) => host.spend('out', bytes)))
    return (fn as (...args: unknown[]) => unknown)(...own)
  }
  const copy = (host: HostCall, value: unknown, type: ValueType | undefined, at: string): unknown => {
    if (type === undefined) return undefined
    const copied = toGuestValue(value, type, at)
    toHostValue(copied, type, (bytes) => host.spend('in', bytes))
    return copied
  }
  const answer = (host: HostCall, value: unknown): Answer => ({ value: copy(host, value, given, 'result') })
  const fail = (host: HostCall, error: unknown): Answer => {
    // The function's own error, where its type has one; anything else is a failure of the host.
    if (!fails || !isPayload(error)) throw error
    return { payload: copy(host, error.payload, result.error, 'payload') }
  }
  return (...args) => {
    if (port.canSuspend) {
      const act = async (host: HostCall): Promise<Answer> => {
        try {
          return answer(host, await call(host, args))
        } catch (error) {
          return fail(host, error)
        }
      }
      return port.performAsync('tool.call', act).catch((error: unknown) => drop(error, port)).then(tell)
    }
    const act = (host: HostCall): Answer => {
      try {
        return answer(host, orNeedsJspi(call(host, args), port))
      } catch (error) {
        return fail(host, error)
      }
    }
    try {
      return tell(port.perform('tool.call', act))
    } catch (error) {
      if (isPayload(error)) throw error
      return drop(error, port)
    }
  }
}

/** There is nothing the guest could be told: the glue would leave it waiting. */
function drop(error: unknown, { halt }: ComponentPort): never {
  halt.set('trap', HOST_FAILURE)
  throw error
}

/** What a function of the embedder came to. */
type Answer = { readonly value: unknown } | { readonly payload: unknown }

/** As the glue is told: it takes the `payload` of what is thrown for the error of a `result`. */
function tell(answer: Answer): unknown {
  if ('payload' in answer) throw answer
  return answer.value
}

function orNeedsJspi(value: unknown, { halt }: ComponentPort): unknown {
  if (typeof value !== 'object' || value === null || typeof (value as { then?: unknown }).then !== 'function') return value
  return halt.raise('needs-jspi', 'A function of the host takes time, and this engine cannot suspend the component meanwhile; use Node 24 or later')
}

function isPayload(error: unknown): error is { readonly payload: unknown } {
  return typeof error === 'object' && error !== null && Object.hasOwn(error, 'payload')
}
