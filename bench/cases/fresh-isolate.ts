import type { LatencyCase } from '../suite.js'

export const freshIsolate: LatencyCase = {
  kind: 'latency',
  name: 'fresh-isolate',
  opens: 'fresh-isolate',
  title: 'Fresh isolate',
  about: 'make an isolate that nothing has run in, evaluate 1 + 1 in it, end it; compiled engine modules are kept',
  proofs: [
    { program: '1 + 1', expected: 2 },
    { program: '(globalThis.left = 1, typeof globalThis.left)', expected: 'number' },
    { program: 'typeof globalThis.left', expected: 'undefined', of: 'contained' },
    { program: '(() => { try { Array.prototype.left = 1 } catch {} return true })()', expected: true, of: 'contained' },
    { program: 'typeof [].left', expected: 'undefined', of: 'contained' },
  ],
  program: '1 + 1',
  expected: 2,
  operations: 1,
  pace: { fast: { warmUp: 300, burst: 20 }, slow: { warmUp: 3, burst: 1 } },
}
