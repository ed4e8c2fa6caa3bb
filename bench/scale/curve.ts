import type { At } from '../suite.js'

export type Glovebox = typeof import('../../src/index.js')

/** What a figure counts: a number of things, milliseconds, bytes, or how often a second. */
export type Unit = 'count' | 'time' | 'bytes' | 'rate'

export interface Column {
  readonly name: string
  readonly title: string
  readonly unit: Unit
}

export interface Row {
  readonly at: At
  /** By the column's name, in its unit. */
  readonly figures: Readonly<Record<string, number>>
}

/** One curve: what is measured at each of its points, each in a process of its own. */
export interface Curve {
  readonly name: string
  readonly about: string
  readonly axis: { readonly title: string; readonly unit: 'count' | 'bytes' }
  readonly points: { readonly full: readonly At[]; readonly quick: readonly At[] }
  readonly columns: readonly Column[]
  /** Memory that a point takes at least; where less is free it is not measured. */
  readonly needsBytes?: (at: At) => number
  /** Measures one point, or all up to it. Throws when an answer was wrong. */
  measure(glovebox: Glovebox, at: At): Promise<readonly Row[]>
}

/** Resident bytes once garbage is collected. */
export async function settledBytes(): Promise<number> {
  const { gc } = globalThis as { gc?: () => void }
  if (gc === undefined) throw new Error('start the process with --expose-gc')
  for (let i = 0; i < 3; i++) {
    gc()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return process.memoryUsage.rss()
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export function check(isRight: boolean, what: string): void {
  if (!isRight) throw new Error(`wrong: ${what}`)
}
