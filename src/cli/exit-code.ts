import type { RunResult } from '../result.js'

/** Exit codes of the command; those of stops are the shell's for a killed and for a timed-out program. */
export const EXIT = Object.freeze({ returned: 0, failed: 1, usage: 2, denied: 77, outOfTime: 124, cancelled: 130, outOfMemory: 137 })

/** The exit code that says how a run ended. A command that exits with 0 has returned, a program that exits has not. */
export function toExitCode(result: RunResult, { exits = 'fail' }: { readonly exits?: 'fail' | 'return' } = {}): number {
  if (exits === 'return' && endedWell(result)) return EXIT.returned
  switch (result.outcome) {
    case 'returned':
      return EXIT.returned
    case 'threw':
      return result.error.name === 'PermissionDenied' && result.error.code === 'denied' ? EXIT.denied : EXIT.failed
    case 'stopped':
      if (result.reason === 'deadline' || result.reason === 'fuel') return EXIT.outOfTime
      if (result.reason === 'memory') return EXIT.outOfMemory
      return result.reason === 'aborted' ? EXIT.cancelled : EXIT.failed
  }
}

/** Whether a guest ended itself, and said that all was well. */
export const endedWell = (result: RunResult): boolean => result.outcome === 'stopped' && result.reason === 'exit' && result.exitCode === 0
