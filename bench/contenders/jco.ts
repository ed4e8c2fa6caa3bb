import { join } from 'node:path'
import { GUESTS, IO, findGuest, readGuest } from '../guests/index.js'
import { ROOT, load } from '../packages.js'
import type { Contender, HostFunctions } from '../suite.js'
import { readSize } from './host-files.js'

type Exports = Readonly<Record<string, unknown>>
type MakeInstance = (imports: object) => Exports

interface Bindgen {
  readonly $init: Promise<void>
  generate(component: Uint8Array, options: object): { readonly files: readonly (readonly [name: string, bytes: Uint8Array<ArrayBuffer>])[] }
}
interface WasmTools {
  componentNew(module: Uint8Array, adapters: readonly (readonly [name: string, bytes: Uint8Array])[]): Promise<Uint8Array>
}
interface Shim {
  readonly WASIShim: new (options: object) => { getImportObject(): object }
}
interface Glue {
  instantiate(getCoreModule: (name: string) => WebAssembly.Module, imports: object): Exports
}

/** The other way to run components in Node, in its quickest form: all in one process, instantiated at once. */
export const jco: Contender = {
  name: 'jco + preview2-shim',
  arm: 'contained',
  limits: 'none',
  pace: 'fast',
  package: ['@bytecodealliance/jco-transpile', '@bytecodealliance/preview2-shim'],
  open: {
    async 'component-load'() {
      const transpile = await loadTranspiler()
      const imports = await loadImports({})
      return async (name, { input }) => call((await transpile(readGuest(findGuest(name).file)))(imports), name, input)
    },
    async 'component-instantiate'() {
      const { makers, imports } = await prepareGuests()
      return (name, { input }) => call(makers.get(name)!(imports), name, input)
    },
    async 'component-call'() {
      const { makers, imports } = await prepareGuests()
      const instances = new Map([...makers].map(([name, make]) => [name, make(imports)]))
      return (name, { input }) => call(instances.get(name)!, name, input)
    },
    async 'component-files'({ folder }: HostFunctions) {
      const { componentNew } = await load<WasmTools>('@bytecodealliance/jco-transpile/wasm-tools')
      const adapter = readGuest(join(ROOT, 'wasm/adapters/wasi_snapshot_preview1.command.wasm'))
      const make = await (await loadTranspiler())(await componentNew(readGuest(IO), [['wasi_snapshot_preview1', adapter]]))
      const { WASIShim } = await load<Shim>('@bytecodealliance/preview2-shim/instantiation')
      return (line) => {
        const shim = new WASIShim({ sandbox: { preopens: { '/data': folder }, env: {}, args: ['io', ...line.split(' ')] } })
        const exports = make(shim.getImportObject())
        // A run that fails ends the process, or throws.
        ;(exports['run'] as { run(): void }).run()
        return readSize(folder)
      }
    },
  },
}

async function prepareGuests(): Promise<{ readonly makers: ReadonlyMap<string, MakeInstance>; readonly imports: object }> {
  const transpile = await loadTranspiler()
  const makers = new Map<string, MakeInstance>()
  for (const [name, { file }] of Object.entries(GUESTS)) makers.set(name, await transpile(readGuest(file)))
  return { makers, imports: await loadImports({}) }
}

async function loadImports(sandbox: object): Promise<object> {
  const { WASIShim } = await load<Shim>('@bytecodealliance/preview2-shim/instantiation')
  return new WASIShim({ sandbox }).getImportObject()
}

/** Transpiles a component and compiles what comes of it. */
async function loadTranspiler(): Promise<(component: Uint8Array) => Promise<MakeInstance>> {
  const { $init, generate } = await load<Bindgen>('@bytecodealliance/jco-transpile/component')
  await $init
  let made = 0
  return async (component) => {
    const { files } = generate(component, {
      name: 'component', noTypescript: true, instantiation: { tag: 'sync' }, importBindings: { tag: 'js' }, noNodejsCompat: false,
      base64Cutoff: 0, map: [], asyncMode: { tag: 'sync' },
    })
    const modules = new Map<string, WebAssembly.Module>()
    for (const [name, bytes] of files) if (name.endsWith('.wasm')) modules.set(name, await WebAssembly.compile(bytes.slice()))
    // Node keeps modules by their address, and a kept one would cost nothing the second time.
    const text = `${Buffer.from(files.find(([name]) => name === 'component.js')![1]).toString()}\n// ${++made}`
    const glue = (await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`)) as Glue
    return (imports) => glue.instantiate((name) => modules.get(name)!, imports)
  }
}

function call(exports: Exports, name: string, input: unknown): unknown {
  const { interface: within } = findGuest(name)
  const from = within === undefined ? exports : (exports[within] as Exports)
  return (from[name] as (...args: readonly unknown[]) => unknown)(...(input as readonly unknown[]))
}
