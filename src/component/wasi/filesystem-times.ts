import type { Identity, Stat, Times } from '../../../capabilities/fs/dir.js'
import { toDatetime } from './clocks-datetime.js'
import type { Datetime } from './clocks-datetime.js'
import { fail } from './filesystem-errors.js'

/** `wasi:filesystem/types` `new-timestamp`. */
export type NewTimestamp = { readonly tag: 'no-change' } | { readonly tag: 'now' } | { readonly tag: 'timestamp'; readonly val: Datetime }

/** An instant a guest chose, to the nanosecond, and what is left of it in milliseconds. */
interface Exact {
  readonly ms: number
  readonly val: Datetime
}

/** Times to set: what directories keep of them, and what they cannot. */
export interface NewTimes extends Times {
  readonly accessed: Exact | undefined
  readonly modified: Exact | undefined
}

/** Latest instant that a `Date` can hold. */
const MOST_MS = 8.64e15
/** Nodes whose nanoseconds are kept in mind. */
const REMEMBERED = 10_000

/**
 * Directories keep milliseconds, guests may set nanoseconds and compare: what one call chose is shown to it as it was,
 * as long as the node still has that time.
 */
export class ChosenTimes {
  readonly #chosen = new Map<Identity, { readonly accessed: Exact | undefined; readonly modified: Exact | undefined }>()

  /** Whether any node's times are known better than its directory keeps them. */
  get any(): boolean {
    return this.#chosen.size > 0
  }

  note(identity: Identity, { accessed, modified }: NewTimes): void {
    const known = this.#chosen.get(identity)
    if (!accessed && !modified && !known) return
    if (this.#chosen.size >= REMEMBERED) this.#chosen.clear()
    this.#chosen.set(identity, { accessed: accessed ?? known?.accessed, modified: modified ?? known?.modified })
  }

  show(identity: Identity | undefined, { accessedMs, modifiedMs }: Stat): { readonly accessed: Datetime; readonly modified: Datetime } {
    const chosen = identity === undefined ? undefined : this.#chosen.get(identity)
    return { accessed: toExact(chosen?.accessed, accessedMs), modified: toExact(chosen?.modified, modifiedMs) }
  }
}

function toExact(chosen: Exact | undefined, ms: number): Datetime {
  return chosen?.ms === ms ? chosen.val : toDatetime(ms)
}

export function toNewTimes(accessed: NewTimestamp, modified: NewTimestamp, now: () => number): NewTimes {
  const accessedMs = toMs(accessed, now)
  const modifiedMs = toMs(modified, now)
  return {
    ...(accessedMs === undefined ? {} : { accessedMs }),
    ...(modifiedMs === undefined ? {} : { modifiedMs }),
    accessed: beyondMs(accessed, accessedMs),
    modified: beyondMs(modified, modifiedMs),
  }
}

function toMs(timestamp: NewTimestamp, now: () => number): number | undefined {
  if (timestamp.tag === 'no-change') return undefined
  if (timestamp.tag === 'now') return now()
  const { seconds, nanoseconds } = timestamp.val
  if (nanoseconds >= 1e9) throw fail('invalid')
  const ms = Number(seconds) * 1000 + nanoseconds / 1e6
  if (ms > MOST_MS) throw fail('overflow')
  return ms
}

function beyondMs(timestamp: NewTimestamp, ms: number | undefined): Exact | undefined {
  return timestamp.tag === 'timestamp' && ms !== undefined && timestamp.val.nanoseconds % 1e6 !== 0 ? { ms, val: timestamp.val } : undefined
}
