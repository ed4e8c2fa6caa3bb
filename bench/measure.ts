/** One contender in one case, ready to be sampled; it has been proven correct. */
export interface Entrant {
  readonly name: string
  /** Takes its samples of one round: milliseconds per operation. Rejects when it fails, and is not asked again. */
  burst(): Promise<readonly number[]>
}

export type Samples = { readonly name: string; readonly samples: readonly number[] } | { readonly name: string; readonly failure: string }

/**
 * Samples all entrants in interleaved rounds, so that whatever else the machine does meets all of them alike.
 * Each round begins with another one. An entrant that fails is left out of the further rounds; its samples are dropped.
 */
export async function interleave(entrants: readonly Entrant[], options: { readonly rounds: number; readonly onRound?: (round: number) => void }): Promise<Samples[]> {
  const samples = new Map<Entrant, number[]>(entrants.map((entrant) => [entrant, []]))
  const failures = new Map<Entrant, string>()
  for (let round = 0; round < options.rounds; round++) {
    options.onRound?.(round)
    for (let i = 0; i < entrants.length; i++) {
      const entrant = entrants[(round + i) % entrants.length]!
      if (failures.has(entrant)) continue
      try {
        for (const sample of await entrant.burst()) samples.get(entrant)!.push(sample)
      } catch (error) {
        failures.set(entrant, firstLine(error))
      }
    }
  }
  return entrants.map((entrant) => {
    const failure = failures.get(entrant)
    return failure === undefined ? { name: entrant.name, samples: samples.get(entrant)! } : { name: entrant.name, failure }
  })
}

/**
 * The percentile by nearest rank: always one of the samples. `undefined` when there are too few of them to say:
 * fewer than 2 for the median, 20 for the 95th, 100 for the 99th.
 */
export function percentile(samples: readonly number[], percent: number): number | undefined {
  if (samples.length * (100 - percent) < 100) return undefined
  const sorted = [...samples].sort((a, b) => a - b)
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1]
}

export interface Summary {
  readonly n: number
  readonly p50: number | undefined
  readonly p95: number | undefined
  readonly p99: number | undefined
  readonly mean: number
  readonly min: number
}

export function summarise(samples: readonly number[]): Summary {
  return {
    n: samples.length,
    p50: percentile(samples, 50),
    p95: percentile(samples, 95),
    p99: percentile(samples, 99),
    mean: samples.reduce((sum, sample) => sum + sample, 0) / samples.length,
    min: Math.min(...samples),
  }
}

/** What went wrong in one line, for a table. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n').find((line) => line.trim() !== '')?.trim() ?? 'failed without a word'
}
