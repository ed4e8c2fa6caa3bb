/** One core module of a component, metered. */
export interface CoreModule {
  /** The name by which the glue asks for it. */
  readonly name: string
  /** How often one instance of the component instantiates it. */
  readonly instances: number
  /** Its own linear memory in pages of 64 KiB: what it starts with, and the most it declares; none when it has none. */
  readonly memory?: { readonly initialPages: number; readonly maxPages: number | undefined }
  readonly sha256: string
  readonly size: number
}
