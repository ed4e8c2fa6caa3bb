import { MessageChannel, Worker } from 'node:worker_threads'
import { type Contender, Stopped } from '../suite.js'
import { createRemote, remoteProgram, within } from './remote.js'
import { type Room, waysOf } from './room.js'

/** Asks on a port of its own and sleeps until the answer is there. */
const PORT = `(({ parentPort, workerData, receiveMessageOnPort }) => ({
  send: (message) => parentPort.postMessage(message),
  on: (listener) => parentPort.on('message', listener),
  exists(path) {
    Atomics.store(workerData.flag, 0, 0)
    workerData.asking.postMessage(path)
    Atomics.wait(workerData.flag, 0, 0)
    return receiveMessageOnPort(workerData.asking).message
  },
}))(require('node:worker_threads'))`

/** Node's own globals are within the guest's reach; here for its cost. */
export const workerThreads: Contender = {
  name: 'worker_threads',
  arm: 'contained',
  limits: 'time, memory',
  pace: 'slow',
  ...waysOf({
    room: 'isolate',
    parts: ['exists', 'lookup', 'console', 'files', 'http'],
    call: true,
    bytes: true,
    beside: true,
    most: 64,
    lacks: { modules: 'loads modules only from files or URLs' },
    async prepare({ folder, limits }) {
      return (host, parts): Room => {
        const flag = new Int32Array(new SharedArrayBuffer(4))
        const { port1: asking, port2: answering } = new MessageChannel()
        const worker = new Worker(remoteProgram({ port: PORT, parts, folder }), {
          eval: true, workerData: { flag, asking }, transferList: [asking], resourceLimits: { maxOldGenerationSizeMb: limits.memoryBytes / (1 << 20) },
        })
        const remote = createRemote(host, (message) => worker.postMessage(message))
        let stopped: Error | undefined
        worker.on('message', (message) => remote.receive(message))
        worker.on('error', (error) => remote.fail((error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY' ? new Stopped('memory') : error))
        worker.on('exit', (code) => remote.fail(stopped ?? new Error(`the worker ended with ${code}`)))
        answering.on('message', (path: string) => {
          answering.postMessage(host.exists(path))
          Atomics.store(flag, 0, 1)
          Atomics.notify(flag, 0)
        })
        answering.unref()
        const stop = (): void => {
          stopped = new Stopped('deadline')
          void worker.terminate()
        }
        return {
          evaluate: (program) => within(limits.deadlineMs, remote.evaluate(program), stop),
          call: (program, input) => within(limits.deadlineMs, remote.evaluate(`(${program})`, { input }), stop),
          async close() {
            answering.close()
            await worker.terminate()
          },
        }
      }
    },
  }),
}
