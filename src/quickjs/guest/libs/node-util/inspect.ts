import type { GuestCore } from '../../core.js'
import { invalidType } from '../node/errors.js'

type Options = Record<string, unknown>

const COLORS: Readonly<Record<string, readonly [number, number]>> = {
  reset: [0, 0], bold: [1, 22], dim: [2, 22], italic: [3, 23], underline: [4, 24], blink: [5, 25], inverse: [7, 27], hidden: [8, 28], strikethrough: [9, 29], doubleunderline: [21, 24],
  black: [30, 39], red: [31, 39], green: [32, 39], yellow: [33, 39], blue: [34, 39], magenta: [35, 39], cyan: [36, 39], white: [37, 39],
  bgBlack: [40, 49], bgRed: [41, 49], bgGreen: [42, 49], bgYellow: [43, 49], bgBlue: [44, 49], bgMagenta: [45, 49], bgCyan: [46, 49], bgWhite: [47, 49],
  framed: [51, 54], overlined: [53, 55], gray: [90, 39], redBright: [91, 39], greenBright: [92, 39], yellowBright: [93, 39], blueBright: [94, 39],
  magentaBright: [95, 39], cyanBright: [96, 39], whiteBright: [97, 39],
  bgGray: [100, 49], bgRedBright: [101, 49], bgGreenBright: [102, 49], bgYellowBright: [103, 49], bgBlueBright: [104, 49],
  bgMagentaBright: [105, 49], bgCyanBright: [106, 49], bgWhiteBright: [107, 49],
}

const ALIASES: Readonly<Record<string, string>> = {
  grey: 'gray', blackBright: 'gray', bgGrey: 'bgGray', bgBlackBright: 'bgGray', faint: 'dim', crossedout: 'strikethrough', strikeThrough: 'strikethrough', crossedOut: 'strikethrough',
  conceal: 'hidden', swapColors: 'inverse', swapcolors: 'inverse', doubleUnderline: 'doubleunderline',
}

/** Codes of a format, which several names may mean. */
export const codesOf = (name: string): readonly [number, number] | undefined => {
  const known = Object.hasOwn(ALIASES, name) ? ALIASES[name]! : name
  return Object.hasOwn(COLORS, known) ? COLORS[known] : undefined
}

/** Names of all formats. */
export const FORMATS: readonly string[] = [...Object.keys(COLORS), ...Object.keys(ALIASES)]

/** `inspect` and what formats with it. Defaults a program sets are kept for `util`'s own; `console` is not changed by them. */
export function createInspect(core: GuestCore): Record<'inspect' | 'format' | 'formatWithOptions' | 'debuglog' | 'debug' | 'log', (...args: any[]) => any> {
  const lib = core.lib('inspect') as { inspect(value: unknown, options: Options): string; format(args: readonly unknown[], options?: Options): string }
  let defaults: Options = {
    showHidden: false, depth: 2, colors: false, customInspect: true, showProxy: false, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 128, compact: 3, sorted: false, getters: false,
    numericSeparator: false,
  }
  const isChanged = (): Options => Object.fromEntries(Object.entries(defaults).filter(([key]) => key !== 'breakLength' || defaults[key] !== 128))

  const inspect = (value: unknown, options?: unknown, depth?: unknown, colors?: unknown): string => {
    const chosen: Options = typeof options === 'object' && options !== null ? (options as Options) : {}
    if (typeof options === 'boolean') chosen['showHidden'] = options
    if (typeof options !== 'object' && depth !== undefined) chosen['depth'] = depth
    if (typeof options !== 'object' && colors !== undefined) chosen['colors'] = colors
    return lib.inspect(value, { ...isChanged(), ...chosen })
  }
  inspect.custom = Symbol.for('nodejs.util.inspect.custom')
  inspect.colors = Object.assign(Object.create(null) as object, COLORS)
  for (const name of Object.keys(ALIASES)) Object.defineProperty(inspect.colors, name, { value: codesOf(name), enumerable: false, configurable: true, writable: true })
  inspect.styles = Object.assign(Object.create(null) as object, {
    special: 'cyan', number: 'yellow', bigint: 'yellow', boolean: 'yellow', undefined: 'grey', null: 'bold', string: 'green', symbol: 'green', date: 'magenta', regexp: 'red', module: 'underline',
  })
  Object.defineProperty(inspect, 'defaultOptions', {
    get: () => defaults,
    set: (options: unknown) => {
      if (typeof options !== 'object' || options === null) throw invalidType('options', 'of type object', options)
      defaults = { ...defaults, ...options }
    },
    enumerable: true,
  })

  const formatWithOptions = (options: unknown, ...args: unknown[]): string => {
    if (typeof options !== 'object' || options === null) throw invalidType('inspectOptions', 'of type object', options)
    return lib.format(args, options as Options)
  }
  const enabled = (set: string): boolean => {
    const names = (core.settings().env['NODE_DEBUG'] ?? '').split(',').filter(Boolean)
    return names.some((name) => new RegExp(`^${name.replace(/[|\\{}()[\]^$+?.]/g, '\\$&').replaceAll('*', '.*')}$`, 'i').test(set))
  }
  const debuglog = (set: string) => {
    const isOn = enabled(set)
    const write = (...args: unknown[]): void => {
      if (isOn) core.log('stderr', `${set.toUpperCase()} 1: ${lib.format(args)}\n`)
    }
    return Object.defineProperty(write, 'enabled', { get: () => isOn, enumerable: true })
  }
  return { inspect, format: (...args: unknown[]) => lib.format(args), formatWithOptions, debuglog, debug: debuglog, log: (...args: unknown[]) => core.log('log', lib.format(args)) }
}
