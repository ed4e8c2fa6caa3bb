import { createContext, runInContext } from 'node:vm'
import type { Contender } from '../../../bench/suite.js'

/** Claims to be fresh and is not. */
export const keptIsolate: Contender = {
  name: 'kept',
  arm: 'contained',
  limits: 'none',
  pace: 'fast',
  open: {
    async 'fresh-isolate'() {
      const context = createContext({})
      return (program) => runInContext(program, context) as unknown
    },
  },
}
