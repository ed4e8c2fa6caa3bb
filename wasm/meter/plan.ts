import { toCallGraph, type CallGraph } from './calls.js'
import { Cut, cutCycles, uncharged, type Cuts } from './cycles.js'
import type { FuncType } from './declarations.js'
import type { Module } from './module.js'
import type { ResolvedOptions } from './options.js'
import { measure, toFuel, type Charges, type MeasureOptions } from './runs.js'
import { Step } from './trace.js'

/** Where a body takes fuel, and how much. */
export interface BodyPlan {
  /** On entry; 0 for nothing. */
  readonly entry: number
  /** At each loop's header, by ordinal. */
  readonly loops: readonly number[]
  /** At other places: offset, weight, in ascending order. */
  readonly places: readonly number[]
}

const UNCHARGED: BodyPlan = Object.freeze({ entry: 0, loops: [], places: [] })

export type PlanOptions = Pick<ResolvedOptions, 'imports' | 'code'>

type Call = Step.Call | Step.CallIndirect

/** Decides where fuel is taken: at all loops, on all cycles of calls, and in hostile code wherever a run gets long. */
export function plan(module: Module, options: PlanOptions): BodyPlan[] {
  const base = module.importedFunctions
  const graph = toCallGraph(module)
  const cuts = cutCycles(graph)
  const runs = new Float64Array(graph.callees.length)
  const leadsOut = toLeadsOut(module, graph, options)
  const nodeOf = (kind: Call, value: number): number =>
    kind === Step.Call ? value - base : (graph.throughTable.get((module.types[value] as FuncType).key) ?? -1)
  const runOf = (kind: Call, value: number): number => runs[nodeOf(kind, value)] ?? 1

  const measureBody = (index: number, scope: MeasureOptions['scope']): Charges => {
    const closing = cuts.kinds[index] === Cut.Calls ? cuts.edges.get(index) : undefined
    return measure(module, module.bodies[index] as Module['bodies'][number], {
      scope,
      code: options.code,
      costs: runOf,
      isCut: (kind, value, depth) =>
        leadsOut(kind, value) || (depth === 0 && closing !== undefined && closing.has(nodeOf(kind, value))),
    })
  }
  for (const node of calleesFirst(graph, cuts)) {
    if (node >= module.bodies.length) {
      runs[node] = (graph.callees[node] as number[]).reduce((most, to) => Math.max(most, runs[to] as number), 0)
    } else if (cuts.kinds[node] !== Cut.Entry) runs[node] = measureBody(node, 'outside-loops').entryRun
  }
  return module.bodies.map((_, index) => {
    const { entryRun, loops, places } = measureBody(index, 'whole')
    if (cuts.kinds[index] !== Cut.Entry && loops.length === 0 && places.length === 0) return UNCHARGED
    return { entry: cuts.kinds[index] === Cut.Entry ? toFuel(entryRun) : 0, loops, places }
  })
}

/**
 * Tells the calls that may end in another guest's module, which may call on or back in here: cycles that no single
 * module shows, so fuel is taken before each.
 */
function toLeadsOut(module: Module, graph: CallGraph, { imports }: PlanOptions): (kind: Call, value: number) => boolean {
  if (imports === 'host') return () => false
  const openTable = module.importedTables > 0 || module.exports.some(({ kind }) => kind === 1)
  return (kind, value) => {
    if (kind === Step.Call) return value < module.importedFunctions
    return openTable || graph.importedTargets.has((module.types[value] as FuncType).key)
  }
}

/** Nodes so that each comes after those it calls without a charge in between. */
function calleesFirst(graph: CallGraph, cuts: Cuts): Int32Array {
  const { callees } = graph
  const order = new Int32Array(callees.length)
  const seen = new Uint8Array(callees.length)
  let count = 0
  const stack: { readonly node: number; readonly next: Iterator<number> }[] = []
  const visit = (node: number): void => {
    seen[node] = 1
    stack.push({ node, next: uncharged(graph, cuts, node) })
  }
  for (let root = 0; root < callees.length; root += 1) {
    if (seen[root] === 0) visit(root)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const step = top.next.next()
      if (step.done === true) {
        order[count++] = top.node
        stack.pop()
      } else if (seen[step.value] === 0) visit(step.value)
    }
  }
  return order
}
