import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { startCompilerThread } from '../../../src/component/platform/node.js'
import type { CompilerPlatform, CompilerThreadEvents } from '../../../src/component/platform/platform.js'
import { capMemory } from '../../../src/component/worker/cap-memory.js'
import { compilerFromSources } from '../../support/compiler-platform.js'
import { compile, wat } from './support.js'

const TEXT = '(component (core module $m (func (export "x"))) (core instance $m (instantiate $m)) (func (export "t") (canon lift (core func $m "x"))))'

let directory = ''
const live = new Set<object>()
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glovebox-threads-'))
  live.clear()
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** A platform whose threads run a text in place of the transpiler. */
async function running(text: string): Promise<CompilerPlatform> {
  const file = join(directory, `${Math.random()}.mjs`)
  await writeFile(file, `import { parentPort } from 'node:worker_threads'\n${text}`)
  return {
    ...compilerFromSources,
    startThread: ({ onMessage, onEnd }) => {
      const thread = {}
      live.add(thread)
      return startCompilerThread(pathToFileURL(file), { onMessage, onEnd: (cause) => void (live.delete(thread), onEnd(cause)) }, { maxHeapMb: 24 })
    },
  }
}

describe('a thread that prepares components', () => {
  it.each([
    ['hangs', 'parentPort.on("message", () => { for (;;); })', { deadlineMs: 300 }, /longer than 300 ms/],
    ['never answers', 'parentPort.on("message", () => {})', { deadlineMs: 300 }, /longer than 300 ms/],
    ['runs out of memory', 'parentPort.on("message", () => { const held = []; for (;;) held.push(new Array(1e4).fill({})) })', {}, /more memory/],
    ['throws', 'parentPort.on("message", () => { throw new Error("x") })', {}, /ended before/],
    ['throws before it starts', 'throw new Error("x")', {}, /ended before/],
    ['ends the thread', 'parentPort.on("message", () => process.exit(0))', {}, /ended before/],
    ['breaks', 'parentPort.on("message", () => parentPort.postMessage({ type: "broken", message: "unreachable" }))', {}, /broke the transpiler \(unreachable\)/],
  ])('costs one load when it %s, and is gone afterwards', async (_, text, options, message) => {
    const platform = await running(text)
    const bytes = await wat(TEXT)
    await expect(compile(bytes, { platform, ...options })).rejects.toMatchObject({ code: 'load-stopped', message: expect.stringMatching(message) as string })
    await expect.poll(() => live.size).toBe(0)
    expect((await compile(bytes)).mode).toBe('sync')
  })

  it('has neither environment nor arguments of the process', async () => {
    const platform = await running('parentPort.on("message", () => parentPort.postMessage({ type: "broken", message: JSON.stringify([process.env, process.argv.slice(2), process.execArgv]) }))')
    await expect(compile(await wat(TEXT), { platform })).rejects.toThrow('[{},[],[]]')
  })

  it('says which package is missing, and how to install it', async () => {
    // From a folder without packages beside or above it.
    const file = join(directory, 'worker.mjs')
    await copyFile(inject('compilerFile'), file)
    const platform = { ...compilerFromSources, startThread: (events: CompilerThreadEvents) => startCompilerThread(pathToFileURL(file), events) }
    await expect(compile(await wat(TEXT), { platform })).rejects.toMatchObject({ code: 'missing-dependency', message: expect.stringContaining('npm install @bytecodealliance/jco-transpile@0.15') as string })
  })
})

describe('capMemory()', () => {
  const grow = (bytes: Uint8Array<ArrayBuffer>, pages: number): number => {
    const { m } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports
    try {
      return (m as WebAssembly.Memory).grow(pages)
    } catch {
      return -1
    }
  }

  it.each(['(memory (export "m") 2)', '(memory (export "m") 2 60000)'])('bounds %s', async (memory) => {
    const module = await wat(`(module ${memory} (func (export "f")) (data (i32.const 0) "x"))`)
    const capped = capMemory(module, 10)
    expect(grow(capped, 8)).toBe(2)
    expect(grow(capped, 9)).toBe(-1)
  })

  it.each(['(memory (export "m") 2 5)', ''])('leaves %j as it is', async (memory) => {
    const module = await wat(`(module ${memory} (func (export "f")))`)
    expect(capMemory(module, 10)).toEqual(module)
  })
})
