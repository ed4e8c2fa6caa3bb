import { Call, type CallContext } from './call.js'
import { toComponentPort } from './component-port.js'
import {
  type CommandOptions, type ComponentCallOptions, type FetchOptions, type LoadOptions,
  checkCommandOptions, checkComponentCallOptions, checkFetchOptions, checkLoadOptions, mergeInterfaces, toInterfaces,
} from './component-options.js'
import type { ComponentCall, ComponentEngine, ComponentSource, Interfaces, LoadedComponent } from './component/seam.js'
import type { World } from './component/world.js'
import type { Ended } from './engine.js'
import { GloveboxError } from './errors.js'
import type { RunResult } from './result.js'
import { Halt } from './stop.js'

export type { ComponentEngine, ComponentSource, HostFunction, Interfaces } from './component/seam.js'

/** A component that was loaded: any number of calls at once, each in an instance of its own, with its own grants. */
export interface Component extends AsyncDisposable {
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly digest: string
  /** Packages it would need, sorted: `['wasi:filesystem', 'wasi:io']`. */
  readonly imports: readonly string[]
  /** What can be called: `acme:text/slugify@1.0.0#slugify`, or `slugify` for a function of the world. */
  readonly exports: readonly string[]
  /** Its imports and exports with their types, as text. */
  readonly wit: string
  /** The same as data. */
  readonly world: World
  /**
   * Calls an exported function in a fresh instance; a version in the name may be left out. Arguments and result are
   * JavaScript values of its types: records are objects, `result` errors end the call as `threw`.
   * @throws GloveboxError `invalid-option`, `invalid-grant`, `invalid-input`, `missing-export`, `exceeds-ceiling`, `disposed`
   * @example await tool.call('acme:text/slugify#slugify', ['Grüße'])
   */
  call<T = unknown>(name: string, args?: readonly unknown[], options?: ComponentCallOptions): Promise<RunResult<T>>
  /**
   * Runs a command, a component with `wasi:cli/run`, in a fresh instance.
   * @throws GloveboxError as `call`
   */
  run(options?: CommandOptions): Promise<RunResult<undefined>>
  /**
   * Answers a request with a component that has `wasi:http/incoming-handler`, in a fresh instance that lives until the
   * response's body was read or cancelled. A guest that fails before it answers gives a response with status 500, or
   * 504 when its time was up; `onResult` tells why.
   * @throws GloveboxError as `call`
   */
  fetch(request: Request, options?: FetchOptions): Promise<Response>
}

export interface LoadContext {
  readonly engine: ComponentEngine | undefined
  /** Begins a call of the sandbox, which ends it when it is disposed. */
  readonly begin: <T>(halt: Halt, work: (context: CallContext) => Promise<RunResult<T>>) => Promise<RunResult<T>>
}

/** @throws GloveboxError `missing-engine`, `invalid-option`, and what the engine refuses */
export async function load(source: ComponentSource, options: LoadOptions, { engine, begin }: LoadContext): Promise<Component> {
  checkLoadOptions(options)
  if (engine === undefined) {
    throw new GloveboxError('missing-engine', 'This sandbox loads no components; make it with createSandbox({ engines: [component()] }), with component() of glovebox/component')
  }
  const interfaces = toInterfaces(options.interfaces)
  const loaded = await engine.load(source, { sha256: options.sha256, interfaces: toNamesOf(interfaces) })
  return toComponent(loaded, interfaces, begin)
}

/** What a command finds as its own name, the first of its arguments. */
const PROGRAM = 'component'

type Live<T> = (call: ComponentCall) => Promise<Ended<T>>

function toComponent(loaded: LoadedComponent, interfaces: Interfaces, begin: LoadContext['begin']): Component {
  const running = new Map<Promise<unknown>, Halt>()
  let disposed = false
  const begun = async <T>(options: ComponentCallOptions, args: readonly string[], live: Live<T>): Promise<RunResult<T>> => {
    const own = mergeInterfaces(interfaces, options.interfaces)
    const halt = new Halt()
    const result = begin(halt, async (context) => {
      const call = new Call(options, context)
      return call.live(() => live({
        port: toComponentPort(call, args),
        fuel: call.fuel,
        watchFuel: (left) => call.watchFuel(left),
        noteExit: (code) => {
          call.exitCode = code
        },
        interfaces: own,
      }))
    })
    running.set(result, halt)
    try {
      return await result
    } finally {
      running.delete(result)
    }
  }
  const checkAlive = (): void => {
    if (disposed) throw new GloveboxError('disposed', 'This component was disposed; load it again with sandbox.load()')
  }
  return Object.freeze({
    digest: loaded.digest,
    imports: toPackages(loaded.imports),
    exports: toNames(loaded.world),
    wit: loaded.wit,
    world: loaded.world,
    async call<T>(name: string, args: readonly unknown[] = [], options: ComponentCallOptions = {}) {
      checkAlive()
      checkComponentCallOptions(options)
      return begun(options, [], loaded.prepare(name, args) as Live<T>)
    },
    async run(options: CommandOptions = {}) {
      checkAlive()
      checkCommandOptions(options)
      const { args = [], stdin, ...rest } = options
      return begun(stdin === undefined ? rest : { ...rest, grants: { ...rest.grants, stdin } }, [PROGRAM, ...args], loaded.prepareRun())
    },
    async fetch(request: Request, options: FetchOptions = {}) {
      checkAlive()
      checkFetchOptions(options)
      const { onResult, ...rest } = options
      if (!(request instanceof Request)) throw new GloveboxError('invalid-option', `fetch: expected a Request, got ${typeof request}`)
      if (request.bodyUsed) throw new GloveboxError('invalid-option', 'fetch: the body of the request was read already')
      return new Promise<Response>((resolve, reject) => {
        begun(rest, [], loaded.prepareFetch(request, resolve)).then((result) => {
          // The first answer counts: where the guest gave one, this is none.
          resolve(new Response(null, { status: result.outcome === 'stopped' && result.reason === 'deadline' ? 504 : 500 }))
          onResult?.(result)
        }).catch(reject)
      })
    },
    async [Symbol.asyncDispose]() {
      if (disposed) return
      disposed = true
      for (const halt of running.values()) halt.set('aborted', 'The component was disposed before the call had ended')
      await Promise.allSettled(running.keys())
    },
  })
}

function toNamesOf(interfaces: Interfaces): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(interfaces).map(([name, functions]) => [name, Object.keys(functions)]))
}

function toPackages(imports: readonly string[]): readonly string[] {
  return Object.freeze([...new Set(imports.map((name) => name.replace(/\/.*$/, '')))].sort())
}

function toNames({ exports }: World): readonly string[] {
  const names = exports.flatMap((each) => (each.kind === 'function' ? [each.name] : each.functions.map(({ name }) => `${each.name}#${name}`)))
  return Object.freeze(names)
}
