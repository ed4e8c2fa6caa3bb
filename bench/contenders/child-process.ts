import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Contender } from '../suite.js'
import { MEMORY_BYTES, TIMEOUT_MS } from './limits.js'
import { createRemote, remoteProgram } from './remote.js'

const FLAGS = [`--max-old-space-size=${MEMORY_BYTES / (1 << 20)}`, '-e']

/** Everything the user may do is within the guest's reach; here for its cost. */
export const childProcess: Contender = {
  name: 'child process',
  arm: 'contained',
  limits: 'time, memory',
  pace: 'slow',
  open: {
    async 'fresh-isolate'() {
      return async (program) => {
        const source = `process.stdout.write(JSON.stringify(${program}))`
        const child = spawn(process.execPath, [...FLAGS, source], { stdio: ['ignore', 'pipe', 'ignore'], timeout: TIMEOUT_MS })
        const chunks: Buffer[] = []
        child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
        await once(child, 'close')
        return JSON.parse(Buffer.concat(chunks).toString()) as unknown
      }
    },
    async 'tool-call'(host) {
      const port = `({ send: (m) => process.send(m), on: (f) => process.on('message', f) })`
      const source = `${remoteProgram(port)}\nprocess.on('disconnect', () => process.exit())`
      const child = spawn(process.execPath, [...FLAGS, source], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
      const remote = createRemote(host, (message) => void child.send(message))
      child.on('message', (message) => remote.receive(message))
      return (program) => remote.evaluate(program)
    },
  },
}
