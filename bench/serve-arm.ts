import { openArm } from './arm.js'
import { CASES } from './cases/index.js'
import { CONTENDERS } from './contenders/index.js'
import { firstLine } from './measure.js'
import type { FromArm } from './messages.js'

/** Argument by which the bench starts itself as the process of one arm. */
export const SERVE_ARM = 'serve-arm'

/** Holds one arm and takes its samples when asked, until the bench lets go of it. */
export async function serveArm(caseName: string, contenderName: string): Promise<void> {
  const say = (message: FromArm): void => void process.send!(message)
  try {
    const of = CASES.find(({ name }) => name === caseName)
    const contender = CONTENDERS.find(({ name }) => name === contenderName)
    if (of === undefined || contender === undefined) throw new Error(`There is no ${caseName} of ${contenderName}`)
    const arm = await openArm(contender, of, () => performance.now())
    process.on('message', () => {
      arm.burst().then(
        (samples) => say({ type: 'samples', samples }),
        (error: unknown) => say({ type: 'failed', reason: firstLine(error) }),
      )
    })
    process.on('disconnect', () => process.exit())
    say({ type: 'ready' })
  } catch (error) {
    say({ type: 'failed', reason: firstLine(error) })
    process.disconnect()
  }
}
