import type { LatencyCase } from '../suite.js'
import { QUICK } from './quick.js'

export const sessionCall: LatencyCase = {
  kind: 'latency',
  name: 'session-call',
  opens: 'session',
  title: 'Call in a session',
  about: 'evaluate 1 + 1 in an isolate that is there and stays, with whatever earlier programs left in it',
  proofs: [
    { program: '1 + 1', expected: 2 },
    { program: '(globalThis.left = 1, typeof globalThis.left)', expected: 'number' },
    { program: 'typeof globalThis.left', expected: 'number' },
  ],
  program: '1 + 1',
  expected: 2,
  operations: 1,
  evaluations: 20,
  pace: { fast: { warmUp: 30, burst: 5 }, slow: { warmUp: 5, burst: 2 } },
  quick: { contenders: QUICK },
}
