import { meter, type MeterOptions, type Metered } from '../../../wasm/meter/index.js'

/** A metered instance and the host's side of its fuel. */
export interface Guest {
  readonly metered: Metered
  readonly exports: WebAssembly.Exports
  call(name: string, ...args: number[]): unknown
  /** Fuel used so far; what is left of a stopped guest's last slice counts as used. */
  used(): number
  readonly refills: () => number
}

export interface HostOptions {
  /** Fuel in all. */
  readonly fuel: number
  /** @default all of it */
  readonly slice?: number
  readonly imports?: WebAssembly.Imports
  readonly meter?: MeterOptions
}

/** Meters, compiles and instantiates `bytes`. */
export function startGuest(bytes: Uint8Array, { fuel, slice = fuel, imports = {}, meter: options = {} }: HostOptions): Guest {
  const metered = meter(bytes, options)
  let handed = 0
  let refills = 0
  const refill = (): number => {
    refills += 1
    const next = Math.min(slice, fuel - handed)
    handed += next
    return next > 0 ? next : -1
  }
  const module = new WebAssembly.Module(metered.bytes as Uint8Array<ArrayBuffer>)
  const { exports } = new WebAssembly.Instance(module, { ...imports, glovebox: { ...imports['glovebox'], refill } })
  const global = (exports['glovebox:fuel'] ?? imports['glovebox']?.['fuel']) as WebAssembly.Global<'i32'>
  return {
    metered,
    exports,
    call: (name, ...args) => (exports[name] as (...args: number[]) => unknown)(...args),
    used: () => handed - Math.max(0, global.value),
    refills: () => refills,
  }
}

/** What a call comes to: its value, or the message of its trap. */
export function outcome(run: () => unknown): unknown {
  try {
    return run()
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return `trap: ${error.message}`
    if (error instanceof RangeError) return 'stack'
    throw error
  }
}
