import { concat } from './concat.js'
import type { Order, Prepared } from './worker/protocol.js'
import { TOOLCHAIN } from './toolchain.js'

/** What a component comes to depends on its bytes, on who prepares it, and on how. */
export function toKey(digest: string, { mode, canSuspend, asyncImports, interfaces, bounds }: Order): string {
  return JSON.stringify([TOOLCHAIN, digest, mode, canSuspend, [...asyncImports].sort(), [...interfaces].sort(), bounds])
}

type Digest = (bytes: Uint8Array) => Promise<string>

const HEX = 64
const MAGIC = 'glovebox component 1\n'

interface Header {
  readonly key: string
  readonly prepared: Omit<Prepared, 'glue' | 'modules'>
  readonly glue: number
  readonly modules: readonly (Omit<Prepared['modules'][number], 'bytes'> & { readonly size: number })[]
}

/** A prepared component as one file: a digest of all that follows, a line of JSON, glue, modules. */
export async function toEntry({ glue, modules, ...prepared }: Prepared, { key, digest }: { readonly key: string; readonly digest: Digest }): Promise<Uint8Array> {
  const text = new TextEncoder().encode(glue)
  const header: Header = { key, prepared, glue: text.length, modules: modules.map(({ bytes, ...file }) => ({ ...file, size: bytes.length })) }
  const body = concat([new TextEncoder().encode(`${JSON.stringify(header)}\n`), text, ...modules.map(({ bytes }) => bytes)])
  return concat([new TextEncoder().encode(`${MAGIC}${await digest(body)}\n`), body])
}

/** Reads such a file; what is not as it was written, or was made of something else, counts for nothing. */
export async function fromEntry(entry: Uint8Array, { key, digest }: { readonly key: string; readonly digest: Digest }): Promise<Prepared | undefined> {
  const decoder = new TextDecoder()
  const start = MAGIC.length + HEX + 1
  const body = entry.subarray(start)
  if (decoder.decode(entry.subarray(0, start)) !== `${MAGIC}${await digest(body)}\n`) return undefined
  const line = body.indexOf(0x0a)
  const header = JSON.parse(decoder.decode(body.subarray(0, line))) as Header
  if (header.key !== key) return undefined
  let at = line + 1
  const take = (size: number): Uint8Array => body.subarray(at, (at += size))
  const glue = decoder.decode(take(header.glue))
  const modules = header.modules.map(({ size, ...file }) => ({ ...file, memory: file.memory, bytes: take(size) }))
  return { ...header.prepared, glue, modules }
}
