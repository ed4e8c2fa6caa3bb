type Members = Readonly<Record<string, unknown>>

/** A dictionary: an object, or nothing at all. Web IDL, section 3.2.17. */
export function toDictionary(value: unknown, name: string): Members {
  if (value === undefined || value === null) return EMPTY
  if (typeof value !== 'object' && typeof value !== 'function') throw new TypeError(`${name}: expected an object of options`)
  return value as Members
}
const EMPTY: Members = Object.freeze(Object.create(null) as Members)

/** A `DOMString`; symbols are refused. */
export const toText = (value: unknown): string => `${value as string}`
/** A `USVString`: text without lone surrogates. */
export const toScalarText = (value: unknown): string => `${value as string}`.toWellFormed()

/** A `ByteString`: text whose characters are bytes. */
export function toByteText(value: unknown, name: string): string {
  const text = `${value as string}`
  if (/[^\0-\xff]/.test(text)) throw new TypeError(`${name}: ${JSON.stringify(text)} has a character above U+00FF`)
  return text
}

/** An integer type that wraps around, such as `unsigned short`: Web IDL, section 3.2.4.9. */
export function toWrapped(value: unknown, bits: number): number {
  const number = Math.trunc(Number(value))
  if (!Number.isFinite(number)) return 0
  const range = 2 ** bits
  return ((number % range) + range) % range
}

/** A signed integer type that clamps, such as `[Clamp] long long`: rounds half to even. */
export function toClamped(value: unknown): number {
  const number = Number(value)
  if (Number.isNaN(number)) return 0
  const clamped = Math.min(Math.max(number, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER)
  const floor = Math.floor(clamped)
  const rest = clamped - floor
  const rounded = rest < 0.5 ? floor : rest > 0.5 ? floor + 1 : floor % 2 === 0 ? floor : floor + 1
  return rounded === 0 ? 0 : rounded
}

/** A `long long`. */
export function toLongLong(value: unknown): number {
  const number = Math.trunc(Number(value))
  return Number.isFinite(number) ? Number(BigInt.asIntN(64, BigInt(number))) : 0
}

/** `[EnforceRange] unsigned long long`. */
export function toCount(value: unknown, name: string): number {
  const number = Math.trunc(Number(value))
  if (!(number >= 0 && number <= Number.MAX_SAFE_INTEGER)) throw new TypeError(`${name}: ${String(value)} is no integer from 0 to 2^53 - 1`)
  return number + 0
}

/** One of a list of words. */
export function toChoice<T extends string>(value: unknown, choices: readonly T[], name: string): T {
  const text = `${value as string}` as T
  if (!choices.includes(text)) throw new TypeError(`${name}: ${JSON.stringify(text)} is none of ${choices.join(', ')}`)
  return text
}

/** The items of a `sequence`; each is converted before the next is asked for. */
export function toSequence<T = unknown>(value: unknown, name: string, convert: (item: unknown) => T = (item) => item as T): T[] {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) throw new TypeError(`${name}: expected a list`)
  const make: unknown = (value as Partial<Iterable<unknown>>)[Symbol.iterator]
  if (make === undefined || make === null) throw new TypeError(`${name}: expected a list`)
  if (typeof make !== 'function') throw new TypeError(`${name}: its iterator is no function`)
  const items: T[] = []
  for (const item of { [Symbol.iterator]: () => (make as () => Iterator<unknown>).call(value) }) items.push(convert(item))
  return items
}
