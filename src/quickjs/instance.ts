import { createSwitch } from '../switch.js'
import type { EngineExports, Ptr } from './abi.js'
import { IsolateMemory } from './memory.js'
import { type TurnModules, type Turns, plainTurns, suspendingTurns } from './turns.js'

export const PAGE_BYTES = 65_536

/** What an instance's imports do; filled anew for each call, so that nothing outlives it. */
export interface Link {
  /** `name` is the address of the one-byte name a crossing was registered under. */
  hostCall(name: number, argc: number, argv: number): Ptr
  /** Takes ownership of both values. */
  promiseRejection(promise: Ptr, reason: Ptr, handled: boolean): void
  resolveModule(importer: number, specifier: number): number
  loadModule(name: number, outLength: number): number
  /** Milliseconds since the epoch. */
  now(): number
  utcOffsetSeconds(epochSeconds: number): number
  random(length: number): Uint8Array
  write(descriptor: number, bytes: Uint8Array): void
  refill(): number
  /** As `refill`, where the guest may be suspended until the host has had its turn. */
  turn(): number | Promise<number>
}

const ERRNO_SUCCESS = 0
const ERRNO_BADF = 8
const ERRNO_NOSYS = 52
const CLOCK_MONOTONIC = 1

export interface Instance {
  readonly exports: EngineExports
  readonly memory: WebAssembly.Memory
  /** Reads and writes in it; kept with the instance, for views of memory are dear to make. */
  readonly access: IsolateMemory
  /** The entries through which guest code runs. */
  readonly turns: Turns
  /** Replaced by whoever holds the instance for a call. */
  link: Link
}

export interface InstanceOptions {
  readonly initialPages: number
  readonly maxPages: number
  readonly link: Link
  /** Absent where guests keep their thread. */
  readonly turnModules: TurnModules | undefined
}

/**
 * Instantiates the engine module with a memory of at most `maxPages`.
 * The import set is closed: every row is written out, the objects have no prototype.
 */
export function instantiate(module: WebAssembly.Module, options: InstanceOptions): Instance {
  const memory = new WebAssembly.Memory({ initial: options.initialPages, maximum: options.maxPages })
  const bytes = (): Uint8Array => new Uint8Array(memory.buffer)
  const view = (): DataView => new DataView(memory.buffer)
  const held = { link: options.link, turns: undefined as Turns | undefined }
  const { turnModules } = options
  const plain = (): number => held.link.refill()
  const gate = turnModules === undefined ? undefined : createSwitch(turnModules.switch, { plain, turn: () => held.link.turn() })
  // Host code that may call back into the guest.
  const serve = <T>(work: () => T): T => (held.turns === undefined ? work() : held.turns.inHost(work))
  const imports = toImports({
    glovebox: { memory, refill: gate?.refill ?? plain },
    env: {
      host_call: (name: number, _length: number, _self: number, argc: number, argv: number) =>
        serve(() => held.link.hostCall(name, argc, argv)),
      // Fuel does what an interrupt handler would, also inside native loops; the engine never has to ask.
      host_interrupt: () => 0,
      host_promise_rejection: (promise: number, reason: number, handled: number) =>
        serve(() => held.link.promiseRejection(promise, reason, handled !== 0)),
      host_module_normalize: (importer: number, specifier: number) => serve(() => held.link.resolveModule(importer, specifier)),
      host_module_load: (name: number, outLength: number) => serve(() => held.link.loadModule(name, outLength)),
      host_get_timezone_offset: (high: number, low: number) => held.link.utcOffsetSeconds(high * 4_294_967_296 + (low >>> 0)),
    },
    wasi_snapshot_preview1: {
      clock_time_get: (clock: number, _precision: bigint, out: number) => {
        if (clock > CLOCK_MONOTONIC) return ERRNO_NOSYS
        view().setBigUint64(out, BigInt(Math.round(held.link.now() * 1000)) * 1000n, true)
        return ERRNO_SUCCESS
      },
      fd_write: (descriptor: number, vectors: number, count: number, outWritten: number) => {
        if (descriptor !== 1 && descriptor !== 2) return ERRNO_BADF
        let written = 0
        for (let i = 0; i < count; i++) {
          const pointer = view().getUint32(vectors + i * 8, true)
          const length = view().getUint32(vectors + i * 8 + 4, true)
          held.link.write(descriptor, bytes().slice(pointer, pointer + length))
          written += length
        }
        view().setUint32(outWritten, written, true)
        return ERRNO_SUCCESS
      },
      fd_close: () => ERRNO_NOSYS,
      fd_fdstat_get: () => ERRNO_BADF,
      fd_seek: () => ERRNO_NOSYS,
      random_get: (pointer: number, length: number) => {
        bytes().set(held.link.random(length), pointer)
        return ERRNO_SUCCESS
      },
    },
  })
  const exports = new WebAssembly.Instance(module, imports).exports as unknown as EngineExports
  const turns = turnModules === undefined || gate === undefined ? plainTurns(exports) : suspendingTurns(turnModules, exports, gate)
  return Object.assign(held, { turns, exports, memory, access: new IsolateMemory(exports) })
}

function toImports(rows: Record<string, Record<string, unknown>>): WebAssembly.Imports {
  const imports = Object.create(null) as WebAssembly.Imports
  for (const module of Object.keys(rows)) imports[module] = Object.assign(Object.create(null), rows[module])
  return imports
}
