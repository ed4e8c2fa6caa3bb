export interface InspectOptions {
  /** Levels shown below the first. @default 2 */
  readonly depth?: number | null
  /** Elements of each array, Map and Set. @default 100 */
  readonly maxArrayLength?: number | null
  /** Characters of each string. @default 10_000 */
  readonly maxStringLength?: number | null
  /** Columns before a line is broken. @default 80 */
  readonly breakLength?: number
  /** @default false */
  readonly showHidden?: boolean
}

/** State of one formatting. */
export interface Context {
  readonly depth: number
  readonly maxArrayLength: number
  readonly maxStringLength: number
  readonly breakLength: number
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
    path: [],
    circular: new Map(),
    indentation: 0,
    level: 0,
    budget: MAX_ENTRIES,
  }
}
