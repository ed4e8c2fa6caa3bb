import { type ChildProcess, fork } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInbox } from './inbox.js'

/** What a disk makes of a file is no contender's doing. */
const IN_MEMORY = '/dev/shm'

/** A process of the bench with a directory of its own. Disposing it ends it, all that it started, and the directory. */
export interface BenchChild<FromChild> extends Disposable {
  readonly pid: number
  /** Whether it can still be spoken to. */
  readonly connected: boolean
  send(message: object): void
  /** The next message. Rejects when the process ends first, with what it complained of, or when none comes within `patienceMs`. */
  next(patienceMs: number): Promise<FromChild>
}

export interface ChildOptions {
  /** Its first argument, by which the entry knows what to be. */
  readonly role: string
  /** Its second argument, as JSON. */
  readonly request: (folder: string) => object
  readonly nodeFlags?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** After so much work the kernel ends it, should nobody be left who does. @default 1200 */
  readonly cpuSeconds?: number
}

/** All processes of one run. Disposing it ends those that are alive. */
export interface Children extends Disposable {
  start<FromChild>(options: ChildOptions): BenchChild<FromChild>
}

/** `entry` is the program that every process runs. */
export function createChildren(entry: string): Children {
  const alive = new Set<Disposable>()
  return {
    start<FromChild>({ role, request, nodeFlags = [], env = {}, cpuSeconds = 1200 }: ChildOptions): BenchChild<FromChild> {
      const folder = mkdtempSync(join(existsSync(IN_MEMORY) ? IN_MEMORY : tmpdir(), 'glovebox-bench-'))
      const child = fork(entry, [role, JSON.stringify(request(folder))], {
        // A group of its own: what it starts ends with it, and an interrupt in the terminal is for the bench alone.
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'], detached: true, env: { ...process.env, ...env }, ...bounded(cpuSeconds, nodeFlags),
      })
      // A message to a process that has just ended: whoever waits for the answer is told.
      child.on('error', () => {})
      child.on('exit', () => endGroup(child))
      const inbox = createInbox<FromChild>(child)
      const handle: BenchChild<FromChild> = {
        pid: child.pid ?? 0,
        get connected() {
          return child.connected
        },
        send: (message) => void child.send(message),
        next: (patienceMs) => inbox.next(patienceMs),
        [Symbol.dispose]() {
          if (!alive.delete(handle)) return
          endGroup(child)
          rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
        },
      }
      alive.add(handle)
      return handle
    },
    [Symbol.dispose]() {
      for (const child of alive) child[Symbol.dispose]()
    },
  }
}

function bounded(cpuSeconds: number, nodeFlags: readonly string[]): { readonly execPath?: string; readonly execArgv: string[] } {
  if (process.platform === 'win32') return { execArgv: [...nodeFlags] }
  return { execPath: '/bin/sh', execArgv: ['-c', `ulimit -t ${cpuSeconds} && exec "$0" "$@"`, process.execPath, ...nodeFlags] }
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // All of them have ended.
  }
}
