import { GloveboxError } from '../../errors.js'

/** Reads what is behind a URL, at most `maxBytes` of it. */
export async function readUrl(url: URL, maxBytes: number, fetch: (url: URL) => Promise<Response>): Promise<Uint8Array> {
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw unreadable(url, `the scheme "${url.protocol}" is none this platform reads`)
  const response = await fetch(url).catch((cause: unknown) => {
    throw unreadable(url, 'it cannot be fetched', cause)
  })
  if (!response.ok) throw unreadable(url, `status ${response.status}`)
  const parts: Uint8Array[] = []
  let size = 0
  for (const reader = response.body?.getReader(); reader !== undefined; ) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    size += value.length
    if (size > maxBytes) {
      await reader.cancel()
      throw tooLarge(url, maxBytes)
    }
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

export function unreadable(url: URL, why: string, cause?: unknown): GloveboxError {
  return new GloveboxError('invalid-component', `Cannot load the component from ${url.href}: ${why}`, { cause })
}

export function tooLarge(url: URL, maxBytes: number): GloveboxError {
  return unreadable(url, `it has more than ${maxBytes} bytes; raise maxBytes if it is worth it`)
}
