import type { GuestCore } from '../core.js'

/** The small part of Node's `process` that data grants fill: arguments, environment, output, exit. */
export default (core: GuestCore) => {
  const { args, env, stdin } = core.settings()
  const stream = (level: string) => ({
    write: (chunk: unknown): boolean => {
      core.log(level, typeof chunk === 'string' ? chunk : String(chunk))
      return true
    },
    isTTY: false,
  })
  const process = {
    argv: ['glovebox', 'main', ...args],
    env: { ...env },
    platform: 'wasm',
    arch: 'wasm32',
    pid: 1,
    version: 'v24.0.0',
    versions: Object.freeze({ node: '24.0.0' }),
    exitCode: undefined as number | undefined,
    stdin: Object.freeze({
      isTTY: false,
      text: (): string => stdin,
      async *[Symbol.asyncIterator]() {
        if (stdin !== '') yield stdin
      },
    }),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    cwd: () => '/',
    exit: (code?: unknown): never => core.exit(Number(code ?? process.exitCode ?? 0) | 0),
    nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]): void => queueMicrotask(() => callback(...args)),
    uptime: () => performance.now() / 1000,
    on: () => process,
    once: () => process,
    off: () => process,
  }
  return { process }
}
