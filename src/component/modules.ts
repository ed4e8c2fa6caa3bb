import type { CoreToInstantiate } from './link.js'

/** One core module of a component, metered and compiled. */
export interface CoreFile extends CoreToInstantiate {
  /** The name by which the glue asks for it. */
  readonly name: string
  /** How often one instance of the component instantiates it. */
  readonly instances: number
  readonly size: number
}
