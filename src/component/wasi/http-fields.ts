import { isHeaderName } from '../../../capabilities/net/header-names.js'
import { Failure, unknownHandle } from './failure.js'
import type { Io } from './io.js'

export type FieldEntry = readonly [name: string, value: Uint8Array]

export type HeaderError = { readonly tag: 'invalid-syntax' | 'forbidden' | 'immutable' }

/** Bytes of one list of fields, with 32 for the keeping of each: a guest's own list is memory of the host. */
const MOST_BYTES = 128 * 1024
const ENTRY_BYTES = 32

/** Fields of a connection, not of a message: no guest has a connection. @see RFC 9110 section 7.6.1 */
const FORBIDDEN: ReadonlySet<string> = new Set([
  'connection',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** `wasi:http/types` `fields`: headers or trailers. */
export class Fields {
  readonly #io: Io
  #entries: FieldEntry[]
  readonly #isImmutable: boolean
  #bytes = 0
  readonly #drop: () => void

  private constructor(io: Io, entries: readonly FieldEntry[], isImmutable: boolean) {
    this.#io = io
    this.#entries = [...entries]
    this.#isImmutable = isImmutable
    this.#drop = io.own(() => (this.#entries = []))
    this.#bytes = sizeOf(entries)
  }

  static empty(io: Io): Fields {
    return new Fields(io, [], false)
  }

  /** Fields the host gives: whatever is in them, the guest cannot change them. */
  static immutable(io: Io, entries: readonly FieldEntry[]): Fields {
    return new Fields(io, entries, true)
  }

  /** `from-list`. */
  static fromList(io: Io, entries: readonly FieldEntry[]): Fields {
    const fields = Fields.empty(io)
    // Before anything is copied: the list may be as long as the guest's memory.
    fields.#grow(sizeOf(entries))
    fields.#entries = entries.map(([name, value]) => [checkName(name), checkValue(value)] as const)
    return fields
  }

  /** Its entries, given up with the handle: what the guest passes as owned. */
  static take(fields: Fields): readonly FieldEntry[] {
    const entries = Fields.#own(fields).#entries
    fields.#drop()
    return entries
  }

  get(name: string): Uint8Array[] {
    return Fields.#own(this).#named(name).map(([, value]) => value.slice())
  }

  has(name: string): boolean {
    return Fields.#own(this).#named(name).length > 0
  }

  set(name: string, values: readonly Uint8Array[]): void {
    Fields.#own(this).#change()
    const own = checkName(name)
    const added = values.map((value) => [own, checkValue(value)] as const)
    this.#replace([...this.#without(own), ...added])
  }

  delete(name: string): void {
    Fields.#own(this).#change()
    this.#replace(this.#without(checkName(name)))
  }

  append(name: string, value: Uint8Array): void {
    Fields.#own(this).#change()
    const entry = [checkName(name), checkValue(value)] as const
    this.#grow(sizeOf([entry]))
    this.#entries.push(entry)
  }

  entries(): (readonly [string, Uint8Array])[] {
    return Fields.#own(this).#entries.map(([name, value]) => [name, value.slice()] as const)
  }

  clone(): Fields {
    return new Fields(Fields.#own(this).#io, this.#entries, false)
  }

  [Symbol.dispose](): void {
    this.#drop()
  }

  /** It, when it is one and not only looks like it. */
  static #own(own: Fields): Fields {
    if (!(#entries in own)) throw unknownHandle('fields')
    return own
  }

  #change(): void {
    if (this.#isImmutable) throw refused('immutable')
  }

  #named(name: string): FieldEntry[] {
    const lower = name.toLowerCase()
    return this.#entries.filter(([each]) => each.toLowerCase() === lower)
  }

  #without(name: string): FieldEntry[] {
    const lower = name.toLowerCase()
    return this.#entries.filter(([each]) => each.toLowerCase() !== lower)
  }

  #replace(entries: FieldEntry[]): void {
    this.#grow(sizeOf(entries) - this.#bytes)
    this.#entries = entries
  }

  #grow(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > MOST_BYTES) {
      this.#io.port.halt.raise('resources', `The component put more than ${MOST_BYTES} bytes into one list of HTTP fields`)
    }
  }
}

/** One value for each name, in lower case, with what is there more often joined. */
export function toHeaderPairs(entries: readonly FieldEntry[]): readonly (readonly [name: string, value: string])[] {
  const pairs = new Map<string, string>()
  for (const [name, bytes] of entries) {
    const lower = name.toLowerCase()
    const value = fromLatin1(bytes).replace(/^[\t ]+|[\t ]+$/g, '')
    const before = pairs.get(lower)
    pairs.set(lower, before === undefined ? value : `${before}, ${value}`)
  }
  return [...pairs]
}

/** Fields the host has as text, one byte a character. */
export function toEntries(pairs: Iterable<readonly [name: string, value: string]>): readonly FieldEntry[] {
  return Array.from(pairs, ([name, value]) => [name, Uint8Array.from(value, (character) => character.charCodeAt(0))] as const)
}

export function fromLatin1(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return text
}

function checkName(name: string): string {
  if (!isHeaderName(name)) throw refused('invalid-syntax')
  if (FORBIDDEN.has(name.toLowerCase())) throw refused('forbidden')
  return name
}

/** Neither line ends nor NUL nor any other control but the tab. @see RFC 9110 section 5.5 */
function checkValue(value: Uint8Array): Uint8Array {
  if (!value.every((byte) => (byte >= 0x20 && byte !== 0x7f) || byte === 0x09)) throw refused('invalid-syntax')
  return value.slice()
}

function refused(tag: HeaderError['tag']): Failure<HeaderError> {
  return new Failure<HeaderError>({ tag })
}

function sizeOf(entries: readonly FieldEntry[]): number {
  return entries.reduce((sum, [name, value]) => sum + name.length + value.length + ENTRY_BYTES, 0)
}
