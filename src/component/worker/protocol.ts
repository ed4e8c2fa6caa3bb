import type { ErrorCode } from '../../errors.js'
import type { Refusal } from '../../../wasm/meter/index.js'
import type { CallMode } from '../compiled.js'
import type { World } from '../world.js'

/** What a thread is asked to prepare. */
export interface Order {
  readonly bytes: Uint8Array
  /** Adapters of WASI preview 1, for core modules. */
  readonly adapters: { readonly command: Uint8Array; readonly reactor: Uint8Array } | undefined
  readonly mode: CallMode | 'auto'
  /** Whether `auto` may come to `jspi`. */
  readonly canSuspend: boolean
  readonly asyncImports: readonly string[]
  /** Interfaces and functions of the embedder's own, without version. */
  readonly interfaces: readonly string[]
  readonly bounds: Bounds
}

export interface Bounds {
  /** Bytes of the glue and of all metered modules together. */
  readonly maxOutputBytes: number
  /** Core modules in the component. */
  readonly maxModules: number
  /** Instances of core modules in one instance of the component. */
  readonly maxInstances: number
  /** Exports of one core module, and functions the component imports and exports. */
  readonly maxExports: number
  /** Bytes that all linear memories start with together. */
  readonly maxMemoryBytes: number
  /** Elements of all tables of a module together. */
  readonly maxTableElements: number
}

/** A component that was taken apart, with its core modules metered. */
export interface Prepared {
  readonly mode: CallMode
  readonly world: World
  readonly glue: string
  readonly modules: readonly PreparedModule[]
  readonly features: readonly string[]
  /** Whether it was a core module that an adapter made a component. */
  readonly adapted: boolean
}

export interface PreparedModule {
  readonly name: string
  readonly bytes: Uint8Array
  readonly instances: number
  readonly memory: { readonly initialPages: number; readonly maxPages: number | undefined } | undefined
}

export type Reply =
  | { readonly type: 'prepared'; readonly prepared: Prepared }
  | { readonly type: 'refused'; readonly code: ErrorCode; readonly message: string; readonly feature?: Refusal; readonly offset?: number }
  /** The transpiler itself broke: the thread is of no more use. */
  | { readonly type: 'broken'; readonly message: string }
