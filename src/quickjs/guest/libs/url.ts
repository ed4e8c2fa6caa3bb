import type { GuestCore } from '../core.js'
import { bindParams, replaceParams, URLSearchParams } from './url/search-params.js'

type Fields = readonly [
  href: string, origin: string, protocol: string, username: string, password: string, host: string, hostname: string,
  port: string, pathname: string, search: string, hash: string,
]

const text = (value: unknown): string => String(value).toWellFormed()

/**
 * `URL` and `URLSearchParams` of the URL Standard. Parsing is done by the host, which has a parser that is exact and is
 * the one its own network code uses; it is a function of the text alone and no host call of the guest's.
 */
export default (core: GuestCore) => {
  const parse = (input: string, base: unknown): Fields | null =>
    (base === undefined ? core.call('pure.urlParse', input) : core.call('pure.urlParse', input, text(base))) as Fields | null

  class URL {
    #fields!: Fields
    #params: URLSearchParams | undefined

    constructor(input: unknown, base: unknown = undefined) {
      if (arguments.length === 0) throw new TypeError('URL: expected the text of a URL')
      const given = text(input)
      const fields = parse(given, base)
      if (fields === null) throw invalid(given, base)
      this.#fields = fields
    }

    static canParse(input: unknown, base: unknown = undefined): boolean {
      return parse(text(input), base) !== null
    }

    static parse(input: unknown, base: unknown = undefined): URL | null {
      return URL.canParse(input, base) ? new URL(input, base) : null
    }

    get href(): string {
      return this.#fields[0]
    }
    set href(value: unknown) {
      const given = text(value)
      const fields = parse(given, undefined)
      if (fields === null) throw invalid(given, undefined)
      this.#fields = fields
      this.#renewParams()
    }

    get origin(): string {
      return this.#fields[1]
    }

    get protocol(): string {
      return this.#fields[2]
    }
    set protocol(value: unknown) {
      this.#set('protocol', value)
    }

    get username(): string {
      return this.#fields[3]
    }
    set username(value: unknown) {
      this.#set('username', value)
    }

    get password(): string {
      return this.#fields[4]
    }
    set password(value: unknown) {
      this.#set('password', value)
    }

    get host(): string {
      return this.#fields[5]
    }
    set host(value: unknown) {
      this.#set('host', value)
    }

    get hostname(): string {
      return this.#fields[6]
    }
    set hostname(value: unknown) {
      this.#set('hostname', value)
    }

    get port(): string {
      return this.#fields[7]
    }
    set port(value: unknown) {
      this.#set('port', value)
    }

    get pathname(): string {
      return this.#fields[8]
    }
    set pathname(value: unknown) {
      this.#set('pathname', value)
    }

    get search(): string {
      return this.#fields[9]
    }
    set search(value: unknown) {
      this.#set('search', value)
      this.#renewParams()
    }

    get hash(): string {
      return this.#fields[10]
    }
    set hash(value: unknown) {
      this.#set('hash', value)
    }

    get searchParams(): URLSearchParams {
      if (this.#params === undefined) {
        this.#params = new URLSearchParams(this.#fields[9])
        bindParams(this.#params, (search) => this.#set('search', search))
      }
      return this.#params
    }

    toString(): string {
      return this.#fields[0]
    }

    toJSON(): string {
      return this.#fields[0]
    }

    [Symbol.for('nodejs.util.inspect.custom')](): string {
      return `URL { href: '${this.#fields[0]}' }`
    }

    #set(field: string, value: unknown): void {
      const fields = core.call('pure.urlSet', this.#fields[0], field, text(value)) as Fields | null
      if (fields !== null) this.#fields = fields
    }

    #renewParams(): void {
      if (this.#params !== undefined) replaceParams(this.#params, this.#fields[9])
    }
  }

  for (const Class of [URL, URLSearchParams]) {
    for (const [object, hidden] of [[Class.prototype, ['constructor']], [Class, ['length', 'name', 'prototype']]] as const) {
      for (const key of Object.getOwnPropertyNames(object)) {
        if (!(hidden as readonly string[]).includes(key)) Object.defineProperty(object, key, { enumerable: true })
      }
    }
    Object.defineProperty(Class.prototype, Symbol.toStringTag, { value: Class.name, configurable: true })
  }
  return { URL, URLSearchParams }
}

function invalid(input: string, base: unknown): TypeError {
  const error = new TypeError('Invalid URL')
  Object.defineProperty(error, 'code', { value: 'ERR_INVALID_URL', writable: true, configurable: true, enumerable: true })
  return Object.assign(error, base === undefined ? { input } : { input, base: String(base) })
}
