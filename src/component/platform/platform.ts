import type { GlueFactory } from '../glue.js'

/** A thread that prepares components, and is thrown away. */
export interface CompilerThread {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void
  terminate(): Promise<void>
}

export interface CompilerThreadEvents {
  onMessage(message: unknown): void
  /** The thread has ended, by itself or not. */
  onEnd(cause: unknown): void
}

/**
 * What the loading of components needs of its surroundings.
 * Chosen by the package's conditional import `#compiler`; none of it can be reached from a guest.
 */
export interface CompilerPlatform {
  /** Calls back after `ms`; returns the cancellation. */
  startTimer(callback: () => void, ms: number): () => void
  /**
   * Reads a component from where the embedder says it is.
   * @throws GloveboxError `invalid-component` when there is none, or more than `maxBytes`
   */
  read(url: URL, maxBytes: number): Promise<Uint8Array>
  /** SHA-256 in hexadecimal. */
  digest(bytes: Uint8Array): Promise<string>
  /**
   * Starts a thread on the package's own file for it.
   * @throws GloveboxError `unsupported-platform` where there are none
   */
  startThread(events: CompilerThreadEvents): CompilerThread
  /** @throws GloveboxError `unsupported-platform` where nothing may be compiled at run time */
  compile(bytes: Uint8Array): Promise<WebAssembly.Module>
  /**
   * Evaluates a function body that sees nothing but `outside`.
   * @throws GloveboxError `unsupported-platform` where text may not be evaluated
   */
  evaluate(body: string, outside: object): GlueFactory
  /** Reads a WASI adapter that ships with the package. */
  readAdapter(kind: 'command' | 'reactor'): Promise<Uint8Array>
  /** A directory of prepared components, each in a file. */
  openStore(directory: string): Store
}

/** Files by name that are written whole or not at all. */
export interface Store {
  read(name: string): Promise<Uint8Array | undefined>
  write(name: string, bytes: Uint8Array): Promise<void>
}
