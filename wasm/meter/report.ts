import type { Layout } from './layout.js'
import type { Module } from './module.js'
import type { BodyPlan } from './plan.js'

/** What was found in a module and what was made of it. */
export interface MeterReport {
  /** Proposals and traits that the module uses: `simd`, `reference-types`, `tail-calls`, `extended-const`, `segment-drop`. */
  readonly features: readonly string[]
  /** Functions with a body. */
  readonly functions: number
  /** Those that take fuel on entry. */
  readonly chargedFunctions: number
  /** Loops, each of which takes fuel at its header. */
  readonly loops: number
  /** Further places that take fuel: before calls that close a cycle, and in long runs. */
  readonly chargedPlaces: number
  readonly sizeBefore: number
  readonly sizeAfter: number
  /** The module's memory, its own or imported, with the maximum in force; in pages of 64 KiB. */
  readonly memory: { readonly initialPages: number; readonly maxPages: number | undefined } | undefined
  /** Whether that memory was the module's own and became an import, `glovebox.memory`. */
  readonly importsMemory: boolean
  /** Names under which mutable globals are exported, when `state` is `exported`. */
  readonly globals: readonly string[]
  /** Names under which tables are exported, when `state` is `exported`. */
  readonly tables: readonly string[]
  /** State that no host can put back; when there is any, an instance cannot be recycled. */
  readonly unrestorable: readonly string[]
}

export interface Metered {
  readonly bytes: Uint8Array
  readonly report: MeterReport
}

export function toReport(module: Module, plans: readonly BodyPlan[], layout: Layout, bytes: Uint8Array): MeterReport {
  const unrestorable = module.globals.flatMap(({ mutable, type }, index) => (mutable && type === 0x7b ? [`global ${index} is a v128`] : []))
  if (module.features.has('segment-drop')) unrestorable.push('segments may be dropped')
  const sum = (count: (planned: BodyPlan) => number): number => plans.reduce((total, planned) => total + count(planned), 0)
  return {
    features: [...module.features].sort(),
    functions: module.bodies.length,
    chargedFunctions: sum(({ entry }) => (entry > 0 ? 1 : 0)),
    loops: sum(({ loops }) => loops.length),
    chargedPlaces: sum(({ places }) => places.length / 2),
    sizeBefore: module.bytes.length,
    sizeAfter: bytes.length,
    importsMemory: layout.importsMemory,
    memory: layout.memory && { initialPages: layout.memory.min, maxPages: layout.memory.max },
    globals: layout.globals.map(({ name }) => name),
    tables: layout.tables.map(({ name }) => name),
    unrestorable,
  }
}
