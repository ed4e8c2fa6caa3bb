import type { LatencyCase } from '../suite.js'
import { QUICK } from './quick.js'

const TIMES = 20

export const http: LatencyCase = {
  kind: 'latency',
  name: 'http',
  opens: 'http',
  title: 'HTTP request',
  about: `get a small document over HTTP from a server on the loopback, ${TIMES} times one after the other in one program; where a technique has no network, a host function that confines nothing stands in`,
  serves: 'http',
  proofs: [{ program: '(async () => JSON.parse(await get("__ORIGIN__/item.json")).name)()', expected: 'item' }],
  program: `(async () => { let n = 0; for (let i = 0; i < ${TIMES}; i++) n += (await get("__ORIGIN__/item.json")).length; return n })()`,
  expected: TIMES * 22,
  operations: TIMES,
  pace: { fast: { warmUp: 3, burst: 1 }, slow: { warmUp: 2, burst: 1 } },
  rounds: { full: 20, quick: 2 },
  quick: { contenders: QUICK },
}
