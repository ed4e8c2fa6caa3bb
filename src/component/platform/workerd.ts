import { GloveboxError } from '../../errors.js'
import { startTimer } from '../../platform/start-timer.js'
import { toHex } from './hex.js'
import type { CompilerPlatform } from './platform.js'

/** Nothing is compiled or evaluated at run time there: only what was prepared ahead of time can be loaded. */
export const platform: CompilerPlatform = Object.freeze({
  startTimer,
  read: refuse,
  digest: async (bytes: Uint8Array) => toHex(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>)),
  startThread: refuse,
  compile: refuse,
  evaluate: refuse,
  readAdapter: refuse,
  openStore: refuse,
})

function refuse(): never {
  throw new GloveboxError('unsupported-platform', 'Cannot load a component: this platform compiles nothing at run time; prepare it with "glovebox build component.wasm -o dir" and import that')
}
