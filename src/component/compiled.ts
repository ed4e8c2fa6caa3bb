import type { CoreModule } from './modules.js'
import type { World } from './world.js'

/** How the exports of a component are called. */
export type CallMode = 'sync' | 'jspi'

/** What one instance takes from its call besides its imports. */
export interface Link {
  /** The budget that all modules of the instance share: a mutable i32 that starts at 0. */
  readonly fuel: WebAssembly.Global
  /** Hands out the next slice of fuel: a function, or one wrapped by `WebAssembly.Suspending`. */
  readonly refill: WebAssembly.ImportValue
  /** Bytes of all linear memories of the instance together. */
  readonly memoryBytes: number
}

/** One instance of a component. */
export interface ComponentInstance {
  /**
   * What it exports: functions by their JavaScript name, and interfaces by their full name, such as
   * `acme:text/slug@1.0.0`, as objects of functions and resource classes. Objects without a prototype.
   */
  readonly exports: Readonly<Record<string, unknown>>
  /** Bytes of its linear memories now. */
  memoryBytes(): number
}

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
  readonly modules: readonly CoreModule[]
  /**
   * Makes an instance; its start functions run, under the fuel of `link`.
   * @param imports objects without a prototype by interface name, version stripped (`wasi:io/streams`); a function
   * imported by itself is the property `default` of an object under its name
   * @throws GloveboxError `unknown-import` when something is missing in `imports`
   */
  instantiate(imports: Readonly<Record<string, Readonly<Record<string, unknown>>>>, link: Link): Promise<ComponentInstance>
}
