import type { Case } from '../suite.js'
import { coldCall, coldImport } from './cold.js'
import { componentCall, componentFiles, componentInstantiate, componentLoad } from './components.js'
import { consoleLine } from './console.js'
import { bytesIn, bytesOut, objectsIn, objectsOut } from './crossing.js'
import { idleIsolates, runningIsolates, waitingIsolates } from './density.js'
import { files } from './files.js'
import { freshIsolate, freshIsolateIdle } from './fresh-isolate.js'
import { hostCall } from './host-call.js'
import { escape, runaway } from './hostile.js'
import { http } from './http.js'
import { kernels } from './kernels.js'
import { modules } from './modules.js'
import { sessionCall } from './session.js'
import { throughput } from './throughput.js'
import { toolCall } from './tool-call.js'

export const CASES: readonly Case[] = [
  coldImport, coldCall, freshIsolate, freshIsolateIdle, sessionCall, hostCall, toolCall, consoleLine,
  objectsIn, objectsOut, bytesIn, bytesOut, modules, kernels, files, http,
  throughput, idleIsolates, waitingIsolates, runningIsolates, runaway, escape,
  componentLoad, componentInstantiate, componentCall, componentFiles,
]
