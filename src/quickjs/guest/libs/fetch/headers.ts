type Pair = readonly [string, string]

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

const toName = (name: unknown): string => {
  const text = `${name as string}`
  if (!TOKEN.test(text)) throw new TypeError(`Invalid header name: ${JSON.stringify(text)}`)
  return text.toLowerCase()
}

const toValue = (value: unknown): string => {
  const text = `${value as string}`.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '')
  if (/[\0\n\r]|[^\0-\xff]/.test(text)) throw new TypeError(`Invalid header value: ${JSON.stringify(text)}`)
  return text
}

const compare = (a: Pair, b: Pair): number => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0)

/** @see https://fetch.spec.whatwg.org/#headers-class */
export class Headers {
  /** In the order they were set; names in lower case. */
  #list: Pair[] = []
  #isImmutable = false

  constructor(init?: unknown) {
    if (init === undefined) return
    if (init === null || (typeof init !== 'object' && typeof init !== 'function')) {
      throw new TypeError('Headers: expected an object of names and values, or a list of pairs')
    }
    const iterate = (init as Partial<Iterable<unknown>>)[Symbol.iterator]
    if (iterate === undefined || iterate === null) {
      for (const key of Reflect.ownKeys(init)) {
        const descriptor = Reflect.getOwnPropertyDescriptor(init, key)
        if (descriptor?.enumerable !== true) continue
        if (typeof key === 'symbol') throw new TypeError('Headers: a symbol is no header name')
        this.append(key, (init as Record<string, unknown>)[key])
      }
      return
    }
    for (const pair of init as Iterable<unknown>) {
      const [name, value, ...rest] = pair as Iterable<unknown>
      if (typeof pair === 'string' || value === undefined || rest.length > 0)
        throw new TypeError('Headers: each item must be a pair of name and value')
      this.append(name, value)
    }
  }

  append(name: unknown, value: unknown): void {
    const pair = [toName(name), toValue(value)] as const
    this.#change().push(pair)
  }

  delete(name: unknown): void {
    const lower = toName(name)
    this.#change()
    this.#list = this.#list.filter(([key]) => key !== lower)
  }

  get(name: unknown): string | null {
    const lower = toName(name)
    const values = this.#list.filter(([key]) => key === lower).map(([, value]) => value)
    return values.length === 0 ? null : values.join(', ')
  }

  getSetCookie(): string[] {
    return this.#list.filter(([key]) => key === 'set-cookie').map(([, value]) => value)
  }

  has(name: unknown): boolean {
    const lower = toName(name)
    return this.#list.some(([key]) => key === lower)
  }

  set(name: unknown, value: unknown): void {
    const pair = [toName(name), toValue(value)] as const
    const at = this.#change().findIndex(([key]) => key === pair[0])
    this.#list = this.#list.filter(([key], index) => key !== pair[0] || index === at)
    if (at === -1) this.#list.push(pair)
    else this.#list[this.#list.findIndex(([key]) => key === pair[0])] = pair
  }

  forEach(callback: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    if (typeof callback !== 'function') throw new TypeError('Headers.forEach: expected a function')
    for (const [name, value] of this) callback.call(self, value, name, this)
  }

  *entries(): IterableIterator<[string, string]> {
    // Sorted anew at each step: what is set while iterating is seen, as the standard has it.
    for (let index = 0; ; index++) {
      const pair = this.#sorted()[index]
      if (pair === undefined) return
      yield [pair[0], pair[1]]
    }
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.entries()) yield name
  }

  *values(): IterableIterator<string> {
    for (const [, value] of this.entries()) yield value
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.entries()
  }

  get [Symbol.toStringTag](): string {
    return 'Headers'
  }

  /** Headers of a response that came in: a guest reads them and cannot change them. */
  static immutable(pairs: Iterable<Pair>): Headers {
    const headers = new Headers()
    headers.#list = [...pairs]
    headers.#isImmutable = true
    return headers
  }

  #change(): Pair[] {
    if (this.#isImmutable) throw new TypeError('These headers are immutable')
    return this.#list
  }

  #sorted(): readonly Pair[] {
    const combined = new Map<string, string>()
    const cookies: Pair[] = []
    for (const [name, value] of this.#list) {
      if (name === 'set-cookie') cookies.push([name, value])
      else combined.set(name, combined.has(name) ? `${combined.get(name)!}, ${value}` : value)
    }
    return [...combined, ...cookies].sort(compare)
  }
}

/** Kept apart from the class, which guests can see. */
export const immutableHeaders = Headers.immutable
Reflect.deleteProperty(Headers, 'immutable')
