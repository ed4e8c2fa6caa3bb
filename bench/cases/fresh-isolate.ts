import type { LatencyCase } from '../suite.js'
import { QUICK, QUICK_FRESH } from './quick.js'

const PROOFS: LatencyCase['proofs'] = [
  { program: '1 + 1', expected: 2 },
  { program: '(globalThis.left = 1, typeof globalThis.left)', expected: 'number' },
  { program: 'typeof globalThis.left', expected: 'undefined', of: 'contained' },
  { program: '(() => { try { Array.prototype.left = 1 } catch {} return true })()', expected: true, of: 'contained' },
  { program: 'typeof [].left', expected: 'undefined', of: 'contained' },
]

export const freshIsolate: LatencyCase = {
  kind: 'latency',
  name: 'fresh-isolate',
  opens: 'fresh-isolate',
  title: 'Fresh isolate',
  about: 'make an isolate that nothing has run in, evaluate 1 + 1 in it, end it; compiled engine modules are kept',
  proofs: PROOFS,
  program: '1 + 1',
  expected: 2,
  operations: 1,
  // A host that makes an isolate for every request has made thousands: what is compiled on the way is compiled by then.
  pace: { fast: { warmUp: 3000, burst: 50 }, slow: { warmUp: 3, burst: 1 } },
  quick: { contenders: QUICK_FRESH },
}

export const freshIsolateIdle: LatencyCase = {
  ...freshIsolate,
  name: 'fresh-isolate-idle',
  title: 'Fresh isolate, when nothing else is to be done',
  about: 'as fresh-isolate, with 5 ms of rest before each evaluation: what a contender puts off until nobody waits is done by then',
  restMs: 5,
  pace: { fast: { warmUp: 50, burst: 5 }, slow: { warmUp: 3, burst: 1 } },
  rounds: { full: 40, quick: 10 },
  quick: { contenders: QUICK },
}
