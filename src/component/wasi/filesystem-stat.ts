import type { NodeType, Stat, Times } from '../../../capabilities/fs/dir.js'
import { toDatetime } from './clocks-datetime.js'
import type { Datetime } from './clocks-datetime.js'
import { fail } from './filesystem-errors.js'

export type DescriptorType = 'regular-file' | 'directory' | 'symbolic-link'

export const TYPES: Readonly<Record<NodeType, DescriptorType>> = Object.freeze({
  file: 'regular-file', directory: 'directory', symlink: 'symbolic-link',
})

/** `wasi:filesystem/types` `descriptor-stat`. When a status changed is not kept: only the host would know. */
export interface DescriptorStat {
  readonly type: DescriptorType
  readonly linkCount: bigint
  readonly size: bigint
  readonly dataAccessTimestamp: Datetime
  readonly dataModificationTimestamp: Datetime
  readonly statusChangeTimestamp: undefined
}

export function toDescriptorStat({ type, size, links, accessedMs, modifiedMs }: Stat): DescriptorStat {
  return {
    type: TYPES[type],
    linkCount: BigInt(links),
    size: BigInt(size),
    dataAccessTimestamp: toDatetime(accessedMs),
    dataModificationTimestamp: toDatetime(modifiedMs),
    statusChangeTimestamp: undefined,
  }
}

/** `wasi:filesystem/types` `new-timestamp`. */
export type NewTimestamp = { readonly tag: 'no-change' } | { readonly tag: 'now' } | { readonly tag: 'timestamp'; readonly val: Datetime }

/** Latest instant that a `Date` can hold. */
const MOST_MS = 8.64e15

export function toTimes(accessed: NewTimestamp, modified: NewTimestamp, now: () => number): Times {
  const accessedMs = toMs(accessed, now)
  const modifiedMs = toMs(modified, now)
  return { ...(accessedMs === undefined ? {} : { accessedMs }), ...(modifiedMs === undefined ? {} : { modifiedMs }) }
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
