import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { GloveboxError } from '../../errors.js'
import { startTimer } from '../../platform/start-timer.js'
import type { GlueFactory } from '../glue.js'
import type { CompilerPlatform, CompilerThread, CompilerThreadEvents, Store } from './platform.js'
import { readUrl, tooLarge, unreadable } from './read-url.js'

export const platform: CompilerPlatform = Object.freeze({
  startTimer,
  async read(url: URL, maxBytes: number) {
    if (url.protocol !== 'file:') return readUrl(url, maxBytes, fetch)
    try {
      if ((await stat(url)).size > maxBytes) throw tooLarge(url, maxBytes)
      return await readFile(url)
    } catch (cause) {
      throw cause instanceof GloveboxError ? cause : unreadable(url, (cause as NodeJS.ErrnoException).code ?? 'it cannot be read', cause)
    }
  },
  digest: async (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex'),
  startThread: (events: CompilerThreadEvents) => startCompilerThread(new URL('./compiler/worker-node.js', distribution()), events),
  compile: (bytes: Uint8Array) => WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>),
  evaluate(body: string, outside: object): GlueFactory {
    try {
      // oxlint-disable-next-line no-new-func -- the glue is text; what it can name is decided by the scope around it.
      return new Function('outside', body)(outside) as GlueFactory
    } catch (cause) {
      if (!(cause instanceof EvalError)) throw cause
      throw new GloveboxError('unsupported-platform', 'Cannot load a component: this process forbids to evaluate text; prepare it with "glovebox build" and load that', { cause })
    }
  },
  readAdapter: (kind: 'command' | 'reactor') => readFile(new URL(`./adapters/wasi_snapshot_preview1.${kind}.wasm`, distribution())),
  openStore,
})

/**
 * Starts a thread on a file. Its heap is bounded; the transpiler's own memory is bounded by the thread itself.
 * @param options.maxHeapMb @default 512
 */
export function startCompilerThread(file: URL, { onMessage, onEnd }: CompilerThreadEvents, { maxHeapMb = 512 }: { readonly maxHeapMb?: number } = {}): CompilerThread {
  const worker = new Worker(file, {
    name: 'glovebox components',
    env: {},
    argv: [],
    execArgv: [],
    stdin: false,
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: maxHeapMb, stackSizeMb: 8 },
  })
  worker.on('message', onMessage)
  worker.once('messageerror', onEnd)
  worker.once('error', onEnd)
  worker.once('exit', (code) => onEnd(new Error(`the thread ended with code ${code}`)))
  return {
    post: (message, transfer = []) => worker.postMessage(message, [...transfer]),
    terminate: async () => void (await worker.terminate()),
  }
}

/** Files are written beside their place and moved there, so that nobody ever reads half of one. */
function openStore(directory: string): Store {
  return {
    async read(name) {
      try {
        return await readFile(join(directory, name))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    async write(name, bytes) {
      await mkdir(directory, { recursive: true, mode: 0o700 })
      const aside = join(directory, `.${name}.${randomUUID()}`)
      try {
        await writeFile(aside, bytes, { mode: 0o600, flag: 'wx' })
        await rename(aside, join(directory, name))
      } catch (error) {
        await rm(aside, { force: true })
        throw error
      }
    },
  }
}

/** The folder of the built package. */
function distribution(): URL {
  return pathToFileURL(createRequire(import.meta.url).resolve('glovebox/quickjs.wasm'))
}
