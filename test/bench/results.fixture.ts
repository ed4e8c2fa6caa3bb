import { type Results, toResults } from '../../bench/results.js'
import type { CaseReport } from '../../bench/run-suite.js'

/** The results document of these reports, on a machine that does not exist. */
export function fakeResults(reports: readonly CaseReport[], changes: Partial<Results> = {}): Results {
  return {
    schemaVersion: 2,
    startedAt: '2026-01-02T03:04:05.678Z',
    finishedAt: '2026-01-02T03:05:05.678Z',
    quick: false,
    interrupted: false,
    leftOut: [],
    rounds: 10,
    machine: {
      node: '24.1.0', v8: '13.6', platform: 'linux x64', cpu: 'Some Processor', cores: 2, memoryBytes: 1 << 30,
      load: [0.1, 0.2, 0.3], clock: { stepMs: 0.000_05, readMs: 0.000_08 },
    },
    loadAfter: [1.9, 0.5, 0.4],
    versions: { glovebox: '0.1.0' },
    cases: reports.map(toResults),
    ...changes,
  }
}
