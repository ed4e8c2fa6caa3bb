import { ESCAPES } from '../hostile/escape.js'
import { RUNAWAYS } from '../hostile/runaway.js'
import type { OutcomeCase } from '../suite.js'

const common = { kind: 'outcome', opens: 'hostile', killAfterMs: 1000, trials: { full: 1, quick: 1 } } as const

const PROOFS: OutcomeCase['proofs'] = [
  { program: '1 + 1', expected: 2 },
  { program: 'typeof globalThis.left + typeof [].left', expected: 'undefinedundefined' },
]

export const runaway: OutcomeCase = {
  ...common,
  name: 'runaway',
  title: 'Runaway programs',
  about: 'programs that end only when somebody ends them, under a deadline of 500 ms and 64 MiB where the contender has such limits',
  proofs: PROOFS,
  limits: { deadlineMs: 500, memoryBytes: 64 << 20 },
  programs: RUNAWAYS,
  quick: { at: ['loop', 'native loop', 'microtasks', 'array bomb'], contenders: ['glovebox', 'quickjs-wasi, create', 'isolated-vm'] },
}

export const escape: OutcomeCase = {
  ...common,
  name: 'escape',
  title: 'Programs that reach out',
  about: 'programs that reach for what nobody handed them: variables, files, the network, commands, the process, and whoever comes after them',
  proofs: PROOFS,
  limits: { deadlineMs: 2000, memoryBytes: 64 << 20 },
  programs: ESCAPES,
  serves: 'http',
  quick: { at: ['constructor', 'pollute'], contenders: ['glovebox', 'node:vm'] },
}
