import type { LatencyCase } from '../suite.js'
import { QUICK } from './quick.js'

const CALLS = 1000
const LOOP = '((n, exists) => { let hits = 0; for (let i = 0; i < n; i++) if (exists("/data/a.txt")) hits++; return hits })'

export const hostCall: LatencyCase = {
  kind: 'latency',
  name: 'host-call',
  opens: 'host-call',
  title: 'Synchronous host call',
  about: `ask the host whether a file exists, ${CALLS} times in one program; the time of the same program without the calls is taken off`,
  proofs: [
    { program: 'exists("/data/a.txt")', expected: true },
    { program: 'exists("/data/none.txt")', expected: false },
  ],
  program: `${LOOP}(${CALLS}, exists)`,
  expected: CALLS,
  operations: CALLS,
  twin: `${LOOP}(${CALLS}, () => true)`,
  pace: { fast: { warmUp: 10, burst: 4 }, slow: { warmUp: 2, burst: 1 } },
  rounds: { full: 30, quick: 5 },
  quick: { contenders: QUICK },
}
