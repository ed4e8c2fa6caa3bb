import { parseForm, serializeForm } from './form.js'

type Pair = [name: string, value: string]

const text = (value: unknown): string => String(value).toWellFormed()

/** Ties `params` to the search of a URL. */
export let bindParams: (params: URLSearchParams, onChange: (search: string) => void) => void
/** Takes over a search that changed in the URL. */
export let replaceParams: (params: URLSearchParams, search: string) => void

/** `URLSearchParams` of the URL Standard, section 6.2. `onChange` is told the new text after each change. */
export class URLSearchParams {
  #pairs: Pair[] = []
  #onChange: ((search: string) => void) | undefined

  constructor(init: unknown = '') {
    if (typeof init === 'object' && init !== null) this.#pairs = toPairs(init)
    else if (typeof init === 'function') this.#pairs = toPairs(init)
    else {
      const given = text(init)
      this.#pairs = parseForm(given[0] === '?' ? given.slice(1) : given)
    }
  }

  static {
    bindParams = (params, onChange) => {
      params.#onChange = onChange
    }
    replaceParams = (params, search) => {
      params.#pairs = parseForm(search[0] === '?' ? search.slice(1) : search)
    }
  }

  get size(): number {
    return this.#pairs.length
  }

  append(name: unknown, value: unknown): void {
    need(arguments.length, 2, 'append')
    this.#pairs.push([text(name), text(value)])
    this.#changed()
  }

  delete(name: unknown, value: unknown = undefined): void {
    need(arguments.length, 1, 'delete')
    const key = text(name)
    const wanted = value === undefined ? undefined : text(value)
    this.#pairs = this.#pairs.filter((pair) => pair[0] !== key || (wanted !== undefined && pair[1] !== wanted))
    this.#changed()
  }

  get(name: unknown): string | null {
    need(arguments.length, 1, 'get')
    const key = text(name)
    return this.#pairs.find((pair) => pair[0] === key)?.[1] ?? null
  }

  getAll(name: unknown): string[] {
    need(arguments.length, 1, 'getAll')
    const key = text(name)
    return this.#pairs.filter((pair) => pair[0] === key).map((pair) => pair[1])
  }

  has(name: unknown, value: unknown = undefined): boolean {
    need(arguments.length, 1, 'has')
    const key = text(name)
    const wanted = value === undefined ? undefined : text(value)
    return this.#pairs.some((pair) => pair[0] === key && (wanted === undefined || pair[1] === wanted))
  }

  set(name: unknown, value: unknown): void {
    need(arguments.length, 2, 'set')
    const key = text(name)
    const next = text(value)
    const first = this.#pairs.find((pair) => pair[0] === key)
    if (first === undefined) this.#pairs.push([key, next])
    else {
      first[1] = next
      this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== key)
    }
    this.#changed()
  }

  /** By code units of the names; equal names keep their order. */
  sort(): void {
    this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0))
    this.#changed()
  }

  forEach(callback: (value: string, name: string, params: URLSearchParams) => void, thisArg: unknown = undefined): void {
    if (typeof callback !== 'function') throw new TypeError('URLSearchParams.forEach: expected a function')
    for (let i = 0; i < this.#pairs.length; i++) callback.call(thisArg, this.#pairs[i]![1], this.#pairs[i]![0], this)
  }

  *entries(): IterableIterator<Pair> {
    for (let i = 0; i < this.#pairs.length; i++) yield [...this.#pairs[i]!]
  }

  *keys(): IterableIterator<string> {
    for (let i = 0; i < this.#pairs.length; i++) yield this.#pairs[i]![0]
  }

  *values(): IterableIterator<string> {
    for (let i = 0; i < this.#pairs.length; i++) yield this.#pairs[i]![1]
  }

  toString(): string {
    return serializeForm(this.#pairs)
  }

  [Symbol.for('nodejs.util.inspect.custom')](_depth: unknown, _options: unknown, inspect?: (value: unknown) => string): string {
    const shown = this.#pairs.map(([name, value]) => (inspect ? `${inspect(name)} => ${inspect(value)}` : `${name} => ${value}`))
    return shown.length === 0 ? 'URLSearchParams {}' : `URLSearchParams { ${shown.join(', ')} }`
  }

  #changed(): void {
    this.#onChange?.(serializeForm(this.#pairs))
  }

  declare [Symbol.iterator]: () => IterableIterator<Pair>
}

Object.defineProperty(URLSearchParams.prototype, Symbol.iterator, {
  value: URLSearchParams.prototype.entries, writable: true, configurable: true,
})

function toPairs(init: object): Pair[] {
  const iterator: unknown = (init as { [Symbol.iterator]?: unknown })[Symbol.iterator]
  if (iterator === undefined || iterator === null) {
    const pairs = new Map<string, string>()
    for (const key of Reflect.ownKeys(init)) {
      if (typeof key === 'symbol') {
        if (Object.prototype.propertyIsEnumerable.call(init, key)) throw new TypeError('URLSearchParams: a symbol cannot be a name')
        continue
      }
      if (Object.prototype.propertyIsEnumerable.call(init, key)) pairs.set(text(key), text((init as Record<string, unknown>)[key]))
    }
    return [...pairs]
  }
  if (typeof iterator !== 'function') throw new TypeError('URLSearchParams: expected pairs')
  const pairs: Pair[] = []
  for (const item of init as Iterable<unknown>) {
    if (typeof item !== 'object' || item === null) throw new TypeError('URLSearchParams: each pair must be a list of a name and a value')
    const pair = [...(item as Iterable<unknown>)]
    if (pair.length !== 2) throw new TypeError('URLSearchParams: each pair must be a list of a name and a value')
    pairs.push([text(pair[0]), text(pair[1])])
  }
  return pairs
}

function need(given: number, least: number, method: string): void {
  if (given < least) throw new TypeError(`URLSearchParams.${method}: expected ${least} arguments, got ${given}`)
}
