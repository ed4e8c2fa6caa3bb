import type { CoreLink, Instantiated } from './link.js'
import type { CoreFile } from './modules.js'
import type { World } from './world.js'

/** How the exports of a component are called. */
export type CallMode = 'sync' | 'jspi'

/** A component that was checked, transpiled and metered, ready to be instantiated any number of times. */
export interface Compiled {
  /** SHA-256 of the bytes it was made of, in hexadecimal. */
  readonly digest: string
  readonly mode: CallMode
  /** Full names of the interfaces and functions it imports, such as `wasi:io/streams@0.2.3`, sorted. */
  readonly imports: readonly string[]
  /** Its imports and exports with all their types, as plain data. */
  readonly world: World
  /** The same as text. */
  readonly wit: string
  /** Proposals and traits its core modules use, sorted. */
  readonly features: readonly string[]
  readonly sizes: {
    /** Bytes of the component. */
    readonly component: number
    /** Bytes of the metered core modules. */
    readonly core: number
    /** Bytes of the generated glue. */
    readonly glue: number
    /** Bytes that its linear memories start with. */
    readonly memory: number
  }
  readonly modules: readonly CoreFile[]
  /**
   * Makes an instance in one go; its start functions run, under the fuel of `link`.
   * Functions are keyed by their JavaScript name, interfaces by their full name.
   * @param imports objects without a prototype by interface name, version stripped (`wasi:io/streams`); a function
   * imported by itself is the property `default` of an object under its name
   * @throws GloveboxError `unknown-import` when something is missing in `imports`
   */
  instantiate(imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>, link: CoreLink): Instantiated
}
