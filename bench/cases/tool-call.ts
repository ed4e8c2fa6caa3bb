import type { LatencyCase } from '../suite.js'
import { QUICK } from './quick.js'

const CALLS = 300
const LOOP = `(async (n, lookup) => {
  let found = 0
  for (let i = 0; i < n; i++) { const item = await lookup({ id: i, name: "item" }); if (item.found && item.id === i) found++ }
  return found
})`

export const toolCall: LatencyCase = {
  kind: 'latency',
  name: 'tool-call',
  opens: 'tool-call',
  title: 'Asynchronous tool call',
  about: `await a host function that takes and gives a small object, ${CALLS} times one after the other; the time of the same program without the crossing is taken off`,
  proofs: [{ program: '(async () => JSON.stringify(await lookup({ id: 7, name: "item" })))()', expected: '{"id":7,"name":"item","found":true}' }],
  program: `${LOOP}(${CALLS}, lookup)`,
  expected: CALLS,
  operations: CALLS,
  twin: `${LOOP}(${CALLS}, async (item) => ({ ...item, found: true }))`,
  pace: { fast: { warmUp: 10, burst: 4 }, slow: { warmUp: 2, burst: 1 } },
  rounds: { full: 30, quick: 5 },
  quick: { contenders: QUICK },
}
