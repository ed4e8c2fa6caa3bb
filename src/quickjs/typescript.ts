import type { Ports } from '../engine.js'
import { DEFAULT_LIMITS } from '../limits.js'
import { GuestThrow } from './guest-throw.js'
import type { Image } from './image.js'
import { Isolate, type IsolateOptions } from './isolate.js'
import type { Pool } from './pool.js'

/** Fuel of taking the types out of one file: the least, and more by its length. */
const STRIP_FUEL = 100_000_000
const STRIP_FUEL_PER_CHARACTER = 20_000

export type Stripped =
  | { readonly ok: true; readonly code: string }
  /** The syntax error: its message with its place, and its description for a guest error. */
  | { readonly ok: false; readonly message: string; readonly described: string }

/** Takes types out of the files of one call. */
export interface TypeStripper {
  /** JavaScript with the same lines. */
  strip(source: string, filename: string): Stripped
  /** The column as written of a column as run, both from 1. */
  originalColumn(filename: string, line: number, column: number): number
}

export interface TypeStripperOptions {
  /** The image that has the `typescript` library. */
  readonly image: () => Image
  readonly pool: Pool
  readonly library: IsolateOptions['library']
  /** Results of earlier calls by source text. */
  readonly cache: StripCache
  readonly ports: Ports
}

/**
 * Strips in an isolate of its own, under the call's deadline and a budget of its own: no guest text is parsed by the
 * host, and a program costs the same fuel whether or not its text has been seen before.
 */
export function createTypeStripper({ image, pool, library, cache, ports }: TypeStripperOptions): TypeStripper {
  const sources = new Map<string, string>()
  const inIsolate = <T>(source: string, work: (isolate: Isolate) => T): T => {
    const fuel = ports.fuel.beside(STRIP_FUEL + STRIP_FUEL_PER_CHARACTER * source.length)
    const stripping = image()
    const { memoryBytes } = DEFAULT_LIMITS
    const instance = pool.lease(stripping, memoryBytes)
    const result = work(new Isolate({ instance, image: stripping, library, ports: closedPorts(ports, fuel), typescript: undefined }))
    pool.giveBack(instance, stripping, memoryBytes)
    return result
  }
  return {
    strip(source, filename) {
      sources.set(filename, source)
      const known = cache.get(source)
      if (known !== undefined) return { ok: true, code: known }
      return inIsolate(source, (isolate): Stripped => {
        try {
          const { text } = isolate.library('typescript', 'strip', [source, filename])
          cache.set(source, text)
          return { ok: true, code: text }
        } catch (error) {
          if (!(error instanceof GuestThrow)) throw error
          const described = isolate.describeNow(error.value)
          isolate.addSource(filename, source)
          const { message, stack } = isolate.toGuestError(described)
          const place = stack?.split('\n')[1]?.replace(/^\s*at /, '') ?? filename
          return { ok: false, message: `${message} (${place})`, described }
        }
      })
    },
    originalColumn(filename, line, column) {
      const source = sources.get(filename)
      if (source === undefined) return column
      try {
        return inIsolate(source, (isolate) => isolate.library('typescript', 'originalColumn', [source, line, column]).number)
      } catch {
        // Only a nicer column is lost, as when the deadline passes meanwhile.
        return column
      }
    },
  }
}

/** Ports of an isolate that is granted nothing at all. */
function closedPorts(ports: Ports, fuel: Ports['fuel']): Ports {
  const refusal = { ok: false as const, error: { name: 'Error', code: 'denied', message: 'nothing is granted here' } }
  return {
    limits: DEFAULT_LIMITS,
    halt: ports.halt,
    fuel,
    clock: { startMs: 0, now: () => 0, utcOffsetSeconds: () => 0 },
    get signal() {
      return ports.signal
    },
    call: () => refusal,
    callAsync: () => Promise.resolve(refusal),
    loadModule: () => refusal,
    resolveModule: () => refusal,
    write: () => {},
    exit: () => {},
    seed: () => [0, 0, 0, 0],
    watchFuel: () => {},
  }
}

/** Stripped texts of earlier calls, oldest out first. */
export class StripCache {
  readonly #texts = new Map<string, string>()
  #characters = 0

  constructor(readonly maxCharacters: number) {}

  get(source: string): string | undefined {
    const code = this.#texts.get(source)
    if (code !== undefined) {
      this.#texts.delete(source)
      this.#texts.set(source, code)
    }
    return code
  }

  set(source: string, code: string): void {
    const size = source.length + code.length
    if (size > this.maxCharacters || this.#texts.has(source)) return
    this.#texts.set(source, code)
    this.#characters += size
    for (const [oldest, text] of this.#texts) {
      if (this.#characters <= this.maxCharacters) return
      this.#texts.delete(oldest)
      this.#characters -= oldest.length + text.length
    }
  }
}
