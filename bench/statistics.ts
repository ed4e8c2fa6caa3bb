/**
 * The percentile by nearest rank: always one of the samples. `undefined` when there are too few of them to say:
 * none for the median, fewer than 20 for the 95th, fewer than 100 for the 99th.
 */
export function percentile(samples: readonly number[], percent: number): number | undefined {
  if (samples.length === 0 || (percent > 50 && samples.length * (100 - percent) < 100)) return undefined
  return rank([...samples].sort((a, b) => a - b), percent)
}

/** Of samples that are sorted already. */
function rank(sorted: readonly number[], percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)]!
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

/** The median of however few samples. */
export function median(samples: readonly number[]): number {
  return rank([...samples].sort((a, b) => a - b), 50)
}

export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Samples of one contender, those of a round together. */
export type Rounds = readonly (readonly number[])[]

const RESAMPLES = 2000
const TAIL_PERCENT = 0.5

/**
 * The 99 % interval of the ratio of the medians `b / a`, by bootstrap over whole rounds: samples of one round resemble
 * each other, and taken for independent they would promise too much. The same samples always give the same interval.
 * Source: Davison and Hinkley, Bootstrap Methods and their Application, 1997, sections 2.4 and 3.8.
 */
export function ratioInterval(a: Rounds, b: Rounds): Interval {
  const random = sequence(1)
  const [medianOfA, medianOfB] = [resampler(a, random), resampler(b, random)]
  const ratios = Array.from({ length: RESAMPLES }, () => medianOfB() / medianOfA()).sort((x, y) => x - y)
  return { low: rank(ratios, TAIL_PERCENT), high: rank(ratios, 100 - TAIL_PERCENT) }
}

/** Gives the median of as many rounds as there are, drawn anew each time; samples are sorted once. */
function resampler(rounds: Rounds, random: () => number): () => number {
  const samples = rounds.flatMap((round, index) => round.map((value) => ({ value, index }))).sort((x, y) => x.value - y.value)
  const roundOf = Uint32Array.from(samples, ({ index }) => index)
  const drawn = new Uint32Array(rounds.length)
  return () => {
    drawn.fill(0)
    let total = 0
    for (let i = 0; i < rounds.length; i++) {
      const round = Math.floor(random() * rounds.length)
      drawn[round]!++
      total += rounds[round]!.length
    }
    let left = Math.ceil(total / 2)
    let i = 0
    while ((left -= drawn[roundOf[i]!]!) > 0) i++
    return samples[i]!.value
  }
}

/** Numbers from 0 up to 1 that look random and are always the same (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
