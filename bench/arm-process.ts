import type { SpotFailure } from './arm.js'
import type { BenchChild, Children } from './children.js'
import { type Entrant, firstLine } from './measure.js'
import type { ArmRequest, FromArm, ToArm } from './messages.js'
import { SERVE_ARM } from './serve-arm.js'
import { isCold, spotsOf } from './spots.js'
import type { At, Contender, SampledCase } from './suite.js'

/** How long an arm may take to get ready for one point, or for one burst. */
const PATIENCE_MS = 120_000

export interface ArmProcess extends Entrant, Disposable {
  readonly failures: readonly SpotFailure[]
}

export interface ArmProcessOptions {
  readonly children: Children
  /** Points to be sampled. @default all */
  readonly at?: readonly At[]
}

/**
 * Starts a process for one contender in one case and waits until it is proven and warm.
 * A process each, because contenders freeze intrinsics, abort, and leave garbage that others must not pay for.
 * A point that takes the process down is left out, and another process goes on with the others.
 * Rejects with the reason when nothing can be measured. The caller disposes it.
 */
export async function startArmProcess(contender: Contender, of: SampledCase, { children, at }: ArmProcessOptions): Promise<ArmProcess> {
  if (isCold(of)) return coldArm(contender, of, children)
  let wanted: readonly At[] | undefined = of.kind === 'latency' ? undefined : (at ?? spotsOf(of).map((spot) => spot.at!))
  const failures: SpotFailure[] = []
  const begin = async (): Promise<BenchChild<FromArm>> => {
    for (;;) {
      const child = startArm(children, contender, of, wanted)
      let point: At | undefined
      try {
        for (;;) {
          const message = await child.next(PATIENCE_MS)
          if (message.type === 'preparing') point = message.at
          else if (message.type === 'ready') {
            failures.push(...message.failures)
            return child
          } else throw new Error(message.type === 'failed' ? message.reason : 'answered before it was ready')
        }
      } catch (error) {
        child[Symbol.dispose]()
        if (point === undefined) throw error
        failures.push({ at: point, reason: firstLine(error) })
        wanted = wanted?.filter((each) => each !== point)
        if (wanted?.length === 0) throw error
      }
    }
  }
  let child: BenchChild<FromArm> | undefined = await begin()
  return {
    name: contender.name,
    failures,
    async burst(spot) {
      if (child === undefined && spot !== undefined) child = await begin()
      if (child === undefined) throw new Error('ended between two bursts')
      const answer = await burst(child, spot).catch((error: unknown) => {
        // Whether it ended or hangs: another process takes the other points.
        child![Symbol.dispose]()
        child = undefined
        wanted = wanted?.filter((each) => each !== spot)
        throw error
      })
      if ('failure' in answer) throw new Error(answer.failure)
      return answer.samples
    },
    [Symbol.dispose]: () => child?.[Symbol.dispose](),
  }
}

/** A process for each sample. */
function coldArm(contender: Contender, of: SampledCase, children: Children): ArmProcess {
  return {
    name: contender.name,
    failures: [],
    async burst(at) {
      const samples: number[] = []
      const { pace } = spotsOf(of).find((spot) => spot.at === at)!
      for (let i = 0; i < pace[contender.pace].burst; i++) {
        using child = startArm(children, contender, of, at === undefined ? undefined : [at])
        const first = await child.next(PATIENCE_MS)
        if (first.type !== 'ready') throw new Error(first.type === 'failed' ? first.reason : 'answered before it was ready')
        const answer = await burst(child, at)
        if ('failure' in answer) throw new Error(answer.failure)
        samples.push(...answer.samples)
      }
      return samples
    },
    [Symbol.dispose]() {},
  }
}

function startArm(children: Children, contender: Contender, of: SampledCase, at: readonly At[] | undefined): BenchChild<FromArm> {
  const request = (folder: string): ArmRequest => ({ case: of.name, contender: contender.name, folder, ...(at === undefined ? {} : { at }) })
  const nodeFlags = [...(contender.nodeFlags ?? []), ...(of.quantity === 'memory' ? ['--expose-gc'] : [])]
  return children.start<FromArm>({ role: SERVE_ARM, request, nodeFlags })
}

/** Rejects when there is no answer. */
async function burst(child: BenchChild<FromArm>, at: At | undefined): Promise<{ readonly samples: readonly number[] } | { readonly failure: string }> {
  if (!child.connected) throw new Error('ended between two bursts')
  child.send({ type: 'burst', ...(at === undefined ? {} : { at }) } satisfies ToArm)
  const message = await child.next(PATIENCE_MS)
  if (message.type === 'samples') return message
  if (message.type === 'failed') return { failure: message.reason }
  throw new Error('got ready twice')
}
