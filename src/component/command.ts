import type { Ended } from '../engine.js'
import { findInterface } from './functions.js'
import { type LifeOptions, liveIn } from './life.js'
import type { ComponentCall } from './seam.js'

/**
 * Runs a command. One that fails without saying how ends as if it had called `exit` with 1.
 * @see https://github.com/WebAssembly/wasi-cli/blob/main/wit/run.wit
 */
export function prepareRun(options: Pick<LifeOptions, 'compiled' | 'switchModule'>): (call: ComponentCall) => Promise<Ended<undefined>> {
  const name = findInterface(options.compiled.world, 'wasi:cli/run', 'is no command')
  return (call) => liveIn({ ...options, call }, async ({ exports, port }) => {
    const { run } = exports[name] as { run(): unknown }
    try {
      await run()
    } catch (error) {
      // Its error has no payload: the type is `result` alone.
      if (error instanceof Error && error.constructor.name === 'ComponentError') port.exit(1)
      throw error
    }
    call.noteExit(0)
    return undefined
  })
}
