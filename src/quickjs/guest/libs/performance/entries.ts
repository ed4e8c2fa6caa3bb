export interface EntryInit {
  readonly name: string
  readonly startTime: number
  readonly duration: number
  readonly detail?: unknown
}

const MINE = {}

let detailOf: (entry: PerformanceEntry) => unknown

/** An entry of the timeline. W3C Performance Timeline, section 4. */
export class PerformanceEntry {
  readonly #init: EntryInit

  constructor(mine?: unknown, init?: EntryInit) {
    if (mine !== MINE) throw new TypeError('Illegal constructor')
    this.#init = init!
  }

  get name(): string {
    return this.#init.name
  }

  get entryType(): string {
    void this.#init
    return ''
  }

  get startTime(): number {
    return this.#init.startTime
  }

  get duration(): number {
    return this.#init.duration
  }

  toJSON(): object {
    const { name, entryType, startTime, duration } = this
    return 'detail' in this.#init ? { name, entryType, startTime, duration, detail: this.#init.detail } : { name, entryType, startTime, duration }
  }

  static {
    detailOf = (entry) => entry.#init.detail
  }
}

/** What makes a mark that a program asks for by `new`: its start, and a copy of its detail. */
export interface MarkTools {
  readonly now: () => number
  readonly copy: (value: unknown) => unknown
}

export interface MarkOptions {
  readonly startTime?: number
  readonly detail?: unknown
}

/** Marks and measures. W3C User Timing, sections 3 and 4. */
export function createKinds({ now, copy }: MarkTools) {
  const copied = (detail: unknown): unknown => (detail === undefined || detail === null ? null : copy(detail))

  class PerformanceMark extends PerformanceEntry {
    constructor(name: unknown, options?: MarkOptions) {
      if (arguments.length === 0) throw new TypeError('PerformanceMark: expected a name')
      if (options !== undefined && options !== null && typeof options !== 'object') throw new TypeError('PerformanceMark: the options must be an object')
      const startTime = options?.startTime === undefined ? now() : toTime(options.startTime)
      if (startTime < 0) throw new TypeError(`PerformanceMark: "startTime" is ${startTime}: expected 0 or more`)
      super(MINE, { name: String(name), startTime, duration: 0, detail: copied(options?.detail) })
    }

    override get entryType(): string {
      return 'mark'
    }

    get detail(): unknown {
      return detailOf(this)
    }
  }

  class PerformanceMeasure extends PerformanceEntry {
    override get entryType(): string {
      return 'measure'
    }

    get detail(): unknown {
      return detailOf(this)
    }
  }

  const makeMeasure = (init: EntryInit): PerformanceMeasure => new PerformanceMeasure(MINE, { ...init, detail: copied(init.detail) })
  return { PerformanceMark, PerformanceMeasure, makeMeasure }
}

export function toTime(value: unknown): number {
  const time = Number(value)
  if (!Number.isFinite(time)) throw new TypeError(`A time must be a finite number, got ${String(value)}`)
  return time
}

/** By their starts; of the same start, the first made is first. */
export const inOrder = (entries: readonly PerformanceEntry[]): PerformanceEntry[] => [...entries].sort((a, b) => a.startTime - b.startTime)

export function select(entries: readonly PerformanceEntry[], type: unknown, name: unknown): PerformanceEntry[] {
  const [wantedType, wantedName] = [type === undefined ? undefined : String(type), name === undefined ? undefined : String(name)]
  return inOrder(entries.filter((entry) => (wantedType ?? entry.entryType) === entry.entryType && (wantedName ?? entry.name) === entry.name))
}
