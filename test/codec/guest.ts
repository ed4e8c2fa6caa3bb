import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { build } from 'esbuild'
import { QuickJS } from 'quickjs-wasi'
import type { WireMessage } from '../../src/codec.js'

const require = createRequire(import.meta.url)
const root = new URL('../..', import.meta.url).pathname

/** One isolate of the real engine with modules of ours in it, as globals. */
export interface Guest {
  /** Runs a script and gives back the string it ends with. */
  eval(source: string): string
  /** Stores a message in the guest as `globalThis.message`. */
  send(message: WireMessage): void
  /** Takes `globalThis.message` out of the guest. */
  receive(): WireMessage
  [Symbol.dispose](): void
}

/** `modules`: global name to path of a TypeScript module of this package. */
export async function openGuest(modules: Readonly<Record<string, string>>): Promise<Guest> {
  const bundles = await Promise.all(Object.entries(modules).map(async ([globalName, entry]) => {
    const { outputFiles } = await build({
      entryPoints: [root + entry], bundle: true, write: false, format: 'iife', globalName, target: 'es2023', platform: 'neutral',
    })
    return outputFiles[0]!.text
  }))
  const vm = await QuickJS.create({ wasm: readFileSync(require.resolve('quickjs-wasi/quickjs.wasm')), memoryLimit: 64 << 20 })
  const run = (source: string) => vm.evalCode(source)
  for (const bundle of bundles) run(bundle).dispose()
  const evaluate = (source: string): string => {
    const result = run(source)
    const value: unknown = vm.dump(result)
    result.dispose()
    return String(value)
  }
  return {
    eval: evaluate,
    send(message) {
      const blobs = message.blobs.map((blob) => `new Uint8Array([${blob.join()}])`)
      run(`globalThis.message = { text: ${JSON.stringify(message.text)}, blobs: [${blobs.join()}] }`).dispose()
    },
    receive() {
      const shown = evaluate('JSON.stringify([message.text, message.blobs.map((blob) => Array.from(blob))])')
      const [text, blobs] = JSON.parse(shown) as [string, number[][]]
      return { text, blobs: blobs.map((bytes) => new Uint8Array(bytes)) }
    },
    [Symbol.dispose]: () => vm.dispose(),
  }
}
