import { platform as ownPlatform } from '#platform'
import type { ProgramEngine } from '../engine.js'
import { Lazy } from '../lazy.js'
import type { Platform } from '../platform/platform.js'
import { ThreadPool } from './pool.js'

export interface ThreadsOptions {
  /** Most threads at once. @default as many as the machine runs at once */
  readonly threads?: number | undefined
  /** @default the one of the package's conditional import */
  readonly platform?: Platform
}

/**
 * The QuickJS engine on threads of its own: each call runs beside the host's own work, and a thread that does not hear
 * that its call was stopped is ended. Grants stay with the host, behind messages. The caller disposes it.
 * @throws GloveboxError `unsupported-platform` where threads cannot share memory
 */
export function threads(options: ThreadsOptions = {}): ProgramEngine {
  const { platform = ownPlatform } = options
  platform.checkThreads()
  const maxThreads = options.threads ?? platform.parallelism()
  // The engine is compiled once, for all threads.
  const pool = new Lazy(async () => new ThreadPool({ maxThreads, platform, module: await platform.compileEngine() }))
  let live = 0
  return {
    name: 'quickjs',
    get live() {
      return live
    },
    get idle() {
      return pool.value?.free ?? 0
    },
    async run(program, ports) {
      const deadline = platform.now() + ports.limits.deadlineMs
      const { halt, fuel } = ports
      // Looks after the deadline from the outside, in the queue too.
      const unwatch = fuel.watch()
      try {
        const ready = await pool.get()
        const thread = await ready.lease(halt)
        if (thread === undefined) {
          halt.set('aborted', 'The sandbox was disposed before the call had ended')
          return { ending: { outcome: 'stopped' }, usage: { fuel: 0, memoryPeakBytes: 0 } }
        }
        live++
        try {
          return await thread.run(program, ports, deadline)
        } finally {
          live--
          ready.giveBack(thread)
        }
      } finally {
        unwatch()
      }
    },
    async [Symbol.asyncDispose]() {
      await (await pool.settled())?.end()
    },
  }
}
