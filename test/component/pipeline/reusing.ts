import type { CompilerPlatform, CompilerThread, CompilerThreadEvents } from '../../../src/component/platform/platform.js'
import type { Reply } from '../../../src/component/worker/protocol.js'

/**
 * A platform whose thread serves one load after the other, until one breaks it or is not answered: what a load comes to
 * must not depend on that, and many are much faster.
 */
export function reusing(platform: CompilerPlatform): { readonly platform: CompilerPlatform; end(): Promise<void> } {
  let thread: CompilerThread | undefined
  let current: CompilerThreadEvents | undefined
  let isSpent = false
  const drop = async (): Promise<void> => {
    const dropped = thread
    thread = undefined
    current = undefined
    await dropped?.terminate()
  }
  const startThread = (events: CompilerThreadEvents): CompilerThread => {
    if (current !== undefined) return platform.startThread(events)
    current = events
    isSpent = true
    thread ??= platform.startThread({
      onMessage(message) {
        isSpent = (message as Reply).type === 'broken'
        current?.onMessage(message)
      },
      onEnd(cause) {
        isSpent = true
        current?.onEnd(cause)
      },
    })
    const { post } = thread
    return {
      post,
      async terminate() {
        if (isSpent) await drop()
        current = undefined
      },
    }
  }
  return { platform: { ...platform, startThread }, end: drop }
}
