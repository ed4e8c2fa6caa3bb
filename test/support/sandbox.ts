import { afterAll, beforeAll } from 'vitest'
import { threads } from '../../src/threads/engine.js'
import { fromSources } from './thread-platform.js'
import { type RunOptions, type RunResult, type Sandbox, type SandboxOptions, createSandbox } from '../../src/index.js'

/** Where the guests of this test run are: the suites of `test/run` are run for each. */
export const isolation = process.env['GLOVEBOX_ISOLATION'] === 'thread' ? 'thread' : 'inline'

/** A sandbox for the tests of a file, disposed behind them; every one must end with no isolate alive. */
export function useSandbox(options: SandboxOptions = {}): { run<T = any>(source: string, options?: RunOptions): Promise<RunResult<T>>; sandbox(): Sandbox } {
  let sandbox: Sandbox | undefined
  beforeAll(async () => {
    sandbox = await createSandbox(isolation === 'thread' ? { engines: [threads({ platform: fromSources })], ...options } : options)
  })
  afterAll(async () => {
    const { live, running } = sandbox!.stats()
    await sandbox![Symbol.asyncDispose]()
    if (live !== 0 || running !== 0) throw new Error(`${live} isolates and ${running} calls are left`)
  })
  return {
    run: (source, runOptions) => sandbox!.run(source, runOptions),
    sandbox: () => sandbox!,
  }
}

/** The value of a call that must have returned. */
export function valueOf<T>(result: RunResult<T>): T {
  if (result.outcome !== 'returned') throw new Error(`expected a value, got ${JSON.stringify({ ...result, ledger: undefined })}`)
  return result.value
}
