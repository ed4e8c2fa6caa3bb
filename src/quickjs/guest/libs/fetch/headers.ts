import { toByteText } from '../webidl/convert.js'
import { toSequence } from '../webidl/convert.js'
import { expose, exposePairs, required } from '../webidl/interfaces.js'
import { isSafelisted, isSafelistedName } from './no-cors.js'

type Pair = readonly [name: string, value: string]
/** What may be done to a list of headers: Fetch Standard, section 5.1. */
export type Guard = 'none' | 'immutable' | 'request' | 'request-no-cors' | 'response'

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

const toName = (value: unknown): string => {
  const text = toByteText(value, 'Headers')
  if (!TOKEN.test(text)) throw new TypeError(`Headers: ${JSON.stringify(text)} is no header name`)
  return text.toLowerCase()
}
const toValue = (value: unknown): string => {
  const text = normalize(toByteText(value, 'Headers'))
  if (/[\0\n\r]/.test(text)) throw new TypeError(`Headers: ${JSON.stringify(text)} is no header value`)
  return text
}
const normalize = (text: string): string => text.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
const compare = (a: Pair, b: Pair): number => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)

let guard: (headers: Headers, to: Guard) => void
let rawOf: (headers: Headers) => readonly Pair[]
let fromPairs: (pairs: Iterable<Pair>, guard: Guard) => Headers
let sortedOf: (headers: Headers) => readonly Pair[]

/** @see https://fetch.spec.whatwg.org/#headers-class */
export class Headers {
  /** In the order they were set; names in lower case. */
  #list: Pair[] = []
  #guard: Guard = 'none'
  #sorted: readonly Pair[] | undefined

  static {
    guard = (headers, to) => {
      headers.#guard = to
    }
    rawOf = (headers) => headers.#list
    fromPairs = (pairs, to) => {
      const headers = new Headers()
      headers.#list = [...pairs]
      headers.#guard = to
      return headers
    }
    sortedOf = (headers) => (headers.#sorted ??= sort(headers.#list))
  }

  constructor(init?: unknown) {
    if (init !== undefined) fill(this, init)
  }

  append(name: string, value: string): void {
    void this.#list
    required(arguments.length, 2, 'Headers.append')
    const [text, given] = [toByteText(name, 'Headers'), toByteText(value, 'Headers')]
    const pair = [toName(text), toValue(given)] as const
    if (!this.#mayChange()) return
    if (this.#guard === 'request-no-cors') {
      const before = this.#get(pair[0])
      if (!isSafelisted(pair[0], before === null ? pair[1] : `${before}, ${pair[1]}`)) return
    }
    this.#list.push(pair)
    this.#changed()
  }

  delete(name: string): void {
    void this.#list
    required(arguments.length, 1, 'Headers.delete')
    const lower = toName(name)
    if (!this.#mayChange()) return
    if (this.#guard === 'request-no-cors' && !isSafelistedName(lower) && lower !== 'range') return
    this.#list = this.#list.filter(([key]) => key !== lower)
    this.#changed()
  }

  get(name: string): string | null {
    void this.#list
    required(arguments.length, 1, 'Headers.get')
    return this.#get(toName(name))
  }

  getSetCookie(): string[] {
    return this.#list.filter(([key]) => key === 'set-cookie').map(([, value]) => value)
  }

  has(name: string): boolean {
    void this.#list
    required(arguments.length, 1, 'Headers.has')
    const lower = toName(name)
    return this.#list.some(([key]) => key === lower)
  }

  set(name: string, value: string): void {
    void this.#list
    required(arguments.length, 2, 'Headers.set')
    const [text, given] = [toByteText(name, 'Headers'), toByteText(value, 'Headers')]
    const pair = [toName(text), toValue(given)] as const
    if (!this.#mayChange()) return
    if (this.#guard === 'request-no-cors' && !isSafelisted(pair[0], pair[1])) return
    const at = this.#list.findIndex(([key]) => key === pair[0])
    if (at === -1) this.#list.push(pair)
    else this.#list = this.#list.flatMap((one, index) => (index === at ? [pair] : one[0] === pair[0] ? [] : [one]))
    this.#changed()
  }

  #get(lower: string): string | null {
    const values = this.#list.filter(([key]) => key === lower).map(([, value]) => value)
    return values.length === 0 ? null : values.join(', ')
  }

  #mayChange(): boolean {
    if (this.#guard === 'immutable') throw new TypeError('These headers are immutable')
    return true
  }

  #changed(): void {
    this.#sorted = undefined
    if (this.#guard === 'request-no-cors') this.#list = this.#list.filter(([key]) => key !== 'range')
  }
}
expose(Headers, { name: 'Headers', length: 0 })
exposePairs(Headers, 'Headers', (headers, index) => sortedOf(headers)[index])

/** @see https://fetch.spec.whatwg.org/#concept-headers-fill */
function fill(headers: Headers, init: unknown): void {
  if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
    throw new TypeError('Headers: expected an object of names and values, or a list of pairs')
  }
  const iterate: unknown = (init as Partial<Iterable<unknown>>)[Symbol.iterator]
  const pairs: [string, string][] = []
  if (iterate !== undefined && iterate !== null) {
    for (const item of toSequence(init, 'Headers')) {
      const pair = toSequence(item, 'Headers: each item')
      if (pair.length !== 2) throw new TypeError('Headers: each item must be a pair of name and value')
      pairs.push([toByteText(pair[0], 'Headers'), toByteText(pair[1], 'Headers')])
    }
  } else {
    const record = new Map<string, string>()
    for (const key of Reflect.ownKeys(init)) {
      if (Reflect.getOwnPropertyDescriptor(init, key)?.enumerable !== true) continue
      if (typeof key === 'symbol') throw new TypeError('Headers: a symbol is no header name')
      record.set(toByteText(key, 'Headers'), toByteText((init as Record<string, unknown>)[key], 'Headers'))
    }
    pairs.push(...record)
  }
  for (const [name, value] of pairs) append.call(headers, name, value)
}
const { append } = Headers.prototype

function sort(list: readonly Pair[]): readonly Pair[] {
  const combined = new Map<string, string>()
  const cookies: Pair[] = []
  for (const [name, value] of list) {
    if (name === 'set-cookie') cookies.push([name, value])
    else combined.set(name, combined.has(name) ? `${combined.get(name)!}, ${value}` : value)
  }
  return [...combined, ...cookies].sort(compare)
}

/** Kept apart from the class, which guests can see. */
export const headerTools = { guard: guard!, rawOf: rawOf!, fromPairs: fromPairs!, fill, TOKEN, normalize }
