import { createContext, runInContext, runInNewContext } from 'node:vm'
import type { Contender, Evaluate, HostFunctions } from '../suite.js'
import { TIMEOUT_MS } from './limits.js'

/** Documented as no security boundary; here for its cost. */
export const nodeVm: Contender = {
  name: 'node:vm',
  arm: 'contained',
  limits: 'time',
  pace: 'fast',
  open: {
    async 'fresh-isolate'() {
      return (program) => runInNewContext(program, {}, { timeout: TIMEOUT_MS }) as unknown
    },
    'host-call': openSession,
    'tool-call': openSession,
  },
}

async function openSession({ exists, lookup }: HostFunctions): Promise<Evaluate> {
  const context = createContext({ exists, lookup })
  return async (program) => (await runInContext(program, context, { timeout: TIMEOUT_MS })) as unknown
}
