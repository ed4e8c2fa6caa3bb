import type { RunOptions } from '../../src/index.js'
import { type Curve, check } from './curve.js'

const KiB = 1024
const MiB = 1024 * KiB
const ROUNDS = 15

const LIMITS = { resultBytes: 256 * MiB, memoryBytes: 512 * MiB, deadlineMs: 600_000 }

interface Way {
  readonly name: string
  readonly title: string
  /** A program and input that move so many bytes. */
  readonly of: (bytes: number) => { readonly source: string; readonly input?: unknown; readonly isRight: (value: unknown) => boolean }
}

/** About 64 bytes of JSON each. */
const toRows = (bytes: number): object[] => Array.from({ length: Math.max(1, Math.round(bytes / 64)) }, (_, i) => ({ id: i, name: `row ${i}`, score: i / 7, isNew: i % 2 === 0 }))
const lengthOf = (value: unknown): number | undefined => (value as { readonly length?: number } | null)?.length

const WAYS: readonly Way[] = [
  { name: 'textIn', title: 'text in', of: (bytes) => ({ source: 'return input.length', input: 'x'.repeat(bytes), isRight: (value) => value === bytes }) },
  { name: 'textOut', title: 'text out', of: (bytes) => ({ source: `return 'x'.repeat(${bytes})`, isRight: (value) => lengthOf(value) === bytes }) },
  { name: 'bytesIn', title: 'bytes in', of: (bytes) => ({ source: 'return input.length', input: new Uint8Array(bytes), isRight: (value) => value === bytes }) },
  { name: 'bytesOut', title: 'bytes out', of: (bytes) => ({ source: `return new Uint8Array(${bytes})`, isRight: (value) => value instanceof Uint8Array && value.length === bytes }) },
  {
    name: 'objectsIn', title: 'objects in',
    of: (bytes) => {
      const input = toRows(bytes)
      return { source: 'return input.length', input, isRight: (value) => value === input.length }
    },
  },
  {
    name: 'objectsOut', title: 'objects out',
    of: (bytes) => {
      const { length } = toRows(bytes)
      return { source: `return Array.from({ length: ${length} }, (_, i) => ({ id: i, name: 'row ' + i, score: i / 7, isNew: i % 2 === 0 }))`, isRight: (value) => lengthOf(value) === length }
    },
  },
]

export const sizes: Curve = {
  name: 'sizes',
  about: `median time of a whole call by what goes in or comes out, of ${ROUNDS}`,
  axis: { title: 'size', unit: 'bytes' },
  points: { full: [64, KiB, 16 * KiB, 64 * KiB, 256 * KiB, MiB, 4 * MiB, 16 * MiB], quick: [KiB, 64 * KiB, MiB] },
  columns: WAYS.map(({ name, title }) => ({ name, title, unit: 'time' })),
  needsBytes: (at) => 300_000_000 + Number(at) * 60,
  async measure({ createSandbox }, at) {
    await using sandbox = await createSandbox({ limits: LIMITS })
    const figures: Record<string, number> = {}
    for (const { name, of } of WAYS) {
      const { source, isRight, ...rest } = of(Number(at))
      const options: RunOptions = rest
      const times: number[] = []
      for (let round = 0; round < ROUNDS + 2; round++) {
        const began = performance.now()
        const result = await sandbox.run(source, options)
        // The first two find everything cold.
        if (round > 1) times.push(performance.now() - began)
        check(result.outcome === 'returned' && isRight(result.value), `${name} of ${at}: ${JSON.stringify(result).slice(0, 200)}`)
      }
      figures[name] = times.sort((a, b) => a - b)[ROUNDS >> 1]!
    }
    return [{ at, figures }]
  },
}
