import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { findBinary } from '../packages.js'
import { type Contender, type HostFunctions, Stopped } from '../suite.js'
import { createRemote, remoteProgram, within } from './remote.js'
import { type Part, type Room, type RoomHost, waysOf } from './room.js'

/** Messages are lines of JSON: what a guest prints past them would be taken for one. */
const PORT = `await (async () => {
  const { createInterface } = await import('node:readline')
  const { stdin, stdout } = (await import('node:process')).default
  const lines = createInterface({ input: stdin })
  lines.on('close', () => (globalThis.Deno ?? process).exit(0))
  return { send: (message) => stdout.write(JSON.stringify(message) + '\\n'), on: (listener) => lines.on('line', (line) => listener(JSON.parse(line))) }
})()`

const ABORTED = new Set<unknown>([133, 134, 'SIGABRT', 'SIGTRAP', 'SIGILL'])
const LACKS = { 'host-call': 'has no synchronous way to ask the host', modules: 'loads modules only from files or URLs' }

type Arguments = (source: string, parts: readonly Part[], host: HostFunctions) => readonly string[]

/** Nothing is permitted but what a case needs. */
export const deno: Contender = {
  name: 'Deno subprocess',
  arm: 'contained',
  limits: 'time, memory',
  pace: 'slow',
  package: 'deno',
  ...subprocess(() => findBinary('deno', '@deno', 'deno'), (source, parts, { folder, limits }) => [
    'run', '--quiet', '--no-prompt', '--no-config', '--no-remote', `--v8-flags=--max-old-space-size=${limits.memoryBytes / (1 << 20)}`,
    ...(parts.includes('files') ? [`--allow-read=${folder}`, `--allow-write=${folder}`] : []),
    ...(parts.includes('http') ? ['--allow-net=127.0.0.1'] : []),
    `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`,
  ]),
}

/** Everything the user may do is within the guest's reach; here for its cost. */
export const bun: Contender = {
  name: 'Bun subprocess',
  arm: 'contained',
  limits: 'time',
  pace: 'slow',
  package: 'bun',
  ...subprocess(() => findBinary('bun', '@oven', 'bin/bun'), (source) => ['-e', source]),
}

function subprocess(find: () => string, toArguments: Arguments): Pick<Contender, 'open' | 'lacks'> {
  return waysOf({
    room: 'isolate',
    parts: ['lookup', 'console', 'files', 'http'],
    call: true,
    beside: true,
    most: 32,
    lacks: LACKS,
    async prepare(offered) {
      const binary = find()
      return (host, parts) => openRoom(binary, toArguments(remoteProgram({ port: PORT, parts, folder: offered.folder, fs: 'await import("node:fs")' }), parts, offered), host)
    },
  })
}

function openRoom(binary: string, args: readonly string[], host: RoomHost): Room {
  const { deadlineMs } = host.limits
  const child = spawn(binary, args, { stdio: ['pipe', 'pipe', 'ignore'], cwd: host.folder, env: { PATH: process.env['PATH'], NO_COLOR: '1', DENO_NO_UPDATE_CHECK: '1', HOME: host.folder } })
  const remote = createRemote(host, (message) => void child.stdin.write(`${JSON.stringify(message)}\n`))
  let stopped: Error | undefined
  // Writing to a process that has just ended: its end is what tells.
  child.stdin.on('error', () => {})
  createInterface({ input: child.stdout }).on('line', (line) => remote.receive(JSON.parse(line)))
  child.on('error', (error) => remote.fail(error))
  child.on('exit', (code, signal) => remote.fail(stopped ?? (ABORTED.has(code ?? signal) ? new Stopped('memory') : new Error(`the process ended with ${code ?? signal}`))))
  const stop = (): void => {
    stopped = new Stopped('deadline')
    child.kill('SIGKILL')
  }
  return {
    evaluate: (program) => within(deadlineMs, remote.evaluate(program), stop),
    call: (program, input) => within(deadlineMs, remote.evaluate(`(${program})`, { input }), stop),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}
