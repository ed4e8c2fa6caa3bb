import type { Point, SeriesCase } from '../suite.js'

const SLUG = { given: { input: ['The Quick Brown Fox, Again!'] }, expected: 'the-quick-brown-fox-again' }
const SUM = { given: { input: [2, 3] }, expected: 5 }

const axis = { kind: 'names', title: 'Function' } as const
const proofs = [
  { program: 'add', given: { input: [-7, 4] }, expected: -3 },
  { program: 'slugify', given: { input: ['Glove & Box'] }, expected: 'glove-box' },
  { program: 'slugify', ...SLUG },
]

function toPoints(evaluations: number): readonly Point[] {
  return [{ at: 'add', program: 'add', ...SUM }, { at: 'slugify', program: 'slugify', ...SLUG }].map((each) => ({ ...each, operations: 1, evaluations }))
}

export const componentLoad: SeriesCase = {
  kind: 'series',
  name: 'component-load',
  opens: 'component-load',
  title: 'Component load',
  about: 'from the bytes of a component to the answer of its first call: transpile, meter where there is a meter, compile, instantiate; the transpiler is in memory, and where it has a thread of its own that is thrown away, its start counts',
  proofs,
  axis,
  points: toPoints(1),
  pace: { fast: { warmUp: 1, burst: 1 }, slow: { warmUp: 1, burst: 1 } },
  rounds: { full: 10, quick: 2 },
  quick: 'nothing',
}

export const componentInstantiate: SeriesCase = {
  kind: 'series',
  name: 'component-instantiate',
  opens: 'component-instantiate',
  title: 'Component instance',
  about: 'a new instance of a component that is ready, and one call of its function: two numbers added, or a short text made fit for an address',
  proofs,
  axis,
  points: toPoints(100),
  pace: { fast: { warmUp: 3, burst: 2 }, slow: { warmUp: 1, burst: 1 } },
  rounds: { full: 20, quick: 3 },
  quick: 'nothing',
}

export const componentCall: SeriesCase = {
  kind: 'series',
  name: 'component-call',
  opens: 'component-call',
  title: 'Component call',
  about: 'one call of a component that is ready; glovebox makes an instance for each, the others keep one, whose memory every caller finds as the last one left it',
  proofs,
  axis,
  points: toPoints(100),
  pace: { fast: { warmUp: 5, burst: 2 }, slow: { warmUp: 1, burst: 1 } },
  rounds: { full: 20, quick: 3 },
  quick: { at: ['slugify'], contenders: ['glovebox', 'jco + preview2-shim', 'WebAssembly.Instance'] },
}

const OPERATIONS = 200
const SIZE = 1024

export const componentFiles: SeriesCase = {
  kind: 'series',
  name: 'component-files',
  opens: 'component-files',
  title: 'Files of a component',
  about: `open, write or read 1 KB, and close, or list a directory, ${OPERATIONS} times in one run of a command compiled from C; the time of the same run without them is taken off`,
  proofs: [{ program: 'write 1', expected: SIZE }, { program: 'read 1', expected: SIZE }, { program: 'list 1', expected: SIZE }],
  axis: { kind: 'names', title: 'Operation' },
  points: ['write', 'read', 'list'].map((act) => ({ at: act, program: `${act} ${OPERATIONS}`, twin: `${act} 0`, expected: SIZE, operations: OPERATIONS })),
  pace: { fast: { warmUp: 2, burst: 1 }, slow: { warmUp: 1, burst: 1 } },
  rounds: { full: 10, quick: 2 },
  quick: { at: ['read'], contenders: ['glovebox', 'jco + preview2-shim', 'node:wasi'] },
}
