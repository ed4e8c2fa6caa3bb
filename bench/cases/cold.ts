import type { LatencyCase } from '../suite.js'
import { QUICK } from './quick.js'

const pace = { fast: { warmUp: 0, burst: 1 }, slow: { warmUp: 0, burst: 1 } }
const proofs = [{ program: '1 + 1', expected: 2 }]

export const coldImport: LatencyCase = {
  kind: 'latency',
  name: 'cold-import',
  opens: 'import',
  title: 'Cold import',
  about: 'import the package in a process that has just started; the start of the process is not counted',
  proofs,
  program: '1 + 1',
  expected: 2,
  operations: 1,
  span: 'opening',
  pace,
  rounds: { full: 10, quick: 2 },
  quick: { contenders: QUICK },
}

export const coldCall: LatencyCase = {
  kind: 'latency',
  name: 'cold-call',
  opens: 'fresh-isolate',
  title: 'Cold first call',
  about: 'import, compile, make the first isolate and evaluate 1 + 1 in it, in a process that has just started; the start of the process is not counted',
  proofs,
  program: '1 + 1',
  expected: 2,
  operations: 1,
  span: 'opening and evaluation',
  pace,
  rounds: { full: 10, quick: 2 },
  quick: { contenders: QUICK },
}
