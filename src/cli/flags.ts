import { nearest } from '../policy-file/nearest.js'
import { UsageError } from './usage-error.js'

/** How a flag is written and what it means. */
export interface Flag {
  /** What stands after `=`: `never`, `optional`, or how a needed value is written. */
  readonly value: 'never' | { readonly needed: string } | { readonly optional: string }
  readonly repeats: 'never' | 'may repeat'
  /** One line of help. */
  readonly help: string
}

export type FlagTable = Readonly<Record<string, Flag>>

export interface ParsedFlags {
  readonly positionals: readonly string[]
  /** What followed `--`. */
  readonly rest: readonly string[]
  /** Values in order; a flag without one has `undefined`. */
  readonly values: ReadonlyMap<string, readonly (string | undefined)[]>
}

/**
 * Parses a command line strictly: values only after `=`, nothing unknown, nothing twice that counts once.
 * @throws UsageError
 */
export function parseFlags(args: readonly string[], table: FlagTable): ParsedFlags {
  const end = args.indexOf('--')
  const positionals: string[] = []
  const values = new Map<string, (string | undefined)[]>()
  for (const arg of end === -1 ? args : args.slice(0, end)) {
    if (!arg.startsWith('-') || arg === '-') {
      positionals.push(arg)
      continue
    }
    const { name, value } = splitFlag(arg, table)
    const flag = table[name]!
    const given = values.get(name) ?? []
    if (given.length > 0 && flag.repeats === 'never') throw new UsageError(`--${name} is there twice; it counts once`)
    checkValue(name, value, flag)
    values.set(name, [...given, value])
  }
  return { positionals, rest: end === -1 ? [] : args.slice(end + 1), values }
}

function splitFlag(arg: string, table: FlagTable): { readonly name: string; readonly value: string | undefined } {
  const at = arg.indexOf('=')
  const written = at === -1 ? arg : arg.slice(0, at)
  const name = written.replace(/^--?/, '')
  if (!written.startsWith('--') || !Object.hasOwn(table, name)) {
    const meant = written === '-h' ? 'help' : nearest(name, Object.keys(table))
    throw new UsageError(`unknown flag ${written}${meant === undefined ? '; see --help' : `; did you mean ${toUsage(meant, table[meant]!)}?`}`)
  }
  return { name, value: at === -1 ? undefined : arg.slice(at + 1) }
}

function checkValue(name: string, value: string | undefined, flag: Flag): void {
  if (flag.value === 'never') {
    if (value !== undefined) throw new UsageError(`--${name} takes no value; write --${name}`)
    return
  }
  if (value === undefined ? 'needed' in flag.value : value === '') {
    throw new UsageError(`--${name} needs a value after "=": ${toUsage(name, flag)}`)
  }
}

/** `--allow-time[=coarse:100ms|fixed:ISO]` */
export function toUsage(name: string, { value }: Flag): string {
  if (value === 'never') return `--${name}`
  return 'needed' in value ? `--${name}=${value.needed}` : `--${name}[=${value.optional}]`
}
