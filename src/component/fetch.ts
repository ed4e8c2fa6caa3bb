import type { Ended } from '../engine.js'
import { findInterface } from './functions.js'
import { type LifeOptions, liveIn } from './life.js'
import type { ComponentCall } from './seam.js'
import { createIncoming } from './wasi/http-incoming.js'

/**
 * Answers a request. The call lasts until the answer's body is over: a guest that went on writing it would otherwise
 * lose its grants half way.
 * @see https://github.com/WebAssembly/wasi-http/blob/main/wit/proxy.wit
 */
export function prepareFetch(options: Pick<LifeOptions, 'compiled' | 'switchModule'>, request: Request, respond: (response: Response) => void): (call: ComponentCall) => Promise<Ended<undefined>> {
  const name = findInterface(options.compiled.world, 'wasi:http/incoming-handler', 'serves no requests')
  return (call) => liveIn({ ...options, call }, async ({ exports, port, wasi }) => {
    const { handle } = exports[name] as { handle(request: unknown, outparam: unknown): unknown }
    const incoming = createIncoming(port, wasi.io, request)
    // It comes while the guest still runs; where the guest gives none, how the call ended says what to answer.
    incoming.response.then((response) => {
      if (incoming.outcome() === 'answered') respond(response)
    }, () => {})
    await handle(incoming.request, incoming.outparam)
    await incoming.finish()
    return undefined
  })
}
