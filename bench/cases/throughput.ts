import type { SeriesCase } from '../suite.js'
import { QUICK } from './quick.js'

export const throughput: SeriesCase = {
  kind: 'series',
  name: 'throughput',
  opens: 'waiting-call',
  title: 'Throughput',
  about: 'calls a second, each in an isolate of its own that awaits one answer of the host, so many of them under way at once',
  proofs: [{ program: '(async () => (await lookup({ id: 7, name: "item" })).id)()', expected: 7 }],
  quantity: 'rate',
  axis: { kind: 'number', title: 'Calls at once', unit: 'count', scale: 'log' },
  points: [1, 10, 100, 1000].map((count) => ({
    at: count,
    program: '(async () => (await lookup({ id: 7, name: "item" })).id)()',
    expected: 7,
    operations: 1,
    evaluations: Math.max(40, count),
    atOnce: count,
  })),
  pace: { fast: { warmUp: 1, burst: 1 }, slow: { warmUp: 0, burst: 1 } },
  rounds: { full: 2, quick: 2 },
  quick: { at: [1, 100], contenders: QUICK },
}
