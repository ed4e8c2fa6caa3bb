import type { Contender, Evaluate } from '../suite.js'

const common = { arm: 'baseline', limits: 'none', pace: 'fast' } as const

/** The program runs uncontained; what it gets and gives is copied in one way. */
const copying = (copy: (value: unknown) => unknown) => async (): Promise<Evaluate> => (program, { input }) => {
  const call = new Function(`return (${program})`)() as (input: unknown) => unknown
  return copy(call(copy(input)))
}

export const jsonCopy: Contender = { ...common, name: 'JSON', open: { value: copying((value) => JSON.parse(JSON.stringify(value)) as unknown) } }

export const structuredCloneCopy: Contender = { ...common, name: 'structuredClone', open: { value: copying((value) => structuredClone(value)), bytes: copying((value) => structuredClone(value)) } }

export const memcpy: Contender = { ...common, name: 'memcpy', open: { bytes: copying((value) => (value instanceof Uint8Array ? value.slice() : value)) } }
