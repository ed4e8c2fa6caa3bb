import { platform } from '#platform'
import type { ProgramEngine } from '../engine.js'
import { GloveboxError } from '../errors.js'
import { createQuickjs } from './create.js'
import type { PackageSet } from './package-image.js'
import { type PoolOptions, checkPoolOptions } from './pool.js'

export interface QuickjsOptions {
  /** The metered engine module. @default the one shipped, found through the package's own conditional import */
  readonly module?: WebAssembly.Module
  /** What is kept for calls to come. */
  readonly pool?: PoolOptions
  /**
   * Packages that programs may import, as `bundle()` of `glovebox/node` makes them. They are evaluated once, with no
   * grants, into the image that isolates are made of: a program that does not import them pays nothing.
   */
  readonly packages?: PackageSet
}

const OPTION_KEYS = ['module', 'pool', 'packages']

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
  if (options.packages !== undefined) checkPackages(options.packages)
  const { module, pool, packages } = options
  const { defer, startIdleTimer, compareBytes } = platform
  return createQuickjs({ compile: async () => module ?? platform.compileEngine(), defer, startIdleTimer, ...(compareBytes && { compareBytes }) }, { pool, packages: packages && { ...packages } })
}

function checkPackages(packages: unknown): void {
  if (typeof packages !== 'object' || packages === null || Array.isArray(packages)) throw new GloveboxError('invalid-option', 'quickjs: "packages" is no object of source texts by name; make it with bundle()')
  for (const [name, source] of Object.entries(packages)) {
    if (typeof source !== 'string' || name === '') throw new GloveboxError('invalid-option', `quickjs: package "${name}": expected its source text; make it with bundle()`)
  }
}
