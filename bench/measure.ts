import type { At } from './suite.js'

/** One contender in one case, ready to be sampled; it has been proven correct. */
export interface Entrant {
  readonly name: string
  /** Takes its samples of one round at one point, in the unit of the case. Rejects when it fails, and is not asked for that point again. */
  burst(at?: At): Promise<readonly number[]>
}

export interface SpotSamples {
  readonly at: At | undefined
  /** Those of each round. */
  readonly rounds: readonly (readonly number[])[]
  /** Why there are no samples. */
  readonly failure?: string
}

export interface Samples {
  readonly name: string
  readonly spots: readonly SpotSamples[]
}

export interface InterleaveOptions {
  readonly rounds: number
  /** @default one, without a place on any axis */
  readonly spots?: readonly (At | undefined)[]
  readonly onRound?: (round: number) => void
  /** Asked before every burst; when it is aborted, what has been taken is given. */
  readonly signal?: AbortSignal
}

/**
 * Samples all entrants in interleaved rounds, so that whatever else the machine does meets all of them alike.
 * Each round begins with another one. An entrant that fails at a point is left out of it from then on; its samples there are dropped.
 */
export async function interleave(entrants: readonly Entrant[], { rounds, spots = [undefined], onRound, signal }: InterleaveOptions): Promise<Samples[]> {
  const taken = entrants.map((entrant) => ({ entrant, spots: spots.map((at) => ({ at, rounds: [] as (readonly number[])[], failure: undefined as string | undefined })) }))
  for (let round = 0; round < rounds; round++) {
    onRound?.(round)
    for (let spot = 0; spot < spots.length; spot++) {
      for (let i = 0; i < entrants.length; i++) {
        if (isAborted(signal)) break
        const { entrant, spots: own } = taken[(round + i) % entrants.length]!
        const at = own[spot]!
        if (at.failure !== undefined) continue
        try {
          at.rounds.push(await entrant.burst(at.at))
        } catch (error) {
          if (!isAborted(signal)) at.failure = firstLine(error)
        }
      }
    }
  }
  return taken.map(({ entrant, spots: own }) => ({
    name: entrant.name,
    spots: own.map(({ at, rounds: those, failure }) => (failure === undefined ? { at, rounds: those } : { at, rounds: [], failure })),
  }))
}

/** Asked anew each time: it may be aborted while something is waited for. */
export function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true
}

/** What went wrong in one line, for a table. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n').find((line) => line.trim() !== '')?.trim() ?? 'failed without a word'
}
