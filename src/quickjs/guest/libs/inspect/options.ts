export interface InspectOptions {
  /** Levels shown below the first. @default 2 */
  readonly depth?: number | null
  /** Elements of each array, Map and Set. @default 100 */
  readonly maxArrayLength?: number | null
  /** Characters of each string. @default 10_000 */
  readonly maxStringLength?: number | null
  /** Columns before a line is broken. @default 80 */
  readonly breakLength?: number
  /** Keys that are not enumerable too. @default false */
  readonly showHidden?: boolean
  /** Nesting that still goes on one line; `false` for none, `true` for as much as fits. @default 3 */
  readonly compact?: boolean | number
  /** Properties in order, by their text or by a comparison of it. @default false */
  readonly sorted?: boolean | ((a: string, b: string) => number)
  /** Getters that are run: all, or those without or with a setter. @default false */
  readonly getters?: boolean | 'get' | 'set'
  /** ANSI colours. @default false */
  readonly colors?: boolean
  /** Digits in groups of three. @default false */
  readonly numericSeparator?: boolean
  /** Objects' own ways of being shown. @default true */
  readonly customInspect?: boolean
  /** Takes the place of `colors`. */
  readonly stylize?: Stylize
}

/** A kind of text, for its colour. */
export type Style = 'special' | 'number' | 'bigint' | 'boolean' | 'undefined' | 'null' | 'string' | 'symbol' | 'date' | 'regexp' | 'module' | 'name'
export type Stylize = (text: string, style: Style) => string

const COLORS: Readonly<Record<Style, readonly [number, number] | undefined>> = {
  special: [36, 39], number: [33, 39], bigint: [33, 39], boolean: [33, 39], undefined: [90, 39], null: [1, 22], string: [32, 39], symbol: [32, 39],
  date: [35, 39], regexp: [31, 39], module: [4, 24], name: undefined,
}
const plain: Stylize = (text) => text
const colored: Stylize = (text, style) => {
  const color = COLORS[style]
  return color === undefined ? text : `\x1b[${color[0]}m${text}\x1b[${color[1]}m`
}


/** State of one formatting. */
export interface Context {
  readonly depth: number
  readonly maxArrayLength: number
  readonly maxStringLength: number
  readonly breakLength: number
  readonly compact: number | true
  readonly sorted: boolean | ((a: string, b: string) => number)
  readonly getters: boolean | 'get' | 'set'
  readonly showHidden: boolean
  readonly numericSeparator: boolean
  readonly customInspect: boolean
  readonly stylize: Stylize
  /** What was asked for, for objects that show themselves. */
  readonly asked: InspectOptions
  /** Objects being shown, outermost first. */
  readonly path: object[]
  /** Numbers of objects that something below refers back to. */
  readonly circular: Map<object, number>
  indentation: number
  /** Level of the object formatted last. */
  level: number
  /** Objects and entries that may still be shown: output stays in proportion whatever is in there. */
  budget: number
}

const MAX_ENTRIES = 10_000

const bound = (value: number | null | undefined, fallback: number): number => (value === null ? Infinity : (value ?? fallback))

export function toContext(options: InspectOptions): Context {
  return {
    depth: bound(options.depth, 2),
    maxArrayLength: bound(options.maxArrayLength, 100),
    maxStringLength: bound(options.maxStringLength, 10_000),
    breakLength: options.breakLength ?? 80,
    compact: options.compact === true ? true : options.compact === false ? 0 : (options.compact ?? 3),
    sorted: options.sorted ?? false,
    getters: options.getters ?? false,
    showHidden: options.showHidden === true,
    numericSeparator: options.numericSeparator === true,
    customInspect: options.customInspect !== false,
    stylize: options.stylize ?? (options.colors === true ? colored : plain),
    asked: options,
    path: [],
    circular: new Map(),
    indentation: 0,
    level: 0,
    budget: MAX_ENTRIES,
  }
}
