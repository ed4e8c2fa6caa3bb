import type { CallOptions } from './call.js'
import type { HostFunction, Interfaces } from './component/seam.js'
import { GloveboxError } from './errors.js'
import type { Stdin } from './grants.js'
import { checkCallOptions, checkKeys, invalid } from './options.js'
import type { RunResult } from './result.js'

export interface LoadOptions {
  /** SHA-256 that the bytes must have, in hexadecimal; nothing is looked at when they have another. */
  readonly sha256?: string
  /**
   * Interfaces of yours that the component may import: functions by interface and name, such as
   * `{ 'acme:host/kv': { get: (key) => … } }`. Each call of one is a host call of the kind `tool`.
   */
  readonly interfaces?: Interfaces
}

export interface ComponentCallOptions extends CallOptions {
  /** Other functions for interfaces named when the component was loaded. */
  readonly interfaces?: Interfaces
}

export interface CommandOptions extends ComponentCallOptions {
  /** Arguments behind the program's name. @default [] */
  readonly args?: readonly string[]
  /** Standard input, in place of `grants.stdin`. */
  readonly stdin?: Stdin
}

export interface FetchOptions extends ComponentCallOptions {
  /** Told how the call ended: once its response's body was read, cancelled, or cut off by a stop. */
  readonly onResult?: (result: RunResult<undefined>) => void
}

const CALL_KEYS = ['grants', 'limits', 'signal', 'onEvent', 'interfaces'] as const
const SHA256 = /^[0-9a-f]{64}$/i
const MOST_ARGS = 1024

/** @throws GloveboxError `invalid-option` */
export function checkLoadOptions(options: LoadOptions): void {
  checkKeys(options, ['sha256', 'interfaces'], 'load')
  const { sha256, interfaces } = options
  if (sha256 !== undefined && !(typeof sha256 === 'string' && SHA256.test(sha256))) throw invalid('sha256', '64 hexadecimal digits')
  toInterfaces(interfaces)
}

/** @throws GloveboxError `invalid-option` */
export function checkComponentCallOptions(options: ComponentCallOptions): void {
  checkKeys(options, CALL_KEYS, 'call')
  checkCallOptions(options)
}

/** @throws GloveboxError `invalid-option` */
export function checkCommandOptions(options: CommandOptions): void {
  checkKeys(options, [...CALL_KEYS, 'args', 'stdin'], 'run')
  checkCallOptions(options)
  const { args } = options
  if (args !== undefined && !(Array.isArray(args) && args.length <= MOST_ARGS && args.every((value) => typeof value === 'string'))) {
    throw invalid('args', `a list of at most ${MOST_ARGS} texts`)
  }
}

/** @throws GloveboxError `invalid-option` */
export function checkFetchOptions(options: FetchOptions): void {
  checkKeys(options, [...CALL_KEYS, 'onResult'], 'fetch')
  checkCallOptions(options)
  if (options.onResult !== undefined && typeof options.onResult !== 'function') throw invalid('onResult', 'a function')
}

/**
 * A copy no prototype reaches, so that changing the passed object later changes nothing.
 * @throws GloveboxError `invalid-option`
 */
export function toInterfaces(interfaces: unknown): Interfaces {
  const checked = Object.create(null) as Record<string, Record<string, HostFunction>>
  if (interfaces === undefined) return checked
  if (typeof interfaces !== 'object' || interfaces === null) throw invalid('interfaces', 'functions by interface and name')
  for (const [name, functions] of Object.entries(interfaces as Record<string, unknown>)) {
    if (typeof functions !== 'object' || functions === null) throw invalid(`interfaces["${name}"]`, 'functions by name')
    const row = Object.create(null) as Record<string, HostFunction>
    for (const [key, value] of Object.entries(functions as Record<string, unknown>)) {
      if (typeof value !== 'function') throw invalid(`interfaces["${name}"].${key}`, 'a function')
      row[key] = value as HostFunction
    }
    checked[name] = row
  }
  return checked
}

/** Of a call: what it was loaded with, over which the call sets its own. */
export function mergeInterfaces(loaded: Interfaces, own: unknown): Interfaces {
  if (own === undefined) return loaded
  const replaced = toInterfaces(own)
  for (const name of Object.keys(replaced)) {
    if (!(name in loaded)) throw new GloveboxError('invalid-option', `Option "interfaces": the component was loaded without "${name}"; name it in load() too`)
  }
  return Object.assign(Object.create(null) as Record<string, Interfaces[string]>, loaded, replaced)
}
