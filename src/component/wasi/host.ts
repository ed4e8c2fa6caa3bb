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

const BY_NAME: ReadonlyMap<string | symbol, Skin> = new Map(SKINS.flatMap((skin) => skin.names.map((name) => [name, skin])))

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
  const made = new Map<Skin, Rows>()
  const read = (name: string | symbol): Record<string, unknown> | undefined => {
    const skin = BY_NAME.get(name)
    if (skin === undefined) return undefined
    let rows = made.get(skin)
    if (rows === undefined) made.set(skin, (rows = skin.make(port, io)))
    return rows[name as string]
  }
  const handler: ProxyHandler<Record<string, Record<string, unknown>>> = {
    get: (_, name) => read(name),
    has: (_, name) => BY_NAME.has(name),
    ownKeys: () => [...WASI_INTERFACES],
    getOwnPropertyDescriptor: (_, name) => {
      const value = read(name)
      return value && { value, enumerable: true, configurable: true, writable: false }
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
    setPrototypeOf: () => false,
  }
  return { imports: new Proxy(Object.create(null) as Record<string, Record<string, unknown>>, handler), io }
}
