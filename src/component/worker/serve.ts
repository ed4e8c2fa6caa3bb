import { MeterError } from '../../../wasm/meter/index.js'
import { GloveboxError } from '../../errors.js'
import { prepare } from './prepare.js'
import type { Order, Reply } from './protocol.js'
import { createTranspiler } from './transpiler.js'

/** Serves orders, one at a time, on a thread that is thrown away. */
export function createCompiler(post: (reply: Reply, transfer: ArrayBuffer[]) => void): (order: Order) => Promise<void> {
  const transpiler = createTranspiler()
  return async (order) => {
    try {
      const prepared = await prepare(order, transpiler)
      post({ type: 'prepared', prepared }, prepared.modules.map(({ bytes }) => bytes.buffer as ArrayBuffer))
    } catch (error) {
      post(toReply(error), [])
    }
  }
}

function toReply(error: unknown): Reply {
  if (error instanceof MeterError) return { type: 'refused', code: error.code, message: error.message, feature: error.feature, offset: error.offset }
  if (error instanceof GloveboxError) return { type: 'refused', code: error.code, message: error.message }
  return { type: 'broken', message: String((error as Error | null)?.message ?? error).slice(0, 300) }
}
