import type { Body } from './body.js'
import type { Module } from './module.js'
import { Step, Trace } from './trace.js'

/** Instructions that a charge may stand for in hostile code before another is due at the next call. */
export const LONGEST_RUN = 4096
/** Instructions to a unit of fuel. */
const UNIT = 64
/** Beyond this a run of known code is not told apart from a longer one. */
const MOST = 1 << 20

/** Fuel for a run of `instructions`: never nothing. */
export const toFuel = (instructions: number): number => 1 + Math.floor(instructions / UNIT)

/** Where fuel is taken within a body. */
export interface Charges {
  /** Weight of each loop's charge, by ordinal. */
  readonly loops: readonly number[]
  /** Charges at other places: offset, weight, in ascending order. */
  readonly places: readonly number[]
  /** The run from the entry to the first charge. */
  readonly entryRun: number
}

interface Open {
  readonly loop: boolean
  /** The run behind the block's end. */
  readonly after: number
  /** The run from its `else`, if there is one. */
  other: number | undefined
}

export interface MeasureOptions {
  /** What a call costs its caller: what the callee runs before it meets a charge of its own. */
  readonly costs: (kind: Step.Call | Step.CallIndirect, value: number) => number
  /** Whether fuel is taken before a call whatever it costs: because it closes a cycle, or leads out of the module. */
  readonly isCut: (kind: Step.Call | Step.CallIndirect, value: number, depth: number) => boolean
  /** Whether to look into loops: without them only `entryRun` is right. */
  readonly scope: 'outside-loops' | 'whole'
  /** Where paths part, the longest run counts in `hostile` code and the mean in `known` code. */
  readonly code: 'hostile' | 'known'
}

/**
 * Walks a body from its end to its start, knowing at each place the run from there to the next charge.
 *
 * In hostile code it puts a charge before a call wherever the run would get too long, so that a charge stands for a
 * bounded amount of work whatever path is taken and however functions are chained: a chain of functions of which each
 * calls the next one twice has no cycle, and never ends all the same.
 */
export function measure(module: Module, body: Body, options: MeasureOptions): Charges {
  const { costs, isCut, scope, code } = options
  const { steps } = module.trace
  const open: Open[] = []
  const loops: number[] = []
  const places: number[] = []
  const join = (run: number, other: number, ways: number): number =>
    code === 'hostile' ? Math.max(run, other) : run + (other - run) / ways
  let depth = 0
  let run = 0
  /** Ways that have joined at the branch instruction at hand. */
  let ways = 1
  for (let at = body.traceEnd - Trace.stride; at >= body.traceStart; at -= Trace.stride) {
    const kind = steps[at] as Step
    const value = steps[at + 1] as number
    const before = steps[at + 2] as number
    if (scope === 'outside-loops' && depth > 0 && kind > Step.End) continue
    switch (kind) {
      case Step.End:
        open.push({ loop: value === 1, after: run, other: undefined })
        if (value === 1) depth += 1
        break
      case Step.Block:
        open.pop()
        break
      case Step.If: {
        const block = open.pop() as Open
        run = join(run, block.other ?? block.after, 2)
        break
      }
      case Step.Else: {
        const block = open.at(-1) as Open
        block.other = run
        run = block.after
        break
      }
      case Step.Loop:
        open.pop()
        depth -= 1
        loops[value] = toFuel(run)
        run = 0
        break
      case Step.Branch:
      case Step.BranchIf: {
        const block = open[open.length - 1 - value]
        const there = block === undefined || block.loop ? 0 : block.after
        ways = kind === Step.Branch ? 1 : ways + 1
        run = kind === Step.Branch ? there : join(run, there, ways)
        if (before > 0) ways = 1
        break
      }
      case Step.Leave:
        run = 0
        break
      default:
        run += costs(kind, value)
        if ((code === 'hostile' && run > LONGEST_RUN) || isCut(kind, value, depth)) {
          places.push(toFuel(run), steps[at + 3] as number)
          run = 0
        }
    }
    run = Math.min(run + before, code === 'hostile' ? Infinity : MOST)
  }
  return { loops, places: places.reverse(), entryRun: run }
}
