import type { SeriesCase } from '../suite.js'
import { QUICK } from './quick.js'

const TIMES = 50
const TEXT = 'x'.repeat(1024)

export const files: SeriesCase = {
  kind: 'series',
  name: 'files',
  opens: 'files',
  title: 'Files',
  about: `an operation on files of 1 KB in one directory, ${TIMES} times in one program; where a technique has no files, host functions that confine nothing stand in`,
  proofs: [
    { program: `(() => { files.write("a.txt", ${JSON.stringify(TEXT)}); return files.read("a.txt").length })()`, expected: 1024 },
    { program: '(() => { files.write("b.txt", "b"); return files.list().includes("b.txt") })()', expected: true },
  ],
  axis: { kind: 'names', title: 'Operation' },
  points: [
    { at: 'write', program: `(() => { const text = "x".repeat(1024); for (let i = 0; i < ${TIMES}; i++) files.write("a.txt", text); return true })()`, expected: true, operations: TIMES },
    {
      at: 'read',
      program: `(() => { files.write("a.txt", "x".repeat(1024)); let n = 0; for (let i = 0; i < ${TIMES}; i++) n += files.read("a.txt").length; return n })()`,
      expected: TIMES * 1024, operations: TIMES,
    },
    {
      at: 'list',
      program: `(() => { files.write("a.txt", "a"); let n = 0; for (let i = 0; i < ${TIMES}; i++) n += files.list().includes("a.txt") ? 1 : 0; return n })()`,
      expected: TIMES, operations: TIMES,
    },
  ],
  pace: { fast: { warmUp: 5, burst: 2 }, slow: { warmUp: 2, burst: 1 } },
  rounds: { full: 10, quick: 2 },
  quick: { contenders: QUICK },
}
