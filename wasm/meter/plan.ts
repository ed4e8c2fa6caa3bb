import type { Module } from './module.js'
import { Step, Trace } from './trace.js'

/** Where fuel is taken, per body: byte offset and weight, in ascending order. */
export interface Plan {
  /** Weight of the charge on entry, 0 for none; by body. */
  readonly entries: Int32Array
  /** Charges inside of bodies: offset, weight; by body. */
  readonly inner: readonly (readonly number[])[]
  readonly chargedFunctions: number
}

export function plan(module: Module): Plan {
  const entries = new Int32Array(module.bodies.length)
  const inner: number[][] = []
  const { steps } = module.trace
  module.bodies.forEach((body) => {
    const list: number[] = []
    for (let at = body.traceStart; at < body.traceEnd; at += Trace.stride) {
      if (steps[at] === Step.Loop) list.push(steps[at + 3] as number, 1)
    }
    inner.push(list)
  })
  markBackTargets(module, entries)
  return { entries, inner, chargedFunctions: entries.filter((weight) => weight > 0).length }
}

function markBackTargets(module: Module, entries: Int32Array): void {
  const { steps } = module.trace
  const base = module.importedFunctions
  const byType = new Map<string, number[]>()
  const taken = new Set(module.referenced)
  for (const e of module.exports) if (e.kind === 0) taken.add(e.index)
  for (const index of taken) {
    if (index < base) continue
    const key = module.types[module.functions[index] as number]!.key
    let list = byType.get(key)
    if (!list) byType.set(key, (list = []))
    list.push(index - base)
  }
  const state = new Uint8Array(module.bodies.length)
  const calls = module.bodies.map((body) => {
    const out: number[] = []
    let depth = 0
    const open: number[] = []
    for (let at = body.traceStart; at < body.traceEnd; at += Trace.stride) {
      const kind = steps[at]
      const value = steps[at + 1] as number
      if (kind === Step.Block || kind === Step.If) open.push(0)
      else if (kind === Step.Loop) { open.push(1); depth += 1 }
      else if (kind === Step.End) { if (open.pop() === 1) depth -= 1 }
      else if (depth === 0 && kind === Step.Call && value >= base) out.push(value - base)
      else if (depth === 0 && kind === Step.CallIndirect) out.push(...(byType.get(module.types[value]!.key) ?? []))
    }
    return out
  })
  for (let root = 0; root < calls.length; root += 1) {
    if (state[root]) continue
    const stack: [number, number][] = [[root, 0]]
    state[root] = 1
    while (stack.length) {
      const top = stack[stack.length - 1]!
      const next = calls[top[0]]![top[1]++]
      if (next === undefined) { state[top[0]] = 2; stack.pop(); continue }
      if (state[next] === 1) entries[next] = 1
      else if (state[next] === 0) { state[next] = 1; stack.push([next, 0]) }
    }
  }
}
