/**
 * A global of the glue's that most components never see. One of WebAssembly's own costs as much as a small instance: it
 * is made when the global is linked, and from then on both are one.
 */
export class LazyGlobal {
  readonly #type: WebAssembly.GlobalDescriptor
  #value: unknown
  #linked: WebAssembly.Global | undefined

  constructor(type: WebAssembly.GlobalDescriptor, value?: unknown) {
    this.#type = type
    this.#value = value
  }

  get value(): unknown {
    return this.#linked === undefined ? this.#value : this.#linked.value
  }

  set value(value: unknown) {
    if (this.#linked === undefined) this.#value = value
    else this.#linked.value = value
  }

  /** As a module imports it. */
  get linked(): WebAssembly.Global {
    return (this.#linked ??= new WebAssembly.Global(this.#type, this.#value as never))
  }
}
