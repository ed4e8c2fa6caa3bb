import { load } from '../packages.js'
import { type Contender, type Evaluate, type HostFunctions, Stopped } from '../suite.js'
import { type Part, type Room, type RoomHost, waysOf } from './room.js'

interface Library {
  readonly default: {
    readonly Isolate: new (options: { readonly memoryLimit: number }) => Isolate
    readonly Callback: new (fn: unknown) => object
    readonly Reference: new (value: unknown) => object
    readonly ExternalCopy: new (value: unknown) => { copyInto(options: { readonly release: true }): object }
  }
}
interface Isolate {
  readonly isDisposed: boolean
  createContextSync(): Context
  compileModuleSync(source: string): Module
  dispose(): void
}
interface Context {
  readonly global: { setSync(name: string, value: unknown, options?: { readonly copy: true }): void }
  evalSync(code: string, options: { readonly timeout: number; readonly copy?: true }): unknown
  evalClosureSync(code: string, args: readonly unknown[], options: object): unknown
  eval(code: string, options: { readonly timeout: number; readonly promise: true; readonly copy: true }): Promise<unknown>
}
interface Module {
  readonly namespace: { getSync(name: string, options: { readonly copy: true }): unknown }
  instantiateSync(context: Context, resolve: (specifier: string) => Module): void
  evaluateSync(options: { readonly timeout: number }): unknown
}

/** A callback cannot give a promise; a reference can. */
const LATER = '(value) => NAME.apply(undefined, [value], { arguments: { copy: true }, result: { promise: true, copy: true } })'
const ASYNC = /^\s*\(?\s*async\b|\blookup\(|\bget\(|Promise/

export const isolatedVm: Contender = {
  name: 'isolated-vm',
  arm: 'contained',
  limits: 'time, memory',
  pace: 'fast',
  package: 'isolated-vm',
  ...waysOf({
    room: 'isolate',
    parts: ['exists', 'lookup', 'console', 'files', 'http'],
    call: true,
    bytes: true,
    load: true,
    beside: true,
    import: () => load('isolated-vm'),
    open: { hostile: openHostile },
    async prepare({ limits }) {
      const library = (await load<Library>('isolated-vm')).default
      return (host, parts) => openRoom(library, host, parts, limits)
    },
  }),
}

/** Off the thread of the host, as programs that may never end are to be run with it. */
async function openHostile(host: HostFunctions): Promise<Evaluate> {
  const { Isolate } = (await load<Library>('isolated-vm')).default
  return async (program) => {
    const isolate = new Isolate({ memoryLimit: host.limits.memoryBytes / (1 << 20) })
    try {
      return await isolate.createContextSync().eval(program, { timeout: host.limits.deadlineMs, promise: true, copy: true })
    } catch (error) {
      throw toStopped(error, isolate)
    } finally {
      if (!isolate.isDisposed) isolate.dispose()
    }
  }
}

function openRoom(library: Library['default'], host: RoomHost, parts: readonly Part[], { deadlineMs: timeout, memoryBytes }: HostFunctions['limits']): Room {
  const isolate = new library.Isolate({ memoryLimit: memoryBytes / (1 << 20) })
  const context = isolate.createContextSync()
  bind(library, context, host, parts)
  return {
    // Evaluating for a promise costs more, so only programs that need it are evaluated so.
    evaluate(program) {
      if (ASYNC.test(program)) return context.eval(program, { timeout, promise: true, copy: true }).catch((error: unknown) => { throw toStopped(error, isolate) })
      try {
        return context.evalSync(program, { timeout, copy: true })
      } catch (error) {
        throw toStopped(error, isolate)
      }
    },
    call: (program, input) => context.evalClosureSync(`return (${program})($0)`, [new library.ExternalCopy(input).copyInto({ release: true })], { timeout, result: { copy: true } }),
    load(program, modules) {
      const made = new Map(Object.entries(modules).map(([name, source]) => [name, isolate.compileModuleSync(source)]))
      const entry = isolate.compileModuleSync(program)
      entry.instantiateSync(context, (specifier) => made.get(specifier)!)
      entry.evaluateSync({ timeout })
      return entry.namespace.getSync('default', { copy: true })
    },
    close() {
      if (!isolate.isDisposed) isolate.dispose()
    },
  }
}

function bind({ Callback, Reference }: Library['default'], context: Context, host: RoomHost, parts: readonly Part[]): void {
  const { global } = context
  const prelude: string[] = []
  const later = (name: string, fn: unknown): void => {
    global.setSync(`${name}Reference`, new Reference(fn))
    prelude.push(`globalThis.${name} = ${LATER.replace('NAME', `${name}Reference`)}`)
  }
  if (parts.includes('exists')) global.setSync('exists', new Callback(host.exists))
  if (parts.includes('lookup')) later('lookup', host.lookup)
  if (parts.includes('http')) later('get', host.get)
  if (parts.includes('console')) {
    global.setSync('print', new Callback(host.print))
    prelude.push('globalThis.console = { log: (...values) => print(values.join(" ")) }')
  }
  if (parts.includes('files')) {
    global.setSync('read', new Callback(host.files.read))
    global.setSync('write', new Callback(host.files.write))
    global.setSync('list', new Callback(() => host.files.list().join('\n')))
    prelude.push('globalThis.files = { read, write, list: () => list().split("\\n") }')
  }
  if (prelude.length > 0) context.evalSync(prelude.join('\n'), { timeout: 1000 })
}

function toStopped(error: unknown, isolate: Isolate): unknown {
  const { message = '' } = error as Error
  if (message === 'Script execution timed out.') return new Stopped('deadline')
  return isolate.isDisposed || /memory limit|disposed/i.test(message) ? new Stopped('memory') : error
}
