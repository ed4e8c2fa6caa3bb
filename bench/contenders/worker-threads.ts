import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Contender } from '../suite.js'
import { MEMORY_BYTES } from './limits.js'
import { createRemote, remoteProgram } from './remote.js'

const LIMITS = { maxOldGenerationSizeMb: MEMORY_BYTES / (1 << 20) }

/** Node's own globals are within the guest's reach; here for its cost. */
export const workerThreads: Contender = {
  name: 'worker_threads',
  arm: 'contained',
  limits: 'memory',
  pace: 'slow',
  open: {
    async 'fresh-isolate'() {
      return async (program) => {
        const worker = new Worker(`require('node:worker_threads').parentPort.postMessage(${program})`, { eval: true, resourceLimits: LIMITS })
        const [value] = (await once(worker, 'message')) as [unknown]
        await worker.terminate()
        return value
      }
    },
    async 'tool-call'(host) {
      const port = `((p) => ({ send: (m) => p.postMessage(m), on: (f) => p.on('message', f) }))(require('node:worker_threads').parentPort)`
      const worker = new Worker(remoteProgram(port), { eval: true, resourceLimits: LIMITS })
      const remote = createRemote(host, (message) => worker.postMessage(message))
      worker.on('message', (message) => remote.receive(message))
      return (program) => remote.evaluate(program)
    },
  },
}
