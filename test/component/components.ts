import { afterAll, beforeAll } from 'vitest'
import { parse } from '@bytecodealliance/jco-transpile/wasm-tools'
import { component } from '../../src/component/index.js'
import { type Sandbox, type SandboxOptions, createSandbox } from '../../src/index.js'
import type { Component } from '../../src/load.js'
import type { LoadOptions } from '../../src/component-options.js'
import { compilerFromSources } from '../support/compiler-platform.js'

/** The engine with the compiler of the sources under test. */
export const componentFromSources = (options: Parameters<typeof component>[0] = {}) => component({ platform: compilerFromSources, ...options })

/** Makes a component of its text. */
export async function wat(text: string): Promise<Uint8Array> {
  return (await parse(text)).slice()
}

/** A sandbox for the tests of a file, disposed behind them; every one must end with no instance alive. */
export function useComponents(options: SandboxOptions = {}): { load(text: string, options?: LoadOptions): Promise<Component>; sandbox(): Sandbox } {
  let sandbox: Sandbox | undefined
  beforeAll(async () => {
    sandbox = await createSandbox({ engines: [componentFromSources()], ...options })
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
