import { decodeUtf8 } from './bytes.js'

const fault = (code: string, message: string): TypeError => Object.assign(new TypeError(message), { code })

/** A path as the host takes it: from text, a `file:` URL or bytes. */
export const toPath = (value: unknown, name = 'path'): unknown => {
  if (typeof value === 'string') return value
  if (value instanceof Uint8Array) return decodeUtf8(value)
  if (typeof value === 'object' && value !== null && 'href' in value && 'pathname' in value) {
    const { href, pathname } = value as { href: string; pathname: string }
    if (!`${href}`.startsWith('file:')) throw fault('ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file')
    if (/%2f/i.test(pathname)) throw fault('ERR_INVALID_FILE_URL_PATH', 'File URL path must not include encoded / characters')
    return decodeURIComponent(pathname)
  }
  const shown = value === null ? 'null' : typeof value
  throw fault('ERR_INVALID_ARG_TYPE', `The "${name}" argument must be of type string or an instance of Buffer or URL. Received ${shown}`)
}

export type Options = Readonly<Record<string, unknown>>

/** Options as an object: a string stands for an encoding, a function for a callback that is handled elsewhere. */
export const toOptions = (value: unknown): Options => {
  if (typeof value === 'string') return { encoding: value }
  return typeof value === 'object' && value !== null ? (value as Options) : {}
}

/** The encoding that reading answers in; `undefined` for bytes. */
export const toEncoding = ({ encoding }: Options): unknown => (encoding === null || encoding === 'buffer' ? undefined : encoding)

/** Contents as they cross: text stays text, every other view becomes bytes of its own. */
export const toData = (value: unknown): string | Uint8Array => {
  if (typeof value === 'string') return value
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value
    return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength).slice()
  }
  throw fault('ERR_INVALID_ARG_TYPE', `The "data" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ${value === null ? 'null' : typeof value}`)
}

/** Milliseconds since the epoch from what Node takes as a time: a Date, or seconds. */
export const toTime = (value: unknown): number => {
  if (value instanceof Date) return value.getTime()
  return Number(value) * 1000
}

/** A position as Node takes it; `null` is the descriptor's own. */
export const toPosition = (value: unknown): number | null => {
  if (typeof value === 'bigint') return value < 0n ? null : Number(value)
  return typeof value === 'number' && value >= 0 ? value : null
}

export const refuse = (code: string, message: string): Error => Object.assign(new Error(message), { code })
