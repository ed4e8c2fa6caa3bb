import { type Curve, settledBytes, turn } from './curve.js'
import { ENDLESS, gather, gatherRunning } from './guests.js'

const FEW = 200
/** So many that the few isolates they share make no difference. */
const MANY = 2000

/** Room for all of them to stay. */
const ROOMY = { ...ENDLESS, maxIdle: FEW, idleMs: 3_600_000 }

export const states: Curve = {
  name: 'states',
  about: `resident memory of one isolate by what it does, over ${FEW} of them, or ${MANY} set aside`,
  axis: { title: 'state', unit: 'count' },
  points: { full: ['idle', 'running', 'waiting', 'set aside'], quick: ['idle', 'running', 'waiting', 'set aside'] },
  columns: [{ name: 'eachBytes', title: 'resident, each', unit: 'bytes' }],
  needsBytes: () => 700_000_000,
  async measure(glovebox, at) {
    const isAside = at === 'set aside'
    const bounds = isAside ? { maxWaiting: 0, maxIdle: 16 } : { maxSetAside: 0 }
    const count = isAside ? MANY : FEW
    await using sandbox = await glovebox.createSandbox({ pool: { ...ROOMY, ...bounds } })
    await sandbox.run('return 1')
    const before = await settledBytes()
    if (at === 'running') {
      const running = await gatherRunning(glovebox, sandbox, count)
      const eachBytes = (await settledBytes() - before) / count
      await running.end()
      return [{ at, figures: { eachBytes } }]
    }
    const crowd = await gather(glovebox, sandbox, count)
    if (at === 'idle') {
      crowd.answer(count)
      await crowd.end()
      // They are put back one after the other.
      for (let i = 0; i < 2 * count; i++) await turn()
    }
    const eachBytes = (await settledBytes() - before) / count
    if (at !== 'idle') crowd.answer(count)
    await crowd.end()
    return [{ at, figures: { eachBytes } }]
  },
}
