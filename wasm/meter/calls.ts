import type { Body } from './body.js'
import type { FuncType } from './declarations.js'
import type { Module } from './module.js'
import { Step, Trace } from './trace.js'

const NONE: readonly number[] = Object.freeze([])

/** How much more often the inside of a loop runs than the code around it, as far as a guess can tell. */
const LOOP_HEAT = 8

/**
 * Who may call whom without passing a loop header, which takes fuel anyhow.
 * Nodes are the bodies, then one for every type that is called through a table.
 */
export interface CallGraph {
  /** Distinct callees of each node. */
  readonly callees: readonly (readonly number[])[]
  /** How often, of one run of the body, each of `callees` is called: a guess from the shape of the code. */
  readonly shares: readonly (readonly number[])[]
  /** How often each body is called, from all call sites: a guess. */
  readonly heat: Float64Array
  /** The node a function type is called through. */
  readonly throughTable: ReadonlyMap<string, number>
  /** Type keys whose table calls can end in an imported function. */
  readonly importedTargets: ReadonlySet<string>
}

export function toCallGraph(module: Module): CallGraph {
  const { importedFunctions: base, types } = module
  const callees: (readonly number[])[] = module.bodies.map(() => NONE)
  const shares: (readonly number[])[] = module.bodies.map(() => NONE)
  /** Functions behind each node of a type. */
  const targets = new Map<number, number[]>()
  const heat = new Float64Array(module.bodies.length)
  const throughTable = new Map<string, number>()
  const nodeOf = (type: number): number => {
    const { key } = types[type] as FuncType
    let node = throughTable.get(key)
    if (node === undefined) {
      const behind: number[] = []
      node = callees.push(behind) - 1
      targets.set(node, behind)
      throughTable.set(key, node)
    }
    return node
  }
  module.bodies.forEach((body, index) => {
    const found = new Map<number, number>()
    eachCall(module, body, (kind, value, share, inLoop) => {
      if (kind === Step.Call && value < base) return
      const node = kind === Step.Call ? value - base : nodeOf(value)
      if (kind === Step.Call) heat[node] = (heat[node] as number) + share * (inLoop ? LOOP_HEAT : 1)
      if (!inLoop) found.set(node, (found.get(node) ?? 0) + share)
    })
    if (found.size === 0) return
    callees[index] = [...found.keys()]
    shares[index] = [...found.values()]
  })
  const importedTargets = new Set<string>()
  for (const index of reachableByReference(module)) {
    const { key } = types[module.functions[index] as number] as FuncType
    const node = throughTable.get(key)
    if (index < base) importedTargets.add(key)
    else if (node !== undefined) targets.get(node)?.push(index - base)
  }
  return { callees, shares, heat, throughTable, importedTargets }
}

/** Functions that may stand in a table: the referenced ones, and the exported ones, which the host may put there. */
function reachableByReference(module: Module): Set<number> {
  const found = new Set(module.referenced)
  for (const { kind, index } of module.exports) if (kind === 0) found.add(index)
  return found
}

type OnCall = (kind: Step.Call | Step.CallIndirect, value: number, share: number, inLoop: boolean) => void

interface Open {
  loop: boolean
  /** Share that entered the block. */
  readonly entered: number
  /** Share that jumps to its end. */
  jumped: number
}

/** Visits the calls of a body with the share of runs that reach them, as if every branch were a tossed coin. */
function eachCall(module: Module, body: Body, visit: OnCall): void {
  const { steps } = module.trace
  const open: Open[] = [{ loop: false, entered: 1, jumped: 0 }]
  let share = 1
  let loops = 0
  let targets = 0
  for (let at = body.traceStart; at < body.traceEnd; at += Trace.stride) {
    const kind = steps[at] as Step
    const value = steps[at + 1] as number
    switch (kind) {
      case Step.Block:
      case Step.If:
        open.push({ loop: false, entered: share, jumped: kind === Step.If ? share / 2 : 0 })
        if (kind === Step.If) share /= 2
        break
      case Step.Loop:
        open.push({ loop: true, entered: share, jumped: 0 })
        loops += 1
        break
      case Step.Else: {
        const block = open.at(-1) as Open
        block.jumped += share - block.entered / 2
        share = block.entered / 2
        break
      }
      case Step.End: {
        const block = open.pop() as Open
        if (block.loop) loops -= 1
        share = block.loop ? block.entered : Math.min(1, share + block.jumped)
        break
      }
      case Step.Branch:
      case Step.BranchIf: {
        if ((steps[at + 2] as number) > 0) targets = countTargets(steps, at, body.traceEnd)
        const part = kind === Step.Branch ? share : share / targets
        const block = open[open.length - 1 - value] as Open
        if (!block.loop) block.jumped += part
        share -= part
        if (kind === Step.BranchIf) targets -= 1
        break
      }
      case Step.Leave:
        share = 0
        break
      default:
        visit(kind, value, share, loops > 0)
    }
  }
}

/** Ways out of the branch at `at`: two for `br_if`, as many as it lists for `br_table`. */
function countTargets(steps: Int32Array, at: number, end: number): number {
  let count = 1
  while (at < end && steps[at] === Step.BranchIf) {
    count += 1
    at += Trace.stride
    if (steps[at + 2] !== 0) return count
  }
  return count
}
