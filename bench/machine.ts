import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import type { Clock } from './suite.js'

/** What was measured on: without it a number means nothing. */
export interface Machine {
  readonly node: string
  readonly v8: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  /** Averages over 1, 5 and 15 minutes when the run began. */
  readonly load: readonly [number, number, number]
  readonly clock: ClockResolution
}

export interface ClockResolution {
  /** Smallest step seen between two readings, in milliseconds. */
  readonly stepMs: number
  /** What a reading costs, in milliseconds. */
  readonly readMs: number
}

export function describeMachine(now: Clock): Machine {
  return {
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    load: readLoad(),
    clock: measureClock(now),
  }
}

export function readLoad(): [number, number, number] {
  const [one = 0, five = 0, fifteen = 0] = loadavg()
  return [one, five, fifteen]
}

/** Readings in a row; the smallest step that is not zero is as fine as the clock gets. */
export function measureClock(now: Clock, readings = 20_000): ClockResolution {
  let stepMs = Infinity
  const began = now()
  let last = began
  for (let i = 0; i < readings; i++) {
    const read = now()
    if (read > last && read - last < stepMs) stepMs = read - last
    last = read
  }
  return { stepMs, readMs: (last - began) / readings }
}
