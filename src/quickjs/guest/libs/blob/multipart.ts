import { type BlobTools, joinBytes } from './blob.js'
import type { FormEntry } from './form-data.js'

/** Line breaks of a field's text and name are CR LF on the wire. */
const toLines = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n')
const quote = (text: string): string => text.replace(/\n/g, '%0A').replace(/\r/g, '%0D').replace(/"/g, '%22')

/** @see https://html.spec.whatwg.org/#multipart-form-data */
export function encodeMultipart(entries: readonly FormEntry[], boundary: string, { encode, bytesOf }: BlobTools): Uint8Array {
  const parts: Uint8Array[] = []
  for (const [name, value] of entries) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quote(toLines(name))}"`
    if (typeof value === 'string') parts.push(encode(`${head}\r\n\r\n${toLines(value)}\r\n`))
    else {
      const type = value.type === '' ? 'application/octet-stream' : value.type
      parts.push(encode(`${head}; filename="${quote(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`), bytesOf(value), encode('\r\n'))
    }
  }
  parts.push(encode(`--${boundary}--\r\n`))
  return joinBytes(parts)
}

const malformed = (what: string): TypeError => new TypeError(`The body is no multipart form: ${what}`)

/**
 * Entries of a multipart form.
 * @see https://andreubotella.github.io/multipart-form-data/
 * @throws TypeError
 */
export function decodeMultipart(bytes: Uint8Array, boundary: string, { encode, decode, fileOf }: BlobTools): FormEntry[] {
  const mark = encode(`--${boundary}`)
  const entries: FormEntry[] = []
  let at = indexOf(bytes, mark, 0)
  if (at !== 0 && !(at === 2 && bytes[0] === 13 && bytes[1] === 10)) throw malformed('it does not start with its boundary')
  for (;;) {
    at += mark.length
    if (bytes[at] === 45 && bytes[at + 1] === 45) return entries
    if (bytes[at] !== 13 || bytes[at + 1] !== 10) throw malformed('a boundary has no line of its own')
    const headEnd = indexOf(bytes, encode('\r\n\r\n'), at)
    if (headEnd === -1) throw malformed('a part has no end of its headers')
    const { name, filename, type } = toHead(decode(bytes.subarray(at + 2, headEnd)))
    const bodyAt = headEnd + 4
    const next = indexOf(bytes, mark, bodyAt)
    if (next === -1 || next - 2 < bodyAt || bytes[next - 2] !== 13 || bytes[next - 1] !== 10) throw malformed('a part has no end')
    const body = bytes.subarray(bodyAt, next - 2)
    entries.push([name, filename === undefined ? decodeWithBom(body, decode) : fileOf(body.slice(), filename, type ?? 'text/plain')])
    at = next
  }
}

/** A byte order mark belongs to the text of a field. */
const decodeWithBom = (bytes: Uint8Array, decode: (bytes: Uint8Array) => string): string =>
  bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? `\ufeff${decode(bytes)}` : decode(bytes)

interface Head {
  readonly name: string
  readonly filename: string | undefined
  readonly type: string | undefined
}

function toHead(text: string): Head {
  let name: string | undefined, filename: string | undefined, type: string | undefined
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':')
    const key = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    if (colon <= 0) throw malformed('a header has no name')
    if (key === 'content-type') type = value
    if (key !== 'content-disposition') continue
    if (!/^form-data\s*(?:;|$)/i.test(value)) throw malformed('a part is no form-data')
    name = parameter(value, 'name')
    filename = parameter(value, 'filename')
  }
  if (name === undefined) throw malformed('a part has no name')
  return { name, filename, type }
}

function parameter(value: string, key: string): string | undefined {
  const found = new RegExp(`;\\s*${key}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]+))`, 'i').exec(value)
  return (found?.[1] ?? found?.[2])?.replace(/%0A/gi, '\n').replace(/%0D/gi, '\r').replace(/%22/g, '"')
}

function indexOf(bytes: Uint8Array, mark: Uint8Array, from: number): number {
  const first = mark[0]!
  for (let at = bytes.indexOf(first, from); at !== -1 && at + mark.length <= bytes.length; at = bytes.indexOf(first, at + 1)) {
    let same = 1
    while (same < mark.length && bytes[at + same] === mark[same]) same++
    if (same === mark.length) return at
  }
  return -1
}
