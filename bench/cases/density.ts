import type { SeriesCase } from '../suite.js'

const axis: SeriesCase['axis'] = { kind: 'number', title: 'Isolates', unit: 'count', scale: 'log' }
const pace = { fast: { warmUp: 1, burst: 1 }, slow: { warmUp: 1, burst: 1 } }
const common = { kind: 'series', quantity: 'memory', axis, pace, rounds: { full: 2, quick: 2 } } as const
const MEMORY = 'what the process and all that it started grew by, for each of them; pages of several processes count once between them'

export const idleIsolates: SeriesCase = {
  ...common,
  name: 'idle-isolates',
  opens: 'kept-isolate',
  title: 'Memory of an idle isolate',
  about: `isolates that have evaluated something and are kept; ${MEMORY}`,
  proofs: [],
  points: [1, 10, 100, 1000].map((count) => ({ at: count, program: '1 + 1', expected: 2, operations: 1, evaluations: count, atOnce: count })),
  quick: { at: [10], contenders: ['glovebox', 'quickjs-wasi, create', 'isolated-vm'] },
}

export const waitingIsolates: SeriesCase = {
  ...common,
  name: 'waiting-isolates',
  opens: 'waiting-isolate',
  title: 'Memory of a waiting isolate',
  about: `isolates whose program waits for an answer of the host; ${MEMORY}`,
  proofs: [],
  points: [1, 10, 100, 1000].map((count) => ({ at: count, program: 'lookup({ id: 1, name: "item" })', expected: true, operations: 1, evaluations: count })),
  quick: { at: [10], contenders: ['glovebox', 'quickjs-wasi, create', 'isolated-vm'] },
}

export const runningIsolates: SeriesCase = {
  ...common,
  name: 'running-isolates',
  opens: 'running-isolate',
  title: 'Memory of a running isolate',
  about: `isolates whose program computes without end, all at once; ${MEMORY}`,
  proofs: [],
  points: [1, 4, 16].map((count) => ({
    at: count, program: '(async () => { await lookup({ id: 1, name: "item" }); for (;;); })()', expected: true, operations: 1, evaluations: count,
  })),
  quick: 'nothing',
}
