import { openArm } from './arm.js'
import { CASES } from './cases/index.js'
import { CONTENDERS } from './contenders/index.js'
import { createHost } from './host.js'
import { firstLine } from './measure.js'
import type { ArmRequest, FromArm, ToArm } from './messages.js'
import type { Case, Contender } from './suite.js'

/** Argument by which the bench starts itself as the process of one arm. */
export const SERVE_ARM = 'serve-arm'

/** Holds one arm and takes its samples when asked, until the bench lets go of it. */
export async function serveArm(request: ArmRequest): Promise<void> {
  const say = (message: FromArm): void => void process.send!(message)
  endWithBench()
  try {
    const { of, contender } = find(request)
    if (of.kind === 'outcome') throw new Error(`${of.name} is not sampled`)
    const host = await createHost(of, request.folder)
    const onPoint = (at: string | number): void => say({ type: 'preparing', at })
    const arm = await openArm(contender, of, { now: () => performance.now(), host, onPoint, ...(request.at === undefined ? {} : { at: request.at }) })
    process.on('message', (message) => {
      arm.burst((message as ToArm).at).then(
        (samples) => say({ type: 'samples', samples }),
        (error: unknown) => say({ type: 'failed', reason: firstLine(error) }),
      )
    })
    say({ type: 'ready', failures: arm.failures })
  } catch (error) {
    say({ type: 'failed', reason: firstLine(error) })
  }
}

/** The case and the contender a process was started for. */
export function find(request: { readonly case: string; readonly contender: string }): { readonly of: Case; readonly contender: Contender } {
  const of = CASES.find(({ name }) => name === request.case)
  const contender = CONTENDERS.find(({ name }) => name === request.contender)
  if (of === undefined || contender === undefined) throw new Error(`There is no ${request.case} of ${request.contender}`)
  return { of, contender }
}

/** Ends this process and all that it started when the bench is gone. */
export function endWithBench(): void {
  process.on('disconnect', () => {
    if (process.platform === 'win32') process.exit()
    process.kill(-process.pid, 'SIGKILL')
  })
}
