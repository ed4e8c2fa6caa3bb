import { readFileSync, readdirSync } from 'node:fs'

/**
 * Bytes of memory a process and everything it started hold, where `/proc` tells (Linux).
 * `proportional` counts a page that several processes share once between them, which is what many of them cost.
 */
export function residentBytes(pid: number, how: 'resident' | 'proportional' = 'resident'): number | undefined {
  const own = how === 'resident' ? field(pid, 'status', 'VmRSS') : field(pid, 'smaps_rollup', 'Pss')
  if (own === undefined) return undefined
  return childrenOf(pid).reduce((sum, child) => sum + (residentBytes(child, how) ?? 0), own)
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter((each) => each !== '').map(Number))
  } catch {
    // It ended while it was looked at.
    return []
  }
}

function field(pid: number, file: 'status' | 'smaps_rollup', name: string): number | undefined {
  try {
    const kilobytes = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/${file}`, 'utf8'))?.[1]
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
  } catch {
    return undefined
  }
}
