import { toCallGraph, type CallGraph } from './calls.js'
import { Cut, cutCycles, uncharged, type Cuts } from './cycles.js'
import type { FuncType } from './declarations.js'
import type { Module } from './module.js'
import type { ResolvedOptions } from './options.js'
import { LONGEST_RUN, measure, toFuel, type CallCosts, type Charges } from './runs.js'
import { Step } from './trace.js'

export type PlanOptions = Pick<ResolvedOptions, 'imports' | 'code'>

/** Where a body takes fuel, and how much. */
export interface BodyPlan {
  /** On entry; 0 for nothing. */
  readonly entry: number
  /** At each loop's header, by ordinal. */
  readonly loops: readonly number[]
  /** At other places: offset, weight, in ascending order. */
  readonly places: readonly number[]
}

/** Decides where fuel is taken: at all loops, on all cycles of calls, and at least once in a bounded run. */
export function plan(module: Module, options: PlanOptions): BodyPlan[] {
  const graph = toCallGraph(module)
  const cuts = cutCycles(graph)
  const runs = new Float64Array(graph.callees.length)
  const costs = toCosts(module, graph, options, runs)
  const throughTable = (type: number): number | undefined => graph.throughTable.get((module.types[type] as FuncType).key)
  const base = module.importedFunctions
  const measureBody = (index: number, scope: 'outside-loops' | 'whole'): Charges => {
    const body = module.bodies[index] as Module['bodies'][number]
    const edges = cuts.kinds[index] === Cut.Calls ? cuts.edges.get(index) : undefined
    const isCut = (kind: Step, value: number): boolean =>
      edges !== undefined && edges.has(kind === Step.Call ? value - base : (throughTable(value) as number))
    return measure(module, body, { costs, isCut, scope, code: options.code })
  }
  for (const node of calleesFirst(graph, cuts)) {
    if (node >= module.bodies.length) {
      runs[node] = (graph.callees[node] as number[]).reduce((most, to) => Math.max(most, runs[to] as number), 0)
    } else if (cuts.kinds[node] !== Cut.Entry) runs[node] = measureBody(node, 'outside-loops').entryRun
  }
  return module.bodies.map((_, index) => {
    const { entryRun, loops, places } = measureBody(index, 'whole')
    return { entry: cuts.kinds[index] === Cut.Entry ? toFuel(entryRun) : 0, loops, places }
  })
}

/** What a call costs its caller: what the callee runs before it meets a charge of its own. */
function toCosts(module: Module, graph: CallGraph, options: PlanOptions, runs: Float64Array): CallCosts {
  const base = module.importedFunctions
  // A guest behind an import may call back in here or on to others: as much as a charge may stand for.
  const outside = options.imports === 'guests' ? LONGEST_RUN : 1
  const openTables =
    module.importedTables > 0 || module.exports.some(({ kind }) => kind === 1)
  return {
    call: (index) => (index < base ? outside : (runs[index - base] as number)),
    callIndirect: (type) => {
      const { key } = module.types[type] as FuncType
      const known = runs[graph.throughTable.get(key) as number] ?? 0
      return openTables || graph.importedTargets.has(key) ? Math.max(known, outside) : known
    },
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
    if (seen[root] !== 0) continue
    visit(root)
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
