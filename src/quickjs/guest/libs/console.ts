import type { GuestCore } from '../core.js'
import { toTable } from './console/table.js'

type Level = 'log' | 'info' | 'warn' | 'error' | 'debug' | 'trace'

/** `console` of the Console Standard; every line goes to the captured output, none to a terminal. */
export default (core: GuestCore) => {
  const now = Date.now
  const counts = new Map<string, number>()
  const timers = new Map<string, number>()
  let indentation = ''

  const inspector = (): { inspect: (value: unknown, options?: object) => string; format: (args: readonly unknown[]) => string } =>
    core.lib('inspect') as never

  const toText = (args: readonly unknown[]): string => {
    if (args.length === 1) {
      const [only] = args
      if (typeof only === 'string') return only
      if (typeof only === 'boolean' || (typeof only === 'number' && only !== 0)) return String(only)
    }
    return inspector().format(args)
  }
  const write = (level: Level, text: string): void => {
    core.log(level, indentation === '' ? text : indentation + text.replaceAll('\n', '\n' + indentation))
  }
  const { log: append } = core
  const at = (level: Level) => (...args: unknown[]): void => {
    // One line of text is most of what is logged.
    if (args.length === 1 && indentation === '' && typeof args[0] === 'string') append(level, args[0])
    else write(level, toText(args))
  }
  const toLabel = (label: unknown): string => (label === undefined ? 'default' : String(label))
  const elapsed = (label: string, since: number): string => {
    const ms = now() - since
    return `${label}: ${ms >= 1000 ? `${(ms / 1000).toFixed(3)}s` : `${ms}ms`}`
  }
  const log = at('log')
  const group = (...args: unknown[]): void => {
    if (args.length > 0) log(...args)
    indentation += '  '
  }

  const methods = {
    log,
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    debug: at('debug'),
    dirxml: log,
    // Of profilers and their timelines; there is none here, as there is none in Node unless one is attached.
    timeStamp: (): void => {},
    profile: (): void => {},
    profileEnd: (): void => {},
    trace: (...args: unknown[]): void => {
      const text = args.length === 0 ? '' : toText(args)
      const frames = String(new Error().stack).split('\n').filter((line) => /^\s+at /.test(line) && !line.includes('glovebox:'))
      write('trace', [text === '' ? 'Trace' : `Trace: ${text}`, ...frames].join('\n'))
    },
    dir: (value: unknown, options?: object): void => write('log', inspector().inspect(value, { ...options })),
    table: (data: unknown, columns?: readonly unknown[]): void => {
      const { inspect } = inspector()
      const table = toTable(data, columns, (value) => inspect(value, { depth: 0 }))
      if (table === undefined) log(data)
      else write('log', table)
    },
    group,
    groupCollapsed: group,
    groupEnd: (): void => {
      indentation = indentation.slice(2)
    },
    count: (label?: unknown): void => {
      const name = toLabel(label)
      const count = (counts.get(name) ?? 0) + 1
      counts.set(name, count)
      write('log', `${name}: ${count}`)
    },
    countReset: (label?: unknown): void => {
      const name = toLabel(label)
      if (!counts.delete(name)) write('warn', `Count for '${name}' does not exist`)
    },
    time: (label?: unknown): void => {
      const name = toLabel(label)
      if (timers.has(name)) write('warn', `Label '${name}' already exists for console.time()`)
      else timers.set(name, now())
    },
    timeLog: (label?: unknown, ...args: unknown[]): void => {
      const name = toLabel(label)
      const since = timers.get(name)
      if (since === undefined) write('warn', `No such label '${name}' for console.timeLog()`)
      else write('log', args.length === 0 ? elapsed(name, since) : `${elapsed(name, since)} ${inspector().format(args)}`)
    },
    timeEnd: (label?: unknown): void => {
      const name = toLabel(label)
      const since = timers.get(name)
      if (since === undefined) write('warn', `No such label '${name}' for console.timeEnd()`)
      else {
        timers.delete(name)
        write('log', elapsed(name, since))
      }
    },
    assert: (condition?: unknown, ...args: unknown[]): void => {
      if (condition) return
      if (typeof args[0] === 'string') args[0] = `Assertion failed: ${args[0]}`
      else args.unshift('Assertion failed')
      write('error', toText(args))
    },
  }
  const console = Object.assign(Object.create({}) as typeof methods, methods)
  Object.defineProperty(console, Symbol.toStringTag, { value: 'console', configurable: true })
  return { console }
}
