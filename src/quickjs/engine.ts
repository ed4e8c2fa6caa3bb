import { platform } from '#platform'
import type { ProgramEngine } from '../engine.js'
import { GloveboxError } from '../errors.js'
import { createQuickjs } from './create.js'
import { type PoolOptions, checkPoolOptions } from './pool.js'

export interface QuickjsOptions {
  /** The metered engine module. @default the one shipped, found through the package's own conditional import */
  readonly module?: WebAssembly.Module
  /** What is kept for calls to come. */
  readonly pool?: PoolOptions
}

const OPTION_KEYS = ['module', 'pool']

/**
 * The QuickJS engine: JavaScript and TypeScript, one instance and one memory for each call.
 * @throws GloveboxError `invalid-option`
 */
export function quickjs(options: QuickjsOptions = {}): ProgramEngine {
  for (const key of Object.keys(options)) {
    if (!OPTION_KEYS.includes(key)) throw new GloveboxError('invalid-option', `quickjs: unknown option "${key}"; use one of ${OPTION_KEYS.join(', ')}`)
  }
  if (options.pool !== undefined) checkPoolOptions(options.pool)
  if (options.module !== undefined && !(options.module instanceof WebAssembly.Module)) {
    throw new GloveboxError('invalid-option', 'quickjs: "module" is no WebAssembly.Module; compile glovebox/quickjs.wasm')
  }
  const { module, pool } = options
  const { defer, startIdleTimer, compareBytes } = platform
  return createQuickjs({ compile: async () => module ?? platform.compileEngine(), defer, startIdleTimer, ...(compareBytes && { compareBytes }) }, pool)
}
