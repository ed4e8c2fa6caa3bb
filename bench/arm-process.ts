import { type ChildProcess, fork } from 'node:child_process'
import type { Entrant } from './measure.js'
import type { FromArm, ToArm } from './messages.js'
import { SERVE_ARM } from './serve-arm.js'
import type { Case, Contender } from './suite.js'

/** How long an arm may take to get ready, or for one burst. */
const PATIENCE_MS = 120_000

export interface ArmProcess extends Entrant, Disposable {}

/**
 * Starts a process for one contender in one case and waits until it is proven and warm.
 * A process each, because contenders freeze intrinsics, abort, and leave garbage that others must not pay for.
 * Rejects with the reason when it cannot be measured. The caller disposes it.
 */
export async function startArmProcess(contender: Contender, of: Case, entry: string): Promise<ArmProcess> {
  const child = fork(entry, [SERVE_ARM, of.name, contender.name], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let complaints = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    if (complaints.length < 10_000) complaints += chunk.toString()
  })
  // A message to a process that has just ended: the waiting answer tells of it.
  child.on('error', () => {})
  const answer = (): Promise<FromArm> => nextMessage(child, () => complaints)
  const first = await answer().catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  if (first.type !== 'ready') throw new Error(first.type === 'failed' ? first.reason : 'answered before it was ready')
  return {
    name: contender.name,
    async burst() {
      if (!child.connected) throw new Error('ended between two bursts')
      const answered = answer()
      child.send({ type: 'burst' } satisfies ToArm)
      const message = await answered
      if (message.type !== 'samples') throw new Error(message.type === 'failed' ? message.reason : 'got ready twice')
      return message.samples
    },
    [Symbol.dispose]: () => void child.kill('SIGKILL'),
  }
}

function nextMessage(child: ChildProcess, complaints: () => string): Promise<FromArm> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('close', onClose)
    }
    const onMessage = (message: unknown): void => {
      stop()
      resolve(message as FromArm)
    }
    const onClose = (code: number | null, signal: string | null): void => {
      stop()
      const said = complaints().split('\n').find((line) => /error|fatal|abort/i.test(line))
      reject(new Error(`ended by ${signal ?? `exit code ${code}`}${said === undefined ? '' : `: ${said.trim()}`}`))
    }
    const timer = setTimeout(() => {
      stop()
      reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`))
    }, PATIENCE_MS)
    child.on('message', onMessage)
    child.on('close', onClose)
  })
}
