import type { GuestCore } from '../core.js'
import { compareSimple, isSimple } from './intl/compare.js'

interface Slot {
  readonly kind: string
  readonly locales: string[] | undefined
  readonly options: Record<string, unknown> | undefined
  readonly resolved: Record<string, unknown>
  /** Whether times are moved to the granted clock's own zone, which has no name. */
  readonly isLocal: boolean
}

type Formatter = (...args: any[]) => unknown

/**
 * `Intl` and what else follows a locale. The host formats; it is told nothing but what the guest hands over, and the
 * locale where none is named is `en-US`. Local time is that of the granted clock.
 */
export default (core: GuestCore) => {
  const slots = new WeakMap<object, Slot>()
  const ask = (operation: string, ...args: unknown[]): any => core.call(operation, ...args)

  const toLocales = (value: unknown): string[] | undefined => {
    if (value === undefined) return undefined
    if (value === null) throw new TypeError('Cannot convert undefined or null to object')
    const list = typeof value === 'object' && !isLocale(value) ? Array.from(value as ArrayLike<unknown>) : [value]
    return list.map((each) => {
      if (typeof each !== 'string' && !isLocale(each)) throw new TypeError('Incorrect locale information provided')
      return String(each)
    })
  }
  const isLocale = (value: unknown): boolean => value instanceof Locale
  const toOptions = (value: unknown): Record<string, unknown> | undefined => {
    if (value === undefined) return undefined
    if (value === null) throw new TypeError('Cannot convert undefined or null to object')
    const options: Record<string, unknown> = {}
    for (const name in Object(value)) {
      const option = (value as Record<string, unknown>)[name]
      if (option !== undefined) options[name] = typeof option === 'object' ? String(option) : option
    }
    return options
  }

  const { timeZone } = core.settings()
  /** The instant to format where a zone without a name is asked for, as if it were UTC. */
  const toLocal = (ms: number): number => ms - new Date(ms).getTimezoneOffset() * 60_000
  const inZone = (options: Record<string, unknown> | undefined): { readonly options: Record<string, unknown> | undefined; readonly isLocal: boolean } => {
    if (options?.['timeZone'] !== undefined) return { options, isLocal: false }
    return timeZone === undefined ? { options, isLocal: true } : { options: { ...options, timeZone }, isLocal: false }
  }

  const open = (target: object, kind: string, locales: unknown, given: unknown): void => {
    const names = toLocales(locales)
    const { options, isLocal } = kind === 'DateTimeFormat' ? inZone(toOptions(given)) : { options: toOptions(given), isLocal: false }
    slots.set(target, { kind, locales: names, options, isLocal, resolved: ask('pure.intl', kind, names, options, 'resolvedOptions') })
  }
  const slotOf = (target: unknown, kind: string): Slot => {
    const slot = slots.get(target as object)
    if (slot?.kind !== kind) throw new TypeError(`Method called on incompatible receiver, which is no Intl.${kind}`)
    return slot
  }

  const toNumber = (value: unknown): unknown => (typeof value === 'bigint' ? String(value) : typeof value === 'string' ? value : Number(value))
  const toInstant = (value: unknown, { isLocal }: Slot): number => {
    const ms = value === undefined ? Date.now() : Number(value)
    if (!(Math.abs(ms) <= 8.64e15)) throw new RangeError('Invalid time value')
    return isLocal ? toLocal(ms) : ms
  }
  /** What each kind's methods take. */
  const converters: Readonly<Record<string, (value: unknown, slot: Slot, index: number) => unknown>> = {
    NumberFormat: toNumber,
    DateTimeFormat: toInstant,
    Collator: String,
    PluralRules: Number,
    RelativeTimeFormat: (value, _slot, index) => (index === 0 ? Number(value) : String(value)),
    ListFormat: (value) => Array.from(value as Iterable<unknown>, (each) => {
      if (typeof each !== 'string') throw new TypeError('Iterable yielded a value that is not a string')
      return each
    }),
    DisplayNames: String,
    Segmenter: String,
  }

  interface Shape {
    readonly kind: string
    readonly methods: Readonly<Record<string, number>>
    /** Bound when read. */
    readonly bound?: string
    readonly callable?: true
  }
  const define = ({ kind, methods, bound, callable }: Shape): Function => {
    const invoke = (target: unknown, method: string, args: unknown[]): unknown => {
      const slot = slotOf(target, kind)
      const values = args.map((value, index) => converters[kind]!(value, slot, index))
      return ask('pure.intl', kind, slot.locales, slot.options, method, ...values)
    }
    const constructor = { [kind]: function (this: unknown, locales?: unknown, options?: unknown) {
      if (new.target === undefined && callable === undefined) throw new TypeError(`Constructor Intl.${kind} requires 'new'`)
      const target = new.target === undefined ? Object.create(constructor.prototype as object) : this
      open(target as object, kind, locales, options)
      return target
    } }[kind] as unknown as Function & { prototype: object }
    const prototype = constructor.prototype
    const put = (name: string, value: unknown): void => {
      Object.defineProperty(prototype, name, { value, writable: true, configurable: true, enumerable: false })
    }
    for (const name of Object.keys(methods)) {
      const length = methods[name]!
      const method = { [name](this: unknown, ...args: unknown[]) {
        return invoke(this, name, args.slice(0, length === 0 ? 1 : length))
      } }[name]!
      Object.defineProperty(method, 'length', { value: length, configurable: true })
      put(name, method)
    }
    if (bound !== undefined) {
      const functions = new WeakMap<object, Formatter>()
      Object.defineProperty(prototype, bound, {
        configurable: true,
        get(this: object) {
          slotOf(this, kind)
          let fn = functions.get(this)
          if (fn === undefined) functions.set(this, (fn = bound === 'compare' ? (a: unknown, b: unknown) => compareBy(this, String(a), String(b)) : (value?: unknown) => invoke(this, bound, [value])))
          return fn
        },
      })
    }
    const compareBy = (target: object, a: string, b: string): unknown => {
      const { locales, options } = slotOf(target, kind)
      return isEnglish(locales) && options === undefined && isSimple(a, b) ? compareSimple(a, b) : invoke(target, 'compare', [a, b])
    }
    put('resolvedOptions', function resolvedOptions(this: unknown) {
      const { resolved, isLocal } = slotOf(this, kind)
      return isLocal ? { ...resolved, timeZone: 'UTC' } : { ...resolved }
    })
    Object.defineProperty(prototype, Symbol.toStringTag, { value: `Intl.${kind}`, configurable: true })
    Object.defineProperty(prototype, 'constructor', { value: constructor, writable: true, configurable: true })
    Object.defineProperty(constructor, 'length', { value: 0, configurable: true })
    Object.defineProperty(constructor, 'supportedLocalesOf', {
      value: { supportedLocalesOf: (locales?: unknown) => (locales === undefined ? [] : ask('pure.intlSupported', kind, toLocales(locales))) }.supportedLocalesOf,
      writable: true,
      configurable: true,
    })
    return constructor
  }

  class Locale {
    readonly #text: string
    readonly #forms: { readonly maximal: string; readonly minimal: string }
    constructor(tag: unknown, options?: unknown) {
      if (typeof tag !== 'string' && (typeof tag !== 'object' || tag === null)) throw new TypeError('First argument to Intl.Locale constructor must be a string or an object')
      const { text, maximal, minimal, parts } = ask('pure.intlLocale', String(tag), toOptions(options))
      this.#text = text
      this.#forms = { maximal, minimal }
      for (const name of Object.keys(parts)) Object.defineProperty(this, name, { value: parts[name], configurable: true })
    }
    maximize(): Locale {
      return new Locale(this.#forms.maximal)
    }
    minimize(): Locale {
      return new Locale(this.#forms.minimal)
    }
    toString(): string {
      return this.#text
    }
    get [Symbol.toStringTag](): string {
      return 'Intl.Locale'
    }
  }

  const isEnglish = (locales: string[] | undefined): boolean => locales === undefined || (locales.length === 1 && /^en\b/.test(locales[0]!))
  const formatter = { formatToParts: 1, formatRange: 2, formatRangeToParts: 2 }
  const Segmenter = define({ kind: 'Segmenter', methods: { segment: 1 } })
  const { segment } = Segmenter.prototype as { segment: (text: unknown) => { readonly index: number; readonly segment: string }[] }
  Object.defineProperty(Segmenter.prototype, 'segment', {
    value: { segment(this: unknown, input: unknown) {
      const text = String(input)
      const parts = segment.call(this, text).map((part) => ({ ...part, input: text }))
      return {
        containing: (at: unknown = 0) => parts.findLast(({ index }) => index <= Math.trunc(Number(at))),
        [Symbol.iterator]: () => parts[Symbol.iterator](),
      }
    } }.segment,
    writable: true,
    configurable: true,
  })
  const Intl = {}
  const members: Record<string, unknown> = {
    NumberFormat: define({ kind: 'NumberFormat', methods: formatter, bound: 'format', callable: true }),
    DateTimeFormat: define({ kind: 'DateTimeFormat', methods: formatter, bound: 'format', callable: true }),
    Collator: define({ kind: 'Collator', methods: {}, bound: 'compare', callable: true }),
    PluralRules: define({ kind: 'PluralRules', methods: { select: 1, selectRange: 2 } }),
    RelativeTimeFormat: define({ kind: 'RelativeTimeFormat', methods: { format: 2, formatToParts: 2 } }),
    ListFormat: define({ kind: 'ListFormat', methods: { format: 1, formatToParts: 1 } }),
    DisplayNames: define({ kind: 'DisplayNames', methods: { of: 1 } }),
    Segmenter,
    Locale,
    getCanonicalLocales: { getCanonicalLocales: (locales?: unknown) => (locales === undefined ? [] : ask('pure.intlCanonical', toLocales(locales))) }.getCanonicalLocales,
    supportedValuesOf: { supportedValuesOf: (key: unknown) => ask('pure.intlValues', String(key)) }.supportedValuesOf,
  }
  for (const name of Object.keys(members)) Object.defineProperty(Intl, name, { value: members[name], writable: true, configurable: true, enumerable: false })
  Object.defineProperty(Intl, Symbol.toStringTag, { value: 'Intl', configurable: true })

  const { valueOf: numberValue } = Number.prototype
  const { getTime } = Date.prototype
  return {
    Intl,
    number: (value: unknown, [locales, options]: unknown[]): string =>
      ask('pure.intl', 'NumberFormat', toLocales(locales), toOptions(options), 'format', typeof value === 'bigint' ? String(value) : numberValue.call(value as number)),
    date: (value: unknown, method: string, [locales, given]: unknown[]): string => {
      const ms = getTime.call(value as Date)
      if (Number.isNaN(ms)) return 'Invalid Date'
      const { options, isLocal } = inZone(toOptions(given))
      return ask('pure.intlDate', method, isLocal ? toLocal(ms) : ms, toLocales(locales), options)
    },
    compare: (a: unknown, [other, locales, options]: unknown[]): number => {
      if (a === undefined || a === null) throw new TypeError('String.prototype.localeCompare called on null or undefined')
      const left = String(a)
      const right = String(other)
      const names = toLocales(locales)
      if (options === undefined && isEnglish(names) && isSimple(left, right)) return compareSimple(left, right)
      return ask('pure.intl', 'Collator', names, toOptions(options), 'compare', left, right)
    },
    letters: (text: unknown, method: string, [locale]: unknown[]): string => ask('pure.intlCase', String(text), method, toLocales(locale)),
  }
}
