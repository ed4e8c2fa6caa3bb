import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { BENCH, ROOT } from '../packages.js'

/** A component with one function, which is also the one export of its core module. */
export interface Guest {
  readonly file: string
  /** The interface it is exported in. @default none */
  readonly interface?: string
}

export const GUESTS: Readonly<Record<string, Guest>> = {
  add: { file: join(BENCH, 'guests/add.wasm') },
  slugify: { file: join(ROOT, 'wasm/guests/slugify.wasm'), interface: 'acme:text/slugify@1.0.0' },
}

/** The command of WASI preview 1. */
export const IO = join(BENCH, 'guests/io.wasm')

export const readGuest = (file: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(file))

/** @throws Error where there is none of that name */
export function findGuest(name: string): Guest {
  const guest = GUESTS[name]
  if (guest === undefined) throw new Error(`There is no guest ${name}`)
  return guest
}

/** The first core module within a component: what a host without components can run of it. */
export function readCore({ file }: Guest): Uint8Array<ArrayBuffer> {
  const bytes = readGuest(file)
  const CORE_MODULE = 1
  for (let at = 8; at < bytes.length;) {
    const section = bytes[at++]
    let size = 0
    for (let shift = 0, more = true; more; shift += 7) {
      const byte = bytes[at++]!
      size |= (byte & 0x7f) << shift
      more = byte > 0x7f
    }
    if (section === CORE_MODULE) return bytes.slice(at, at + size)
    at += size
  }
  throw new Error(`There is no core module in ${file}`)
}
