import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type Contender, Stopped } from '../suite.js'
import { createRemote, remoteProgram, within } from './remote.js'
import { type Room, waysOf } from './room.js'

const PORT = `({ send: (message) => process.send(message), on: (listener) => process.on('message', listener) })`
const END_WITH_HOST = `process.on('disconnect', () => process.exit())`

/** How a Node that ran out of memory ends. */
const ABORTED = new Set<unknown>([134, 'SIGABRT', 'SIGTRAP', 'SIGILL'])

/** Everything the user may do is within the guest's reach; here for its cost. */
export const childProcess: Contender = {
  name: 'child process',
  arm: 'contained',
  limits: 'time, memory',
  pace: 'slow',
  ...waysOf({
    room: 'isolate',
    parts: ['lookup', 'console', 'files', 'http'],
    call: true,
    bytes: true,
    beside: true,
    most: 32,
    lacks: { 'host-call': 'has no synchronous way to ask the host', modules: 'loads modules only from files or URLs' },
    async prepare({ folder, limits }) {
      return (host, parts): Room => {
        const source = `${remoteProgram({ port: PORT, parts, folder })}\n${END_WITH_HOST}`
        const child = spawn(process.execPath, [`--max-old-space-size=${limits.memoryBytes / (1 << 20)}`, '-e', source], {
          stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced',
        })
        const remote = createRemote(host, (message) => void child.send(message))
        let stopped: Error | undefined
        child.on('message', (message) => remote.receive(message))
        child.on('error', (error) => remote.fail(error))
        child.on('exit', (code, signal) => remote.fail(stopped ?? (ABORTED.has(code ?? signal) ? new Stopped('memory') : new Error(`the process ended with ${code ?? signal}`))))
        const stop = (): void => {
          stopped = new Stopped('deadline')
          child.kill('SIGKILL')
        }
        return {
          evaluate: (program) => within(limits.deadlineMs, remote.evaluate(program), stop),
          call: (program, input) => within(limits.deadlineMs, remote.evaluate(`(${program})`, { input }), stop),
          async close() {
            if (child.exitCode !== null || child.signalCode !== null) return
            child.kill('SIGKILL')
            await once(child, 'exit')
          },
        }
      }
    },
  }),
}
