import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { $init, generate } from '@bytecodealliance/jco-transpile/component'
import { componentNew } from '@bytecodealliance/jco-transpile/wasm-tools'
import { readRequest } from './baseline.ts'

// Runs one program of WASI preview 1 in this process with jco and its preview2-shim, which comes with it.
interface Command {
  readonly 'wasi:cli/run'?: { run(): void }
  readonly run?: { run(): void }
}
interface Glue {
  instantiate(getCoreModule: (name: string) => Promise<WebAssembly.Module>, imports: object): Promise<Command>
}
const shimPackage = '@bytecodealliance/preview2-shim/instantiation'
const { WASIShim } = (await import(shimPackage)) as { WASIShim: new (options: object) => { getImportObject(): object } }

const { file, args, env, folder } = readRequest()
const adapter = readFileSync(join(import.meta.dirname, '../../wasm/adapters/wasi_snapshot_preview1.command.wasm'))
const component = await componentNew(readFileSync(file), [['wasi_snapshot_preview1', adapter]])
await $init
const { files } = generate(component, {
  name: 'component', noTypescript: true, instantiation: { tag: 'async' }, importBindings: { tag: 'js' }, noNodejsCompat: false,
  base64Cutoff: 0, map: [], asyncMode: { tag: 'sync' },
})
const find = (name: string): Uint8Array => files.find(([each]) => each === name)![1]
const glue = (await import(`data:text/javascript;base64,${Buffer.from(find('component.js')).toString('base64')}`)) as Glue
const shim = new WASIShim({ sandbox: { preopens: folder === undefined ? {} : { '/': folder }, env, args: ['component', ...args] } })
const command = await glue.instantiate((name) => WebAssembly.compile(find(name).slice()), shim.getImportObject())
const { run } = (command['wasi:cli/run'] ?? command.run)!
run()
