import { KERNELS } from '../kernels/index.js'
import type { SeriesCase } from '../suite.js'

export const kernels: SeriesCase = {
  kind: 'series',
  name: 'kernels',
  opens: 'compute',
  title: 'Computing',
  about: 'programs that only compute, milliseconds each; new Function is V8 with its JIT, quickjs.wasm is the engine as it comes, and quickjs.wasm, metered, is the same with fuel',
  proofs: [{ program: '1 + 1', expected: 2 }],
  axis: { kind: 'names', title: 'Kernel' },
  points: KERNELS.map(({ name, source, answer }) => ({ at: name, program: source, expected: answer, operations: 1 })),
  pace: { fast: { warmUp: 1, burst: 1 }, slow: { warmUp: 1, burst: 1 } },
  rounds: { full: 5, quick: 2 },
  quick: { at: ['interpreter', 'recursion', 'regexp'], contenders: ['glovebox', 'quickjs.wasm', 'quickjs.wasm, metered', 'new Function'] },
}
