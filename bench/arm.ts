import { expectValue } from './answers.js'
import { withOrigin } from './host.js'
import { firstLine } from './measure.js'
import { sampleMemory, sampleTime } from './sample.js'
import { type Spot, isCold, spotsOf } from './spots.js'
import type { At, Case, Clock, Contender, Evaluate, HostFunctions, SampledCase } from './suite.js'

/** One contender in one case, in the process that does the work. */
export interface Arm {
  /** Points at which it answered wrong or failed while it was proven or warmed up; they are not to be sampled. */
  readonly failures: readonly SpotFailure[]
  /** Samples of the burst of one point, in the unit of the case. */
  burst(at?: At): Promise<number[]>
}

export interface SpotFailure {
  readonly at?: At
  readonly reason: string
}

export interface ArmOptions {
  readonly now: Clock
  readonly host: HostFunctions
  /** Points to get ready for. @default all */
  readonly at?: readonly At[]
  /** Told before each point is proven and warmed up, which may take the process down. */
  readonly onPoint?: (at: At) => void
}

/** Opens a contender, proves that it answers right, and warms it up. Rejects when it does not take part or is wrong. */
export async function openArm(contender: Contender, of: SampledCase, options: ArmOptions): Promise<Arm> {
  const { now, host } = options
  const spots = spotsOf(of).filter(({ at }) => at === undefined || options.at === undefined || options.at.includes(at))
  if (isCold(of)) return openCold(contender, of, spots, options)
  const evaluate = await openWay(contender, of, host)
  await prove(evaluate, contender, of)
  const failures: SpotFailure[] = []
  for (const spot of spots) {
    if (spot.at !== undefined) options.onPoint?.(spot.at)
    try {
      for (let i = 0; i < spot.pace[contender.pace].warmUp; i++) await sampleTime(evaluate, spot, of, now)
    } catch (error) {
      if (spot.at === undefined) throw error
      failures.push({ at: spot.at, reason: firstLine(error) })
    }
  }
  return {
    failures,
    async burst(at) {
      const spot = find(spots, at)
      await sampleTime(evaluate, spot, of, now)
      const samples: number[] = []
      for (let i = 0; i < spot.pace[contender.pace].burst; i++) samples.push(await sampleTime(evaluate, spot, of, now))
      return samples
    },
  }
}

/** Takes the one sample that a process can give; the proofs come after it, and a wrong answer takes it back. */
function openCold(contender: Contender, of: SampledCase, spots: readonly Spot[], { now, host }: ArmOptions): Arm {
  return {
    failures: [],
    async burst(at) {
      const spot = find(spots, at)
      const began = now()
      const evaluate = await openWay(contender, of, host)
      const opened = now()
      let sample = opened - began
      if (of.quantity === 'memory') {
        await prove(evaluate, contender, of)
        sample = await sampleMemory(evaluate, spot, spot.pace[contender.pace].warmUp)
      } else if (of.span === 'opening and evaluation') {
        const value = await evaluate(spot.program, spot.given ?? {})
        sample = (now() - began) / spot.operations
        expectValue(value, spot.expected, spot.program)
      }
      if (of.quantity !== 'memory') await prove(evaluate, contender, of)
      return [sample]
    },
  }
}

/** Opens the way a case needs. The programs it is handed have their origin. */
export async function openWay(contender: Contender, of: Case, host: HostFunctions): Promise<Evaluate> {
  const open = contender.open[of.opens]
  if (open === undefined) throw new Error(`${contender.name} does not take part in ${of.name}`)
  const evaluate = await open(host)
  return of.serves === undefined ? evaluate : (program, given) => evaluate(withOrigin(program, host), given)
}

/** Rejects on the first proof that is answered wrong. */
export async function prove(evaluate: Evaluate, contender: Contender, of: Case): Promise<void> {
  for (const { program, expected, given = {}, of: asked } of of.proofs) {
    if (asked === undefined || asked === contender.arm) expectValue(await evaluate(program, given), expected, program)
  }
}

function find(spots: readonly Spot[], at: At | undefined): Spot {
  const spot = spots.find((each) => each.at === at)
  if (spot === undefined) throw new Error(`There is no point at ${at}`)
  return spot
}
