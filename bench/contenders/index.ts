import type { Contender } from '../suite.js'
import { bareQuickjs, bareQuickjsMetered, nodeWasi } from './bare-quickjs.js'
import { childProcess } from './child-process.js'
import { jsonCopy, memcpy, structuredCloneCopy } from './copies.js'
import { glovebox, gloveboxJson, gloveboxThread } from './glovebox.js'
import { nodeWasiCommand, webAssembly } from './core-module.js'
import { isolatedVm } from './isolated-vm.js'
import { jco } from './jco.js'
import { miniflare } from './miniflare.js'
import { nodeVm } from './node-vm.js'
import { plain } from './plain.js'
import { quickjsEmscripten, quickjsEmscriptenModule } from './quickjs-emscripten.js'
import { quickjsWasi, quickjsWasiRestore } from './quickjs-wasi.js'
import { run } from './run.js'
import { sebastianwesselQuickjs } from './sebastianwessel-quickjs.js'
import { ses } from './ses.js'
import { bun, deno } from './subprocess.js'
import { workerThreads } from './worker-threads.js'

export const CONTENDERS: readonly Contender[] = [
  glovebox, gloveboxThread, gloveboxJson, quickjsWasi, quickjsWasiRestore, quickjsEmscripten, quickjsEmscriptenModule, sebastianwesselQuickjs, run,
  isolatedVm, nodeVm, ses, nodeWasi, workerThreads, childProcess, deno, bun, miniflare, plain, jsonCopy, structuredCloneCopy, memcpy, bareQuickjs, bareQuickjsMetered,
  jco, nodeWasiCommand, webAssembly,
]
