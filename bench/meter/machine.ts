/** A bare QuickJS instance: one eval at a time, nothing granted. */
export interface Machine {
  evaluate(source: string): number | string
  readonly exports: WebAssembly.Exports
  /** Fuel handed out by `refill` less what is left. */
  fuelUsed(): number
}

export interface MachineOptions {
  /** Fuel in all. @default Infinity */
  readonly fuel?: number
  /** Fuel handed out at a time. @default 4_000_000 */
  readonly slice?: number
  /** Who answers what the engine asks of WASI. @default functions that do nothing */
  readonly wasi?: { readonly imports: object; initialize(instance: WebAssembly.Instance): void }
}

type Call = (...args: number[]) => number

/** Starts the QuickJS module, plain or metered with a memory of its own. */
export function createMachine(module: WebAssembly.Module, options: MachineOptions = {}): Machine {
  const { fuel = Infinity, slice = 4_000_000 } = options
  let handed = 0
  const refill = (): number => {
    const next = Math.min(slice, fuel - handed)
    if (next <= 0) return -1
    handed += next
    return next
  }
  const zero = (): number => 0
  let memory: WebAssembly.Memory | undefined
  const clock = (_id: number, _precision: bigint, at: number): number => {
    new DataView((memory as WebAssembly.Memory).buffer).setBigUint64(at, 0n, true)
    return 0
  }
  const imports = {
    env: {
      host_get_timezone_offset: zero, host_interrupt: zero, host_promise_rejection: zero,
      host_module_normalize: zero, host_module_load: zero, host_call: zero,
    },
    wasi_snapshot_preview1: (options.wasi?.imports as WebAssembly.ModuleImports | undefined) ?? {
      clock_time_get: clock, fd_close: zero, fd_fdstat_get: zero, fd_seek: zero, fd_write: zero, random_get: zero,
    },
    glovebox: { refill },
  }
  const instance = new WebAssembly.Instance(module, imports)
  const { exports } = instance
  memory = exports['memory'] as WebAssembly.Memory
  const call = (name: string, ...args: number[]): number => (exports[name] as Call)(...args)
  if (options.wasi === undefined) call('_initialize')
  else options.wasi.initialize(instance)
  if (call('qjs_init') !== 0) throw new Error('QuickJS did not start')

  const write = (text: string): { at: number; length: number } => {
    const bytes = new TextEncoder().encode(`${text}\0`)
    const at = call('wasm_malloc', bytes.length)
    new Uint8Array((memory as WebAssembly.Memory).buffer).set(bytes, at)
    return { at, length: bytes.length - 1 }
  }
  const readText = (value: number): string => {
    const at = call('qjs_get_string', value)
    const bytes = new Uint8Array((memory as WebAssembly.Memory).buffer)
    const text = new TextDecoder().decode(bytes.slice(at, bytes.indexOf(0, at)))
    call('qjs_free_cstring', at)
    return text
  }
  return {
    exports,
    fuelUsed: () => handed - Math.max(0, (exports['glovebox:fuel'] as WebAssembly.Global | undefined)?.value ?? 0),
    evaluate(source) {
      const code = write(source)
      const file = write('kernel.js')
      const value = call('qjs_eval', code.at, code.length, file.at, 0)
      call('wasm_free', code.at)
      call('wasm_free', file.at)
      if (call('qjs_is_exception', value) !== 0) throw new Error(readText(call('qjs_get_exception')))
      const result = call('qjs_is_number', value) !== 0 ? call('qjs_get_float64', value) : readText(value)
      call('qjs_free_value', value)
      return result
    },
  }
}
