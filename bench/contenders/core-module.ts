import { IO, findGuest, readCore, readGuest } from '../guests/index.js'
import type { Contender } from '../suite.js'
import { readSize } from './host-files.js'

/** What a core module of the guests exports, where it does. */
interface Core {
  readonly memory: WebAssembly.Memory
  readonly realloc: (old: number, oldSize: number, align: number, size: number) => number
  readonly add: (a: number, b: number) => number
  readonly slugify: (text: number, size: number) => number
}

const NO_IMPORTS = 'gives a module without imports nothing; WebAssembly.Instance stands for it'

/** The core module of a component with its texts carried over by hand: what the engine below all the others costs. */
export const webAssembly: Contender = {
  name: 'WebAssembly.Instance',
  arm: 'baseline',
  limits: 'none',
  pace: 'fast',
  open: {
    'component-load': async () => async (name, { input }) => call(instantiate(await WebAssembly.compile(readCore(findGuest(name)))), name, input),
    'component-instantiate': async () => {
      const find = keep((name) => new WebAssembly.Module(readCore(findGuest(name))))
      return (name, { input }) => call(instantiate(find(name)), name, input)
    },
    'component-call': async () => {
      const find = keep((name) => instantiate(new WebAssembly.Module(readCore(findGuest(name)))))
      return (name, { input }) => call(find(name), name, input)
    },
  },
  lacks: { 'component-files': 'has no files' },
}

/** Core modules of WASI preview 1 by Node's own, which is documented as no security boundary. */
export const nodeWasiCommand: Contender = {
  name: 'node:wasi',
  arm: 'contained',
  limits: 'none',
  pace: 'fast',
  open: {
    async 'component-files'({ folder }) {
      const { WASI } = await import('node:wasi')
      const module = await WebAssembly.compile(readGuest(IO))
      return (line) => {
        const wasi = new WASI({ version: 'preview1', args: ['io', ...line.split(' ')], preopens: { '/data': folder }, returnOnExit: true })
        const code = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject() as WebAssembly.Imports))
        if (code !== 0) throw new Error(`ended with code ${code}`)
        return readSize(folder)
      }
    },
  },
  lacks: { 'component-load': NO_IMPORTS, 'component-instantiate': NO_IMPORTS, 'component-call': NO_IMPORTS },
}

const instantiate = (module: WebAssembly.Module): Core => new WebAssembly.Instance(module).exports as unknown as Core

function call(core: Core, name: string, input: unknown): unknown {
  if (name === 'add') return core.add(...(input as [number, number]))
  const bytes = new TextEncoder().encode((input as [string])[0])
  const at = core.realloc(0, 0, 1, bytes.length)
  new Uint8Array(core.memory.buffer).set(bytes, at)
  const result = new DataView(core.memory.buffer, core.slugify(at, bytes.length), 8)
  return new TextDecoder().decode(new Uint8Array(core.memory.buffer, result.getUint32(0, true), result.getUint32(4, true)))
}

function keep<T>(make: (name: string) => T): (name: string) => T {
  const kept = new Map<string, T>()
  return (name) => {
    const found = kept.get(name) ?? make(name)
    kept.set(name, found)
    return found
  }
}
