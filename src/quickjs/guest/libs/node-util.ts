import type { GuestCore } from '../core.js'
import { createFunctions } from './node-util/functions.js'
import { createInspect } from './node-util/inspect.js'
import { parseArgs } from './node-util/parse-args.js'
import { parseEnv } from './node-util/parse-env.js'
import { stripVTControlCharacters, styleText } from './node-util/style.js'
import { createTypes } from './node-util/types.js'
import { checkString, nodeError } from './node/errors.js'

/** Node's `util`. */
export default (core: GuestCore) => {
  const inspection = createInspect(core)
  const types = createTypes(core)
  const global = globalThis as Record<string, unknown>
  const noSystem = (name: string) => (): never => {
    throw nodeError(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `util.${name} is not available: a guest makes no system calls; look at error.code instead`)
  }
  const exports = {
    ...createFunctions(core, inspection),
    ...inspection,
    types,
    parseArgs: (config?: object) => parseArgs(config, () => (core.lib('process')['process'] as { readonly argv: readonly string[] }).argv.slice(2)),
    parseEnv: (content: unknown) => {
      checkString(content, 'content')
      return parseEnv(content)
    },
    styleText,
    stripVTControlCharacters,
    isDeepStrictEqual: (a: unknown, b: unknown): boolean => core.lib('node-compare')['isDeepStrictEqual'](a, b) as boolean,
    toUSVString: (text: unknown): string => String(text).toWellFormed(),
    isArray: (value: unknown): boolean => Array.isArray(value),
    getSystemErrorName: noSystem('getSystemErrorName'),
    getSystemErrorMap: noSystem('getSystemErrorMap'),
  }
  for (const name of ['TextEncoder', 'TextDecoder']) Object.defineProperty(exports, name, { get: () => global[name], enumerable: true, configurable: true })
  return exports
}
