import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inject } from 'vitest'
import { platform, startCompilerThread } from '../../src/component/platform/node.js'
import type { CompilerPlatform } from '../../src/component/platform/platform.js'
import { ROOT } from './source-files.js'

/** The platform of Node with threads and adapters of the sources under test. */
export const compilerFromSources: CompilerPlatform = {
  ...platform,
  startThread: (events) => startCompilerThread(pathToFileURL(inject('compilerFile')), events),
  readAdapter: (kind) => readFile(join(ROOT, `wasm/adapters/wasi_snapshot_preview1.${kind}.wasm`)),
}
