import { GloveboxError } from '../errors.js'
import type { Fuel } from '../fuel.js'
import type { Limits } from '../limits.js'
import type { Halt } from '../stop.js'
import { type Switch, type SwitchModule, createSwitch } from '../switch.js'
import { LazyGlobal } from './lazy-global.js'
import { Lifting } from './lifting.js'
import type { CoreLink, CoreToInstantiate } from './link.js'

const PAGE_BYTES = 65_536

/** What an instance costs to make: by module, by page it starts with, by table element. */
const MODULE_FUEL = 10_000
const PAGE_FUEL = 4096

/** Fuel of a module that is stopped for good; see `wasm/meter`. */
const STOPPED = -0x6000_0000

const TABLE = 'glovebox:table:'

export interface CoreInstanceOptions {
  readonly fuel: Fuel
  readonly halt: Halt
  readonly limits: Limits
  /** Absent where nothing suspends, or nothing but imports that wait. */
  readonly switchModule: SwitchModule | undefined
}

type Callable = (...args: unknown[]) => unknown

/**
 * The core modules of one component in one call: one budget of fuel, of memory and of table elements for all of them,
 * and one switch that says whether they may be suspended. Dropped behind the call, never used again.
 */
export class CoreInstance implements CoreLink {
  readonly globals: CoreLink['globals']
  readonly lifting: Lifting
  readonly #options: CoreInstanceOptions
  readonly #fuel = new WebAssembly.Global({ value: 'i32', mutable: true }, 0)
  readonly #refill: WebAssembly.ExportValue
  readonly #may: Switch['may'] | undefined
  readonly #memories: WebAssembly.Memory[] = []
  readonly #tables: WebAssembly.Table[] = []
  /** Functions of guests: no JavaScript stands between one and its caller. */
  readonly #guests = new WeakSet<object>()
  #memoryPeakBytes = 0
  #closed = false
  /** Set when a function of the host failed below a guest: what comes after is not the guest's own. */
  #broken: { readonly cause: unknown } | undefined

  constructor(options: CoreInstanceOptions) {
    this.#options = options
    const { switchModule, halt, limits } = options
    this.lifting = new Lifting({ halt, limits })
    const plain = (): number => this.#next()
    const gate: Switch | undefined = switchModule && createSwitch(switchModule, { plain, turn: () => this.#turn(), isDue: () => options.fuel.isTurnDue })
    this.#may = gate?.may
    this.#refill = gate?.refill ?? (plain as never)
    this.globals = Object.freeze({
      WebAssembly: this.#namespace(),
      TextDecoder: this.lifting.TextDecoder,
      lift: (bytes: number) => this.lifting.take(bytes),
    })
  }

  get memoryPeakBytes(): number {
    this.#measure()
    return this.#memoryPeakBytes
  }

  get broken(): { readonly cause: unknown } | undefined {
    return this.#broken
  }

  /** Fuel left of what was handed out. */
  fuelLeft(): number {
    return Math.max(this.#fuel.value, 0)
  }

  /** Whether its memories are nearly as large as they may be. */
  get isFull(): boolean {
    const { memoryBytes } = this.#options.limits
    return this.memoryPeakBytes > memoryBytes - Math.min(memoryBytes / 8, 1 << 20)
  }

  /** From here on its code ends at the next charge, and its imports refuse. */
  close(): void {
    this.#closed = true
    this.#fuel.value = STOPPED
  }

  instantiateCore({ module, memory }: CoreToInstantiate, imports: WebAssembly.Imports = {}): { readonly exports: WebAssembly.Exports } {
    const { halt } = this.#options
    this.#check()
    const linked = Object.create(null) as WebAssembly.Imports
    for (const name of Object.keys(imports)) linked[name] = this.#link(imports[name]!)
    const own = Object.create(null) as WebAssembly.ModuleImports
    own['fuel'] = this.#fuel
    own['refill'] = this.#refill
    this.#charge(MODULE_FUEL)
    if (memory !== undefined) own['memory'] = this.#makeMemory(memory)
    linked['glovebox'] = own
    const { exports } = new WebAssembly.Instance(module, linked)
    const visible = Object.create(null) as WebAssembly.Exports
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value === 'function') this.#guests.add(value)
      if (name.startsWith(TABLE)) this.#tables.push(value as WebAssembly.Table)
      else visible[name] = value
    }
    if (!this.#measure()) halt.check()
    return { exports: visible }
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

  #makeMemory({ initialPages, maxPages = PAGE_BYTES }: NonNullable<CoreToInstantiate['memory']>): WebAssembly.Memory {
    const { halt, limits } = this.#options
    const most = Math.floor(limits.memoryBytes / PAGE_BYTES)
    const bytes = initialPages * PAGE_BYTES + this.#memories.reduce((sum, { buffer }) => sum + buffer.byteLength, 0)
    if (bytes > limits.memoryBytes) {
      halt.raise('memory', `The component starts with ${bytes} bytes of memory where ${limits.memoryBytes} are the most; raise limits.memoryBytes`)
    }
    this.#charge(initialPages * PAGE_FUEL)
    try {
      const memory = new WebAssembly.Memory({ initial: initialPages, maximum: Math.min(maxPages, most) })
      this.#memories.push(memory)
      return memory
    } catch (cause) {
      throw new GloveboxError('no-isolate', 'Cannot make another isolate: the host has no memory or address space left; run fewer calls at once', { cause })
    }
  }

  /** The next slice of fuel, unless the guest must stop. */
  #next(): number {
    if (this.#closed || !this.#measure()) return -1
    return this.#options.fuel.refill()
  }

  /** As `next`, after the host had its turn. */
  #turn(): number | Promise<number> {
    if (this.#closed || !this.#measure()) return -1
    // An import that can suspend does, whatever it returns: what comes next is behind the entry's return.
    return Promise.resolve(this.#options.fuel.turn()).then((units) => {
      if (this.#closed) return -1
      this.#allow(1)
      return units
    })
  }

  /** Each memory is bounded by the engine; their sum, and tables, are looked at whenever fuel is asked for. */
  #measure(): boolean {
    const { halt, limits } = this.#options
    let bytes = 0
    for (const { buffer } of this.#memories) bytes += buffer.byteLength
    if (bytes > this.#memoryPeakBytes) this.#memoryPeakBytes = bytes
    if (bytes > limits.memoryBytes) {
      halt.set('memory', `The component's memories came to ${bytes} bytes where ${limits.memoryBytes} are the most; raise limits.memoryBytes`)
      return false
    }
    let elements = 0
    for (const { length } of this.#tables) elements += length
    if (elements > limits.tableElements) {
      halt.set('memory', `The component's tables came to ${elements} elements where ${limits.tableElements} are the most; raise limits.tableElements`)
      return false
    }
    return true
  }

  #check(): void {
    this.#options.halt.check()
    // A late continuation of a call that has ended: nothing of it may have an effect.
    if (this.#closed) this.#options.halt.raise('aborted', 'The call has ended')
  }

  #allow(may: 0 | 1): void {
    if (this.#may !== undefined) this.#may.value = may
  }

  #link(functions: WebAssembly.ModuleImports): WebAssembly.ModuleImports {
    const linked = Object.create(null) as WebAssembly.ModuleImports
    for (const name of Object.keys(functions)) {
      const value = functions[name]!
      if (value instanceof LazyGlobal) linked[name] = value.linked
      else linked[name] = typeof value === 'function' && !this.#guests.has(value) ? (this.#guard(value as Callable) as never) : value
    }
    return linked
  }

  /** A function of the host as guests call it: while it runs, calls back into a guest cannot be suspended. */
  #guard(fn: Callable): Callable {
    const may = this.#may
    return (...args) => {
      this.#check()
      const before = may === undefined ? 0 : may.value
      if (before !== 0) may!.value = 0
      this.lifting.begin()
      try {
        return fn(...args)
      } catch (error) {
        this.#broken ??= { cause: error }
        throw error
      } finally {
        this.lifting.begin()
        if (before !== 0) may!.value = before
      }
    }
  }

  /** The glue's `WebAssembly`. */
  #namespace(): Readonly<Record<string, unknown>> {
    const { RuntimeError } = WebAssembly
    const namespace = Object.assign(Object.create(null) as Record<string, unknown>, { Global: LazyGlobal, RuntimeError, promising: (fn: Callable) => this.#promising(fn) })
    const guardSuspending = (fn: Callable): unknown => this.#suspending(fn)
    namespace['Suspending'] = function Suspending(fn: Callable) {
      return guardSuspending(fn)
    }
    return Object.freeze(namespace)
  }

  /** An entry that can be suspended: what it calls may be, as long as no function of the host stands in between. */
  #promising(fn: Callable): Callable {
    const { switchModule } = this.#options
    const jspi = switchModule?.jspi ?? (WebAssembly as unknown as SwitchModule['jspi'])
    const entry = jspi.promising(fn)
    const left = (): void => this.#allow(0)
    return (...args) => {
      this.#allow(1)
      const result = entry(...args)
      this.#allow(0)
      // Registered first: whoever goes on after the guest finds the switch off.
      result.then(left, left)
      return result
    }
  }

  /** An import that can wait: while it does, others run and the deadline is looked after. */
  #suspending(fn: Callable): unknown {
    const { Suspending } = WebAssembly as unknown as SwitchModule['jspi']
    const { fuel } = this.#options
    return new Suspending((...args: never[]) => {
      this.#check()
      this.#allow(0)
      this.lifting.begin()
      const back = (): void => {
        this.lifting.begin()
        fuel.startTurn()
        this.#allow(1)
      }
      let answer: unknown
      try {
        answer = fn(...args)
      } catch (error) {
        this.#broken ??= { cause: error }
        back()
        throw error
      }
      // An import that can suspend does, whatever it returns: even an answer at hand comes behind the entry's return.
      if (!isPromise(answer)) {
        return Promise.resolve(answer).then((value) => {
          back()
          return value
        })
      }
      fuel.pause()
      const unwatch = fuel.watch()
      return answer.then(
        (value) => {
          unwatch()
          this.#check()
          back()
          return value
        },
        (error: unknown) => {
          unwatch()
          this.#broken ??= { cause: error }
          back()
          throw error
        },
      )
    })
  }
}

function isPromise(value: unknown): value is Promise<unknown> {
  return value instanceof Promise
}
