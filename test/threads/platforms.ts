import { Worker } from 'node:worker_threads'
import { THREAD_OPTIONS } from '../../src/platform/node.js'
import type { Platform, PlatformThread, PlatformThreadEvents } from '../../src/platform/platform.js'
import { fromSources } from '../support/thread-platform.js'

export interface Watched {
  readonly platform: Platform
  /** Threads in the order they were started. */
  readonly threads: { terminated: boolean; held: boolean; ended: boolean }[]
  /** Messages to all threads, and from them. */
  readonly sent: unknown[]
  readonly received: unknown[]
}

export interface WatchOptions {
  /** How the thread with this number is started. @default the package's own */
  readonly start?: (number: number, events: PlatformThreadEvents) => PlatformThread
}

/** The platform of Node, watched. */
export function watched({ start = (_number, events) => fromSources.startThread(events) }: WatchOptions = {}): Watched {
  const threads: Watched['threads'] = []
  const sent: unknown[] = []
  const received: unknown[] = []
  return {
    threads, sent, received,
    platform: {
      ...fromSources,
      startThread(events) {
        const state = { terminated: false, held: false, ended: false }
        const number = threads.push(state) - 1
        const thread = start(number, {
          onMessage: (message) => {
            received.push(message)
            events.onMessage(message)
          },
          onEnd: (cause) => {
            state.ended = true
            events.onEnd(cause)
          },
        })
        return {
          post: (message) => {
            sent.push(message)
            thread.post(message)
          },
          hold: () => {
            state.held = true
            thread.hold()
          },
          release: () => {
            state.held = false
            thread.release()
          },
          terminate: () => {
            state.terminated = true
            return thread.terminate()
          },
        }
      },
    },
  }
}

/** A thread that says it is ready and then does what `onRun` says, a text evaluated in it. */
export function startRogue(events: PlatformThreadEvents, onRun: string): PlatformThread {
  const code = `
    const { parentPort } = require('node:worker_threads')
    parentPort.on('message', (message) => {
      if (message.type === 'start') parentPort.postMessage({ type: 'ready' })
      if (message.type === 'run') { ${onRun} }
    })`
  const worker = new Worker(code, { ...THREAD_OPTIONS, eval: true })
  worker.on('message', events.onMessage)
  worker.once('error', events.onEnd)
  worker.once('exit', events.onEnd)
  return {
    post: (message) => worker.postMessage(message),
    hold: () => worker.ref(),
    release: () => worker.unref(),
    terminate: async () => void (await worker.terminate()),
  }
}
