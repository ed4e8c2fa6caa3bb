import type { GuestCore } from '../core.js'
import { createKinds, inOrder, type MarkOptions, PerformanceEntry, select, toTime } from './performance/entries.js'
import { createObservers } from './performance/observer.js'

interface MeasureOptions extends Omit<MarkOptions, 'startTime'> {
  readonly start?: unknown
  readonly end?: unknown
  readonly duration?: unknown
}

/** `performance` of High Resolution Time and User Timing, on the granted clock: with no grant it stands still. */
export default (core: GuestCore) => {
  const clock = Date.now
  // Asked for at each use: a package may be evaluated long before the call that uses it.
  const startMs = (): number => (core.settings() as unknown as { readonly startMs: number }).startMs
  const now = (): number => clock() - startMs()
  const { PerformanceMark, PerformanceMeasure, makeMeasure } = createKinds({ now, copy: (value) => core.lib('clone')['structuredClone'](value) })
  let entries: PerformanceEntry[] = []
  const { PerformanceObserver, PerformanceObserverEntryList, notify } = createObservers(() => entries, (act) => core.startTimer(act, 0, false))
  const mine = {}

  const add = <T extends PerformanceEntry>(entry: T): T => {
    entries.push(entry)
    notify(entry)
    return entry
  }
  /** A point in time: a number, or the last mark of that name. */
  const toPoint = (point: unknown): number => {
    if (typeof point === 'number') {
      if (toTime(point) < 0) throw new TypeError(`measure: a time is ${point}: expected 0 or more`)
      return point
    }
    const name = String(point)
    const mark = entries.findLast((entry) => entry.entryType === 'mark' && entry.name === name)
    if (mark === undefined) throw new DOMException(`measure: there is no mark "${name}"`, 'SyntaxError')
    return mark.startTime
  }
  const clear = (type: string, name: unknown): void => {
    const wanted = name === undefined ? undefined : String(name)
    entries = entries.filter((entry) => entry.entryType !== type || (wanted !== undefined && entry.name !== wanted))
  }
  const need = (given: number, method: string): void => {
    if (given === 0) throw new TypeError(`performance.${method}: expected a name`)
  }

  class Performance {
    #isReal: true

    constructor(given?: unknown) {
      if (given !== mine) throw new TypeError('Illegal constructor')
      this.#isReal = true
    }

    get timeOrigin(): number {
      void this.#isReal
      return startMs()
    }

    now(): number {
      return now()
    }

    mark(name: unknown, options?: MarkOptions): PerformanceEntry {
      need(arguments.length, 'mark')
      return add(new PerformanceMark(name, options))
    }

    measure(name: unknown, startOrOptions?: unknown, end?: unknown): PerformanceEntry {
      need(arguments.length, 'measure')
      const text = String(name)
      const isObject = typeof startOrOptions === 'object' && startOrOptions !== null
      const options: MeasureOptions = isObject ? startOrOptions : { start: startOrOptions ?? undefined, end }
      const { start, duration, detail } = options
      const until = options.end
      if (isObject && (start !== undefined || until !== undefined || duration !== undefined || detail !== undefined)) {
        if (end !== undefined) throw new TypeError('measure: an end was given beside options')
        if (start === undefined && until === undefined) throw new TypeError('measure: the options need "start" or "end"')
        if (start !== undefined && until !== undefined && duration !== undefined) throw new TypeError('measure: "start", "end" and "duration" are one too many')
      }
      const last = until === undefined && isObject ? end : until
      const lasting = duration === undefined ? undefined : toTime(duration)
      const stop = last !== undefined ? toPoint(last) : start !== undefined && lasting !== undefined ? toPoint(start) + lasting : now()
      const begin = start !== undefined ? toPoint(start) : last !== undefined && lasting !== undefined ? stop - lasting : 0
      return add(makeMeasure({ name: text, startTime: begin, duration: stop - begin, detail }))
    }

    clearMarks(name?: unknown): void {
      clear('mark', name)
    }

    clearMeasures(name?: unknown): void {
      clear('measure', name)
    }

    getEntries(): PerformanceEntry[] {
      return inOrder(entries)
    }

    getEntriesByType(type: unknown): PerformanceEntry[] {
      need(arguments.length, 'getEntriesByType')
      return select(entries, String(type), undefined)
    }

    getEntriesByName(name: unknown, type?: unknown): PerformanceEntry[] {
      need(arguments.length, 'getEntriesByName')
      return select(entries, type, String(name))
    }

    toJSON(): object {
      return { timeOrigin: startMs() }
    }
  }

  const classes = { Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver, PerformanceObserverEntryList }
  const own: Readonly<Record<string, number>> = { mark: 1, measure: 1, clearMarks: 0, clearMeasures: 0, getEntriesByName: 1, observe: 0 }
  for (const name of Object.keys(classes) as (keyof typeof classes)[]) {
    const { prototype } = classes[name]
    for (const key of Object.getOwnPropertyNames(prototype)) {
      if (key === 'constructor') continue
      Object.defineProperty(prototype, key, { enumerable: true })
      const { value } = Object.getOwnPropertyDescriptor(prototype, key)!
      if (typeof value === 'function' && own[key] !== undefined) Object.defineProperty(value, 'length', { value: own[key], configurable: true })
    }
    Object.defineProperty(prototype, Symbol.toStringTag, { value: name, configurable: true })
  }
  for (const name of ['Performance', 'PerformanceEntry', 'PerformanceMeasure', 'PerformanceObserverEntryList'] as const) {
    Object.defineProperty(classes[name], 'length', { value: 0, configurable: true })
  }
  Object.defineProperty(PerformanceMark, 'length', { value: 1, configurable: true })
  return { ...classes, performance: new Performance(mine) }
}
