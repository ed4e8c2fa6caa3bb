import type { Fuel } from '../fuel.js'
import type { Limits } from '../limits.js'
import type { Halt } from '../stop.js'
import { type SwitchModule, createSwitch } from '../switch.js'
import { Crossings } from './crossings.js'
import { LazyGlobal } from './lazy-global.js'
import { Lifting } from './lifting.js'
import type { CoreLink, CoreToInstantiate } from './link.js'
import { Stores } from './stores.js'

/** What an instance costs to make: by module, and by page it starts with. */
const MODULE_FUEL = 10_000
const PAGE_FUEL = 4096

/** Fuel of a module that is stopped for good; see `wasm/meter`. */
const STOPPED = -0x6000_0000

/** Under which the meter exports tables, for the host alone. */
const TABLE = 'glovebox:table:'

export interface CoreInstanceOptions {
  readonly fuel: Fuel
  readonly halt: Halt
  readonly limits: Limits
  /** Absent where nothing suspends, or nothing but imports that wait. */
  readonly switchModule: SwitchModule | undefined
}

/**
 * The core modules of one component in one call: one budget of fuel, of memory and of table elements for all of them.
 * Dropped behind the call, never used again.
 */
export class CoreInstance implements CoreLink {
  readonly globals: CoreLink['globals']
  readonly #options: CoreInstanceOptions
  readonly #fuel = new WebAssembly.Global({ value: 'i32', mutable: true }, 0)
  readonly #refill: WebAssembly.ExportValue
  readonly #stores: Stores
  readonly #crossings: Crossings
  /** Functions of guests: no JavaScript stands between one and its caller. */
  readonly #guests = new WeakSet<object>()
  #closed = false

  constructor(options: CoreInstanceOptions) {
    this.#options = options
    const { switchModule, halt, limits, fuel } = options
    this.#stores = new Stores(halt, limits)
    const plain = (): number => this.#next()
    const gate = switchModule && createSwitch(switchModule, { plain, turn: () => this.#turn(), isDue: () => fuel.isTurnDue })
    this.#refill = gate?.refill ?? (plain as never)
    const lifting = new Lifting({ halt, limits })
    const crossings = new Crossings({ fuel, may: gate?.may, check: () => this.#check(), begin: () => lifting.begin() })
    this.#crossings = crossings
    const namespace = Object.assign(Object.create(null) as Record<string, unknown>, {
      Global: LazyGlobal,
      RuntimeError: WebAssembly.RuntimeError,
      promising: (fn: never) => crossings.promising(fn),
      Suspending: function Suspending(fn: never) {
        return crossings.suspending(fn)
      },
    })
    this.globals = Object.freeze({ WebAssembly: Object.freeze(namespace), TextDecoder: lifting.TextDecoder, lift: (bytes: number) => lifting.take(bytes) })
  }

  get memoryPeakBytes(): number {
    return this.#stores.memoryPeakBytes
  }

  /** Whether its memories are nearly as large as they may be. */
  get isFull(): boolean {
    return this.#stores.isFull
  }

  /** Set when a function of the host failed below a guest: what comes after is not the guest's own. */
  get broken(): { readonly cause: unknown } | undefined {
    return this.#crossings.broken
  }

  /** Fuel left of what was handed out. */
  fuelLeft(): number {
    return Math.max(this.#fuel.value, 0)
  }

  /** From here on its code ends at the next charge, and its imports refuse. */
  close(): void {
    this.#closed = true
    this.#fuel.value = STOPPED
  }

  instantiateCore({ module, memory }: CoreToInstantiate, imports: WebAssembly.Imports = {}): { readonly exports: WebAssembly.Exports } {
    this.#check()
    const linked = Object.create(null) as WebAssembly.Imports
    for (const name of Object.keys(imports)) linked[name] = this.#link(imports[name]!)
    const own = Object.create(null) as WebAssembly.ModuleImports
    own['fuel'] = this.#fuel
    own['refill'] = this.#refill
    this.#charge(MODULE_FUEL + (memory?.initialPages ?? 0) * PAGE_FUEL)
    if (memory !== undefined) own['memory'] = this.#stores.makeMemory(memory)
    linked['glovebox'] = own
    const { exports } = new WebAssembly.Instance(module, linked)
    const visible = Object.create(null) as WebAssembly.Exports
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === 'function') this.#guests.add(value)
      if (name.startsWith(TABLE)) this.#stores.addTable(value as WebAssembly.Table)
      else visible[name] = value
    }
    if (!this.#stores.measure()) this.#options.halt.check()
    return { exports: visible }
  }

  #link(functions: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
    const linked = Object.create(null) as WebAssembly.ModuleImports
    for (const name of Object.keys(functions)) {
      const value = functions[name]!
      if (value instanceof LazyGlobal) linked[name] = value.linked
      else linked[name] = typeof value === 'function' && !this.#guests.has(value) ? (this.#crossings.guard(value as never) as never) : value
    }
    return linked
  }

  /** Takes fuel for work of the host's, as a guest's own code does. */
  #charge(units: number): void {
    let left = this.#fuel.value - units
    while (left < 0) {
      const slice = this.#next()
      if (slice < 1) {
        this.close()
        this.#options.halt.check()
      }
      left += slice
    }
    this.#fuel.value = left
  }

  /** The next slice of fuel, unless the guest must stop. */
  #next(): number {
    if (this.#closed || !this.#stores.measure()) return -1
    return this.#options.fuel.refill()
  }

  /** As `next`, after the host had its turn. */
  #turn(): number | Promise<number> {
    if (this.#closed || !this.#stores.measure()) return -1
    // An import that can suspend does, whatever it returns: what comes next is behind the entry's return.
    return Promise.resolve(this.#options.fuel.turn()).then((units) => {
      if (this.#closed) return -1
      this.#crossings.resume()
      return units
    })
  }

  #check(): void {
    const { halt } = this.#options
    halt.check()
    // A late continuation of a call that has ended: nothing of it may have an effect.
    if (this.#closed) halt.raise('aborted', 'The call has ended')
  }
}
