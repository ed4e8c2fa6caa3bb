import type { ComponentPort } from '../port.js'
import { cliSkin } from './cli.js'
import { clocksSkin } from './clocks.js'
import { filesystemSkin } from './filesystem.js'
import { httpSkin } from './http.js'
import { Io } from './io.js'
import { randomSkin } from './random.js'
import type { Rows, Skin } from './skin.js'
import { socketsSkin } from './sockets.js'
import { ioSkin } from './streams.js'

export { ASYNC_IMPORTS } from './asynchronous.js'

const SKINS: readonly Skin[] = [ioSkin, cliSkin, clocksSkin, randomSkin, filesystemSkin, httpSkin, socketsSkin]

/** Every interface that can be linked, by its name without the version. */
export const WASI_INTERFACES: readonly string[] = Object.freeze(SKINS.flatMap(({ names }) => names))

export interface Wasi {
  /**
   * Functions and classes by interface. A row is made when it is first read: whoever copies all of them pays for all.
   */
  readonly imports: Record<string, Record<string, unknown>>
  readonly io: Io
}

/** The WASI 0.2 host of one call: it reaches what the port's grants hold and nothing else. */
export function createWasi(port: ComponentPort): Wasi {
  const io = new Io(port)
  const imports = Object.create(null) as Record<string, Record<string, unknown>>
  for (const skin of SKINS) {
    let rows: Rows | undefined
    for (const name of skin.names) {
      Object.defineProperty(imports, name, { enumerable: true, get: () => (rows ??= skin.make(port, io))[name] })
    }
  }
  return { imports: Object.freeze(imports), io }
}
