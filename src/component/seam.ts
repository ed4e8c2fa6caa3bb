import type { Ended, Engine } from '../engine.js'
import type { Fuel } from '../fuel.js'
import type { ComponentPort } from './port.js'
import type { World } from './world.js'

/** What a component is made of: its bytes, what was made of them ahead of time, or where they are. */
export type ComponentSource = Uint8Array | ArrayBuffer | URL | PrebuiltComponent

/** What `index.js` of a folder made by `glovebox build` exports: for runtimes that compile nothing. */
export interface PrebuiltComponent {
  readonly kind: 'component'
  readonly manifest: object
  readonly glue: (...args: never[]) => unknown
  /** Compiled modules by file name. */
  readonly modules: Readonly<Record<string, WebAssembly.Module>>
}

export interface LoadRequest {
  /** SHA-256 that the bytes must have, in hexadecimal. */
  readonly sha256?: string | undefined
  /** What the embedder gives: names of functions by interface. */
  readonly interfaces: Readonly<Record<string, readonly string[]>>
}

/** A host function of the embedder: arguments and result as JavaScript values of the component's types. */
export type HostFunction = (...args: never[]) => unknown

/** Functions of the embedder by interface, then by name: `{ 'acme:host/kv': { get: (key) => … } }`. */
export type Interfaces = Readonly<Record<string, Readonly<Record<string, HostFunction>>>>

/** One call of a component, as its engine lives it. */
export interface ComponentCall {
  /** Whether the engine can suspend is the engine's to say. */
  readonly port: Omit<ComponentPort, 'canSuspend'>
  readonly fuel: Fuel
  /** Lets the ledger read the fuel left of what was handed out. */
  watchFuel(left: () => number): void
  /** Notes the exit code of a command that ended by itself. */
  noteExit(code: number): void
  readonly interfaces: Interfaces
}

/** A component that can be called any number of times, each time as an instance of its own. */
export interface LoadedComponent {
  readonly digest: string
  /** Full names, such as `wasi:io/streams@0.2.3`. */
  readonly imports: readonly string[]
  readonly world: World
  readonly wit: string
  /**
   * Prepares a call of an exported function: `acme:text/slugify#slugify`, or the name of a function of the world.
   * @throws GloveboxError `missing-export`, `invalid-input`
   */
  prepare(name: string, args: readonly unknown[]): (call: ComponentCall) => Promise<Ended<unknown>>
  /** @throws GloveboxError `missing-export` when it is no command */
  prepareRun(): (call: ComponentCall) => Promise<Ended<undefined>>
  /** @throws GloveboxError `missing-export` when it serves no requests */
  prepareFetch(request: Request, respond: (response: Response) => void): (call: ComponentCall) => Promise<Ended<undefined>>
}

/** An engine for WebAssembly components and core modules. */
export interface ComponentEngine extends Engine {
  /** @throws GloveboxError when it is not what can be run, or must not be */
  load(source: ComponentSource, request: LoadRequest): Promise<LoadedComponent>
}
