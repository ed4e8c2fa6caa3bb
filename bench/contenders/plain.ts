import type { Contender, Evaluate, HostFunctions } from '../suite.js'

async function openPlain({ exists, lookup }: HostFunctions): Promise<Evaluate> {
  return (program) => new Function('exists', 'lookup', `return (${program})`)(exists, lookup) as unknown
}

/** No boundary at all: what the work itself costs. */
export const plain: Contender = {
  name: 'new Function',
  arm: 'baseline',
  limits: 'none',
  pace: 'fast',
  open: { 'fresh-isolate': openPlain, 'host-call': openPlain, 'tool-call': openPlain },
}
