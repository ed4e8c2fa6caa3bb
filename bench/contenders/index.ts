import type { Contender } from '../suite.js'
import { childProcess } from './child-process.js'
import { glovebox } from './glovebox.js'
import { isolatedVm } from './isolated-vm.js'
import { nodeVm } from './node-vm.js'
import { plain } from './plain.js'
import { quickjsEmscripten, quickjsEmscriptenContext, quickjsEmscriptenModule } from './quickjs-emscripten.js'
import { quickjsWasi, quickjsWasiCreate, quickjsWasiRestore } from './quickjs-wasi.js'
import { ses } from './ses.js'
import { workerThreads } from './worker-threads.js'

export const CONTENDERS: readonly Contender[] = [
  glovebox, quickjsWasi, quickjsWasiCreate, quickjsWasiRestore, quickjsEmscripten, quickjsEmscriptenModule, quickjsEmscriptenContext,
  isolatedVm, nodeVm, ses, workerThreads, childProcess, plain,
]
