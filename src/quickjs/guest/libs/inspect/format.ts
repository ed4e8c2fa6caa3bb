import { ownValue } from './kinds.js'
import { type InspectOptions, toContext } from './options.js'
import { show } from './value.js'

/** Text of one value, as Node's `util.inspect` gives it. */
export function inspect(value: unknown, options: InspectOptions = {}): string {
  return show(value, toContext(options), 0)
}

/** A string as itself, anything else inspected. */
function toText(value: unknown, options: InspectOptions): string {
  return typeof value === 'string' ? value : inspect(value, options)
}

/** Text of the arguments of a log call; placeholders of the Console Standard, section 2.2.1. */
export function format(args: readonly unknown[], options: InspectOptions = {}): string {
  const [first] = args
  if (typeof first !== 'string' || args.length < 2 || !first.includes('%')) return args.map((arg) => toText(arg, options)).join(' ')
  let next = 1
  const filled = first.replace(/%[sdifjoOc%]/g, (placeholder) => {
    if (placeholder === '%%') return '%'
    if (next >= args.length) return placeholder
    return fill(placeholder, args[next++], options)
  })
  return [filled, ...args.slice(next).map((arg) => toText(arg, options))].join(' ')
}

function fill(placeholder: string, arg: unknown, options: InspectOptions): string {
  switch (placeholder) {
    case '%s':
      if (typeof arg === 'string') return arg
      return toOwnText(arg) ?? inspect(arg, { ...options, depth: 0 })
    case '%d':
      return toNumber(arg, Number)
    case '%i':
      return toNumber(arg, (text) => parseInt(String(text), 10))
    case '%f':
      return toNumber(arg, (text) => parseFloat(String(text)))
    case '%j':
      return toJSON(arg)
    case '%c':
      return ''
    case '%o':
      return inspect(arg, { ...options, depth: 4, showHidden: true })
    default:
      return inspect(arg, options)
  }
}

const BUILT_IN: ReadonlySet<unknown> = new Set([
  Object, Array, Date, RegExp, Error, Map, Set, Promise, Function, Number, String, Boolean, Symbol, BigInt, ArrayBuffer,
  EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError, AggregateError, Object.getPrototypeOf(Uint8Array),
])

/** What a function is written as, or what an object says of itself through a `toString` of its own. */
function toOwnText(arg: unknown): string | undefined {
  if (typeof arg === 'function') return Function.prototype.toString.call(arg)
  if (typeof arg !== 'object' || arg === null) return undefined
  try {
    let holder: object | null = arg
    while (holder !== null && !Object.hasOwn(holder, 'toString')) holder = Object.getPrototypeOf(holder) as object | null
    if (holder === null || (holder !== arg && BUILT_IN.has(ownValue(holder, 'constructor')))) return undefined
    const method = ownValue(holder, 'toString')
    return typeof method === 'function' ? String(method.call(arg)) : undefined
  } catch {
    return undefined
  }
}

function toNumber(arg: unknown, convert: (arg: unknown) => number): string {
  if (typeof arg === 'bigint') return `${arg}n`
  if (typeof arg === 'symbol' || (typeof arg === 'object' && arg !== null)) return 'NaN'
  const number = convert(arg)
  return Object.is(number, -0) ? '-0' : String(number)
}

function toJSON(arg: unknown): string {
  try {
    return JSON.stringify(arg) ?? 'undefined'
  } catch {
    return '[Circular]'
  }
}
