import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url))

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCommand {
  readonly ended: Promise<Ended>
  interrupt(): void
}

export interface CommandOptions {
  /** Written to standard input, which is then closed. @default '' */
  readonly stdin?: string
  /** Leaves standard input open instead. */
  readonly keepsStdin?: true
  readonly cwd?: string
  /** The whole environment but `PATH`. @default {} */
  readonly env?: Readonly<Record<string, string>>
}

/** Starts the built command; it is killed after 30 seconds. */
export function start(args: readonly string[], { stdin = '', keepsStdin, cwd, env = {} }: CommandOptions = {}): RunningCommand {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: { PATH: process.env['PATH'], ...env }, timeout: 30_000, killSignal: 'SIGKILL' })
  const texts = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const) child[stream].setEncoding('utf8').on('data', (chunk: string) => (texts[stream] += chunk))
  // A command that is done before it has read everything closes its end.
  child.stdin.on('error', () => undefined)
  if (keepsStdin === undefined) child.stdin.end(stdin)
  return {
    ended: new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', (code) => {
        child.stdin.destroy()
        resolve({ code, ...texts })
      })
    }),
    interrupt: () => void child.kill('SIGINT'),
  }
}

/** Runs the built command to its end. */
export function glovebox(args: readonly string[], options?: CommandOptions): Promise<Ended> {
  return start(args, options).ended
}
