import type { CallGraph } from './calls.js'
import { Heap } from './heap.js'

/** Edges that the last, optional pass may follow in all; past it, charges that may be superfluous stay. */
const PRUNE_EDGES = 4_000_000

/** How a cycle is cut at a node. */
export const enum Cut {
  None,
  /** Fuel is taken when the function is entered. */
  Entry,
  /** Fuel is taken before its calls outside of loops. */
  Calls,
}

export interface Cuts {
  /** How each node is cut. */
  readonly kinds: Uint8Array
  /** For each node that is cut at its calls: the callees before which fuel is taken. */
  readonly edges: ReadonlyMap<number, ReadonlySet<number>>
}

/** The callees of a node that it reaches without a charge. */
export function* uncharged({ callees }: CallGraph, { kinds, edges }: Cuts, node: number): Generator<number> {
  const cut = kinds[node] === Cut.Calls ? edges.get(node) : undefined
  for (const to of callees[node] as number[]) {
    if (kinds[to] !== Cut.Entry && cut?.has(to) !== true) yield to
  }
}

/**
 * Chooses where to cut so that no cycle of calls is left without a charge, preferring functions that are called from
 * few places. Greedy; in the order of edges times their logarithm.
 */
export function cutCycles(graph: CallGraph): Cuts {
  const { callees, shares, heat } = graph
  const size = callees.length
  const bodies = heat.length
  const callers: (number[] | undefined)[] = Array.from({ length: size })
  callees.forEach((list, from) => list.forEach((to) => (callers[to] ??= []).push(from)))
  const outs = Int32Array.from(callees, (list) => list.length)
  const ins = Int32Array.from(callers, (list) => list?.length ?? 0)
  const gone = new Uint8Array(size)
  const kinds = new Uint8Array(size)
  const edges = new Map<number, ReadonlySet<number>>()
  const idle: number[] = []

  const remove = (node: number): void => {
    gone[node] = 1
    for (const to of callees[node] as number[]) if (gone[to] === 0 && --ins[to]! === 0) idle.push(to)
    for (const from of callers[node] ?? []) if (gone[from] === 0 && --outs[from]! === 0) idle.push(from)
  }
  /** Nodes nobody left calls, or that call nobody left, are on no cycle. */
  const trim = (): void => {
    for (let node = idle.pop(); node !== undefined; node = idle.pop()) if (gone[node] === 0) remove(node)
  }
  /** Share of runs that make a call to a node that may be on a cycle. */
  const callShare = (node: number): number => {
    let sum = 0
    ;(callees[node] as number[]).forEach((to, index) => {
      if (gone[to] === 0) sum += (shares[node] as number[])[index] as number
    })
    return sum
  }
  const cut = (node: number): void => {
    const atCalls = callShare(node) < 1
    kinds[node] = atCalls ? Cut.Calls : Cut.Entry
    if (atCalls) edges.set(node, new Set((callees[node] as number[]).filter((to) => gone[to] === 0)))
    remove(node)
    trim()
  }
  const worth = (node: number): number => ((ins[node] as number) * (outs[node] as number)) / (1 + (heat[node] as number))

  for (let node = 0; node < size; node += 1) if (ins[node] === 0 || outs[node] === 0) idle.push(node)
  trim()
  for (let node = 0; node < bodies; node += 1) {
    if (gone[node] === 0 && (callees[node] as number[]).includes(node)) cut(node)
  }
  const heap = new Heap()
  for (let node = 0; node < bodies; node += 1) if (gone[node] === 0) heap.push(worth(node), node)
  for (let top = heap.pop(); top !== undefined; top = heap.pop()) {
    if (gone[top.item] !== 0) continue
    const now = worth(top.item)
    if (now < top.rank) heap.push(now, top.item)
    else cut(top.item)
  }
  const cuts = { kinds, edges }
  prune(graph, cuts)
  return cuts
}

/** Takes back cuts that others have made superfluous, the often called ones first. */
function prune(graph: CallGraph, cuts: Cuts): void {
  const { heat, callees } = graph
  const { kinds } = cuts
  let left = PRUNE_EDGES
  const seen = new Int32Array(kinds.length).fill(-1)
  const order = [...heat.keys()].filter((node) => kinds[node] !== Cut.None)
  order.sort((a, b) => (heat[b] as number) - (heat[a] as number))
  for (const node of order) {
    const kind = kinds[node] as Cut
    kinds[node] = Cut.None
    const stack = [node]
    let cyclic = false
    while (stack.length > 0 && !cyclic) {
      const from = stack.pop() as number
      left -= (callees[from] as number[]).length
      if (left < 0) {
        kinds[node] = kind
        return
      }
      for (const to of uncharged(graph, cuts, from)) {
        if (to === node) cyclic = true
        else if (seen[to] !== node) {
          seen[to] = node
          stack.push(to)
        }
      }
    }
    if (cyclic) kinds[node] = kind
  }
}
