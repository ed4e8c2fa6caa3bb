import { GuestVisibleError, type Handler, type HostCall } from '../capabilities/capability.js'

/** Text longer than this is paid for from the budgets of the call, as everything large is. */
const FREE_CHARACTERS = 2048
/** Formatters kept for a call; making one takes many times as long as using it. */
const MAX_KEPT = 64
/** Most characters to segment at once: the host makes an object of each before the guest's memory can be too small. */
const MAX_SEGMENTED = 131_072
/**
 * More marks in succession than any language stacks. Locale data puts marks in order by insertion, which takes seconds
 * for a hundred thousand; a joiner that has no weight and no width bounds what there is to put in order.
 * @see https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
 */
const STACKED_MARKS = /\p{M}{30}(?=\p{M})/gu
const COMBINING_GRAPHEME_JOINER = '\u034f'
/** Where none is asked for: the host's own locale and zone are nobody's business. */
const LOCALE = 'en-US'
const TIME_ZONE = 'UTC'

type Made = Record<string, (...args: unknown[]) => unknown>
type Options = Record<string, string | number | boolean>

/** Constructors of ECMA-402 that guests may use, each with the methods that are functions of their arguments. */
const KINDS: Readonly<Record<string, { readonly make: (locales: string[], options: Options) => unknown; readonly methods: readonly string[] }>> = {
  NumberFormat: { make: (locales, options) => new Intl.NumberFormat(locales, options), methods: ['format', 'formatToParts', 'formatRange', 'formatRangeToParts'] },
  DateTimeFormat: { make: (locales, options) => new Intl.DateTimeFormat(locales, { timeZone: TIME_ZONE, ...options }), methods: ['format', 'formatToParts', 'formatRange', 'formatRangeToParts'] },
  Collator: { make: toCollator, methods: ['compare'] },
  PluralRules: { make: (locales, options) => new Intl.PluralRules(locales, options), methods: ['select', 'selectRange'] },
  RelativeTimeFormat: { make: (locales, options) => new Intl.RelativeTimeFormat(locales, options), methods: ['format', 'formatToParts'] },
  ListFormat: { make: (locales, options) => new Intl.ListFormat(locales, options), methods: ['format', 'formatToParts'] },
  DisplayNames: { make: (locales, options) => new Intl.DisplayNames(locales, options as unknown as Intl.DisplayNamesOptions), methods: ['of'] },
  Segmenter: { make: toSegmenter, methods: ['segment'] },
}

/**
 * Formatting and comparing by locale: functions of their arguments and of the locale data that the host's engine has,
 * with no authority behind them. Texts may differ between versions of that data (ICU, CLDR).
 * @see https://tc39.es/ecma402/
 */
export function createIntlHandlers(): Record<string, Handler> {
  const kept = new Map<string, { readonly made: Made; readonly resolved: unknown }>()
  const get = (kind: string, locales: string[], options: Options) => {
    const key = JSON.stringify([kind, locales, options])
    let entry = kept.get(key)
    if (entry === undefined) {
      const made = KINDS[kind]!.make(locales, options) as Made
      entry = { made, resolved: made['resolvedOptions']!() }
      if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value!)
      kept.set(key, entry)
    }
    return entry
  }
  return {
    /** `(kind, locales, options, method, ...args)`; `resolvedOptions` is a method of every kind. */
    'pure.intl': ([kind, locales, options, method, ...args], call) => {
      if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) throw malformed('kind')
      return guarded(() => {
        const { made, resolved } = get(kind, toLocales(locales), toOptions(options))
        if (method === 'resolvedOptions') return resolved
        if (typeof method !== 'string' || !KINDS[kind]!.methods.includes(method)) throw malformed('method')
        return made[method]!(...args.map((arg) => toArgument(arg, call)))
      })
    },
    /** `(method, ms, locales, options)`: a date as its own methods write it. */
    'pure.intlDate': ([method, ms, locales, options]) => {
      if (method !== 'toLocaleString' && method !== 'toLocaleDateString' && method !== 'toLocaleTimeString') throw malformed('method')
      return guarded(() => new Date(Number(ms))[method](toLocales(locales), { timeZone: TIME_ZONE, ...toOptions(options) }))
    },
    'pure.intlCanonical': ([locales]) => guarded(() => Intl.getCanonicalLocales(toLocales(locales))),
    'pure.intlSupported': ([kind, locales]) => {
      if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind)) throw malformed('kind')
      const constructor = (Intl as unknown as Record<string, { supportedLocalesOf(locales: string[]): string[] }>)[kind]!
      return guarded(() => constructor.supportedLocalesOf(toLocales(locales)))
    },
    'pure.intlValues': ([key]) => guarded(() => Intl.supportedValuesOf(String(key) as 'unit')),
    /** `(tag, options)`: the parts of a locale, and its likely and its least form. */
    'pure.intlLocale': ([tag, options]) =>
      guarded(() => {
        const locale = new Intl.Locale(toText(tag), toOptions(options) as Intl.LocaleOptions)
        const { baseName, calendar, caseFirst, collation, hourCycle, language, numberingSystem, numeric, region, script } = locale
        const parts = { baseName, calendar, caseFirst, collation, hourCycle, language, numberingSystem, numeric, region, script }
        return { text: locale.toString(), maximal: locale.maximize().toString(), minimal: locale.minimize().toString(), parts }
      }),
    'pure.intlCase': ([text, method, locale], call) => {
      if (method !== 'toLocaleUpperCase' && method !== 'toLocaleLowerCase') throw malformed('method')
      return guarded(() => toText(toArgument(text, call))[method](toLocales(locale)))
    },
  }
}

function toCollator(locales: string[], options: Options): unknown {
  const collator = new Intl.Collator(locales, options as Intl.CollatorOptions)
  const bounded = (text: unknown): string => toText(text).replace(STACKED_MARKS, `$&${COMBINING_GRAPHEME_JOINER}`)
  return {
    resolvedOptions: () => collator.resolvedOptions(),
    compare: (a: unknown, b: unknown) => collator.compare(bounded(a), bounded(b)),
  }
}

function toSegmenter(locales: string[], options: Options): unknown {
  const segmenter = new Intl.Segmenter(locales, options)
  return {
    resolvedOptions: () => segmenter.resolvedOptions(),
    segment(value: unknown) {
      const text = toText(value)
      if (text.length > MAX_SEGMENTED) throw new RangeError(`Cannot segment ${text.length} characters at once: ${MAX_SEGMENTED} are the most; segment it in parts`)
      return Array.from(segmenter.segment(text), ({ segment, index, isWordLike }) => ({ segment, index, ...(isWordLike === undefined ? {} : { isWordLike }) }))
    },
  }
}

function toLocales(value: unknown): string[] {
  const locales = value === undefined ? [] : Array.isArray(value) ? value : [value]
  if (locales.some((locale) => typeof locale !== 'string' || locale.length > 256) || locales.length > 16) throw malformed('locales')
  return locales.length === 0 ? [LOCALE] : (locales as string[])
}

function toOptions(value: unknown): Options {
  if (value === undefined) return {}
  if (typeof value !== 'object' || value === null) throw malformed('options')
  const options: Options = {}
  for (const [name, option] of Object.entries(value)) {
    if (typeof option === 'string' ? option.length <= 256 : typeof option === 'number' || typeof option === 'boolean') options[name] = option as string
    else if (option !== undefined) throw malformed(`option ${name.slice(0, 64)}`)
  }
  return options
}

function toArgument(value: unknown, call: HostCall): unknown {
  if (typeof value === 'string' && value.length > FREE_CHARACTERS) call.spend('out', value.length)
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint' || value === undefined) return value
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value
  throw malformed('argument')
}

function toText(value: unknown): string {
  if (typeof value !== 'string') throw malformed('text')
  return value
}

/** What the host's engine refuses is the guest's to handle. */
function guarded<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) {
      const name = error instanceof RangeError ? 'RangeError' : 'TypeError'
      throw new GuestVisibleError(name, 'ERR_INVALID_ARG_VALUE', error.message.slice(0, 200))
    }
    throw error
  }
}

function malformed(what: string): GuestVisibleError {
  return new GuestVisibleError('TypeError', 'ERR_INVALID_ARG_TYPE', `Intl: the ${what} is not what it should be`)
}
