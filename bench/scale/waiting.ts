import type { At } from '../suite.js'
import { type Curve, type Glovebox, type Row, settledBytes } from './curve.js'
import { ENDLESS, gather } from './guests.js'

const COLUMNS: Curve['columns'] = [
  { name: 'startMs', title: 'until all wait, each', unit: 'time' },
  { name: 'answerMs', title: 'until all ended, each', unit: 'time' },
  { name: 'rssBytes', title: 'resident', unit: 'bytes' },
  { name: 'eachBytes', title: 'more than none, each', unit: 'bytes' },
  { name: 'live', title: 'isolates', unit: 'count' },
  { name: 'keptBytes', title: 'kept of a guest', unit: 'bytes' },
]

const measureWith = (pool: typeof ENDLESS) => async (glovebox: Glovebox, at: At): Promise<readonly Row[]> => {
  const count = Number(at)
  await using sandbox = await glovebox.createSandbox({ pool })
  await (await gather(glovebox, sandbox, 1).then((warm) => (warm.answer(1), warm))).end()
  const before = await settledBytes()
  const began = performance.now()
  const crowd = await gather(glovebox, sandbox, count)
  const startMs = performance.now() - began
  const { live, setAside, setAsideBytes } = sandbox.stats()
  const rssBytes = await settledBytes()
  const answered = performance.now()
  crowd.answer(count)
  await crowd.end()
  const answerMs = performance.now() - answered
  return [{
    at,
    figures: {
      startMs: startMs / count,
      answerMs: answerMs / count,
      rssBytes,
      eachBytes: (rssBytes - before) / count,
      live,
      ...(setAside === 0 ? {} : { keptBytes: setAsideBytes / setAside }),
    },
  }]
}

export const waiting: Curve = {
  name: 'waiting',
  about: 'calls that wait on a tool at once; beyond 128 of them they are set aside',
  axis: { title: 'calls', unit: 'count' },
  points: { full: [1, 10, 100, 1000, 3000, 10_000], quick: [1, 100, 1000] },
  columns: COLUMNS,
  needsBytes: (at) => 200_000_000 + Number(at) * 150_000,
  measure: measureWith({}),
}

export const waitingLive: Curve = {
  name: 'live',
  about: 'the same where nobody is ever set aside, so that each keeps an isolate of its own',
  axis: { title: 'calls', unit: 'count' },
  points: { full: [1, 10, 100, 1000, 2000, 5000], quick: [1, 100] },
  columns: COLUMNS.filter(({ name }) => name !== 'keptBytes'),
  needsBytes: (at) => 200_000_000 + Number(at) * 2_600_000,
  measure: measureWith({ ...ENDLESS, maxSetAside: 0 }),
}
