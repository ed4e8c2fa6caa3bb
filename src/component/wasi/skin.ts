import type { ComponentPort } from '../port.js'
import type { Io } from './io.js'

/** What the glue reads of each interface, by its name without the version. */
export type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** One package of WASI: made for a call when the component first asks for one of its interfaces. */
export interface Skin {
  readonly names: readonly string[]
  make(port: ComponentPort, io: Io): Rows
}

/** A null-prototype row: what is not in it is not there. */
export function row<T extends Record<string, unknown>>(functions: T): Readonly<T> {
  return Object.freeze(Object.assign(Object.create(null) as T, functions))
}
