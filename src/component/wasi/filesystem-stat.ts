import type { NodeType, Stat } from '../../../capabilities/fs/dir.js'
import type { Datetime } from './clocks-datetime.js'

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

export function toDescriptorStat({ type, size, links }: Stat, times: { readonly accessed: Datetime; readonly modified: Datetime }): DescriptorStat {
  return {
    type: TYPES[type],
    linkCount: BigInt(links),
    size: BigInt(size),
    dataAccessTimestamp: times.accessed,
    dataModificationTimestamp: times.modified,
    statusChangeTimestamp: undefined,
  }
}
