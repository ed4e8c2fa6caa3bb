import type { Curve } from './curve.js'
import { sizes } from './sizes.js'
import { states } from './states.js'
import { steady } from './steady.js'
import { throughput } from './throughput.js'
import { waiting, waitingLive } from './waiting.js'

export const CURVES: readonly Curve[] = [waiting, waitingLive, states, throughput, sizes, steady]
