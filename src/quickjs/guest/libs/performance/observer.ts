import { inOrder, type PerformanceEntry, select } from './entries.js'

type Callback = (this: unknown, list: object, observer: object, options: object) => void

interface Watch {
  readonly types: ReadonlySet<string>
  readonly deliver: () => void
  readonly pending: PerformanceEntry[]
}

const TYPES: readonly string[] = Object.freeze(['mark', 'measure'])

/** Observers of the timeline. W3C Performance Timeline, section 5. `later` runs a function once the program waits. */
export function createObservers(entries: () => readonly PerformanceEntry[], later: (act: () => void) => void) {
  const watches = new Set<Watch>()
  let isDue = false
  const mine = {}

  const queue = (): void => {
    if (isDue) return
    isDue = true
    later(() => {
      isDue = false
      for (const { pending, deliver } of [...watches]) if (pending.length > 0) deliver()
    })
  }
  const notify = (entry: PerformanceEntry): void => {
    for (const { types, pending } of watches) if (types.has(entry.entryType)) pending.push(entry)
    if (watches.size > 0) queue()
  }

  class PerformanceObserverEntryList {
    readonly #entries: readonly PerformanceEntry[]

    constructor(given?: unknown, list: readonly PerformanceEntry[] = []) {
      if (given !== mine) throw new TypeError('Illegal constructor')
      this.#entries = list
    }

    getEntries(): PerformanceEntry[] {
      return inOrder(this.#entries)
    }

    getEntriesByType(type: unknown): PerformanceEntry[] {
      return select(this.#entries, String(type), undefined)
    }

    getEntriesByName(name: unknown, type?: unknown): PerformanceEntry[] {
      return select(this.#entries, type, String(name))
    }
  }

  class PerformanceObserver {
    readonly #callback: Callback
    #watch: Watch | undefined
    #way: 'list' | 'one' | undefined

    constructor(callback: Callback) {
      if (typeof callback !== 'function') throw new TypeError('PerformanceObserver: expected a function')
      this.#callback = callback
    }

    static get supportedEntryTypes(): readonly string[] {
      return TYPES
    }

    observe(options: { readonly entryTypes?: readonly unknown[]; readonly type?: unknown; readonly buffered?: unknown } = {}): void {
      const { entryTypes, type, buffered } = options
      if ((entryTypes === undefined) === (type === undefined)) throw new TypeError('PerformanceObserver.observe: expected either "entryTypes" or "type"')
      if (entryTypes !== undefined && buffered !== undefined) throw new TypeError('PerformanceObserver.observe: "buffered" goes with "type" only')
      if (typeof entryTypes === 'string') throw new TypeError('PerformanceObserver.observe: "entryTypes" must be a list')
      const way = type === undefined ? 'list' : 'one'
      if (this.#way !== undefined && this.#way !== way) {
        throw new DOMException('PerformanceObserver.observe: was called with the other of "entryTypes" and "type" before', 'InvalidModificationError')
      }
      this.#way = way
      const asked = (entryTypes === undefined ? [type] : [...entryTypes]).map(String).filter((name) => TYPES.includes(name))
      if (asked.length === 0) return
      const types = new Set(way === 'one' ? [...(this.#watch?.types ?? []), ...asked] : asked)
      const pending = this.#watch?.pending ?? []
      if (this.#watch !== undefined) watches.delete(this.#watch)
      this.#watch = { types, pending, deliver: () => this.#deliver() }
      watches.add(this.#watch)
      if (!buffered) return
      pending.push(...entries().filter((entry) => entry.entryType === asked[0]))
      if (pending.length > 0) queue()
    }

    disconnect(): void {
      if (this.#watch !== undefined) watches.delete(this.#watch)
      this.#watch = undefined
      this.#way = undefined
    }

    takeRecords(): PerformanceEntry[] {
      return this.#watch?.pending.splice(0) ?? []
    }

    #deliver(): void {
      const list = new PerformanceObserverEntryList(mine, this.takeRecords())
      this.#callback.call(this, list, this, { droppedEntriesCount: 0 })
    }
  }
  return { PerformanceObserver, PerformanceObserverEntryList, notify }
}
