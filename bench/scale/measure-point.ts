import { firstLine } from '../measure.js'
import { loadGlovebox } from '../packages.js'
import type { At } from '../suite.js'
import type { Row } from './curve.js'
import { CURVES } from './curves.js'

/** Argument by which the program starts itself as the process of one point. */
export const SERVE_POINT = 'serve-point'

export interface PointRequest {
  readonly curve: string
  readonly at: At
}

export type FromPoint = { readonly type: 'rows'; readonly rows: readonly Row[] } | { readonly type: 'failed'; readonly reason: string }

/** Measures one point in its process and says what it found. */
export async function measurePoint({ curve: name, at }: PointRequest): Promise<void> {
  process.once('disconnect', () => process.exit())
  const say = (message: FromPoint): Promise<void> => new Promise((resolve) => process.send!(message, () => resolve()))
  try {
    const curve = CURVES.find((each) => each.name === name)
    if (curve === undefined) throw new Error(`There is no curve ${name}`)
    await say({ type: 'rows', rows: await curve.measure(await loadGlovebox(), at) })
  } catch (error) {
    await say({ type: 'failed', reason: firstLine(error) })
  }
  process.disconnect()
}
