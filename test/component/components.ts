import { afterAll, beforeAll } from 'vitest'
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools'
import { component } from '../../src/component/index.js'
import { type Component, type LoadOptions, type RunResult, type Sandbox, type SandboxOptions, createSandbox } from '../../src/index.js'
import { compilerFromSources } from '../support/compiler-platform.js'

/** The engine with the compiler of the sources under test. */
export const componentFromSources = (options: Parameters<typeof component>[0] = {}) => component({ platform: compilerFromSources, ...options })

/** Makes a component of its text. */
export async function wat(text: string): Promise<Uint8Array> {
  return (await parse(text)).slice()
}

export interface UseOptions extends Omit<SandboxOptions, 'engines'> {
  /** Whether guests may be suspended, where the runtime can. @default 'auto' */
  readonly mode?: 'auto' | 'sync'
}

/** A sandbox for the tests of a file, disposed behind them; every one must end with no instance alive. */
export function useComponents({ mode = 'auto', ...options }: UseOptions = {}): { load(text: string, options?: LoadOptions): Promise<Component>; sandbox(): Sandbox } {
  let sandbox: Sandbox | undefined
  beforeAll(async () => {
    sandbox = await createSandbox({ engines: [componentFromSources({ mode })], ...options })
  })
  afterAll(async () => {
    const { live, running } = sandbox!.stats()
    await sandbox![Symbol.asyncDispose]()
    if (live !== 0 || running !== 0) throw new Error(`${live} instances and ${running} calls are left`)
  })
  return {
    load: async (text, loadOptions) => sandbox!.load(await wat(text), loadOptions),
    sandbox: () => sandbox!,
  }
}

/** Whether this runtime can suspend a guest; without it some tests have nothing to show. */
export const canSuspend = 'Suspending' in WebAssembly

/** The value of a call that must have returned. */
export function valueOf<T>(result: RunResult<T>): T {
  if (result.outcome !== 'returned') throw new Error(`expected a value, got ${result.outcome} ${result.outcome === 'stopped' ? `${result.reason}: ${result.message}` : result.error.message}`)
  return result.value
}
