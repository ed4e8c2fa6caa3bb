import type { LatencyCase } from '../suite.js'
import { QUICK } from './quick.js'

const LINES = 1000

export const consoleLine: LatencyCase = {
  kind: 'latency',
  name: 'console-line',
  opens: 'console',
  title: 'Line of console',
  about: `print a short line, ${LINES} times in one program; the host has the lines at the end, and the program's own loop counts`,
  proofs: [{ program: '(() => { console.log("a", 1); console.log("b") })()', expected: ['a 1', 'b'] }],
  program: `(() => { for (let i = 0; i < ${LINES}; i++) console.log("line", i) })()`,
  expected: Array.from({ length: LINES }, (_, i) => `line ${i}`),
  operations: LINES,
  pace: { fast: { warmUp: 10, burst: 4 }, slow: { warmUp: 2, burst: 1 } },
  rounds: { full: 10, quick: 3 },
  quick: { contenders: QUICK },
}
