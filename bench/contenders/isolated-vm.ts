import { load } from '../packages.js'
import type { Contender, Evaluate, HostFunctions } from '../suite.js'
import { MEMORY_BYTES, TIMEOUT_MS } from './limits.js'

interface Library {
  readonly default: {
    readonly Isolate: new (options: { readonly memoryLimit: number }) => Isolate
    readonly Callback: new (fn: unknown) => object
    readonly Reference: new (value: unknown) => object
  }
}
interface Isolate {
  createContextSync(): Context
  dispose(): void
}
interface Context {
  readonly global: { setSync(name: string, value: object): void }
  evalSync(code: string, options: { readonly timeout: number }): unknown
  eval(code: string, options: { readonly timeout: number; readonly promise: true; readonly copy: true }): Promise<unknown>
}

/** A callback cannot give a promise; a reference can. */
const LOOKUP = 'globalThis.lookup = (item) => host.apply(undefined, [item], { arguments: { copy: true }, result: { promise: true, copy: true } })'
const OPTIONS = { memoryLimit: MEMORY_BYTES / (1 << 20) }

export const isolatedVm: Contender = {
  name: 'isolated-vm',
  arm: 'contained',
  limits: 'time, memory',
  pace: 'fast',
  package: 'isolated-vm',
  open: {
    async 'fresh-isolate'() {
      const { Isolate } = (await load<Library>('isolated-vm')).default
      return (program) => {
        const isolate = new Isolate(OPTIONS)
        const value = isolate.createContextSync().evalSync(program, { timeout: TIMEOUT_MS })
        isolate.dispose()
        return value
      }
    },
    async 'host-call'(host) {
      const context = await openContext(host)
      return (program) => context.evalSync(program, { timeout: TIMEOUT_MS })
    },
    async 'tool-call'(host): Promise<Evaluate> {
      const context = await openContext(host)
      return (program) => context.eval(program, { timeout: TIMEOUT_MS, promise: true, copy: true })
    },
  },
}

async function openContext(host: HostFunctions): Promise<Context> {
  const { Callback, Isolate, Reference } = (await load<Library>('isolated-vm')).default
  const context = new Isolate(OPTIONS).createContextSync()
  context.global.setSync('exists', new Callback(host.exists))
  context.global.setSync('host', new Reference(host.lookup))
  context.evalSync(LOOKUP, { timeout: TIMEOUT_MS })
  return context
}
