import type { GuestCore } from '../core.js'
import { createCrc32 } from './node-zlib/checksums.js'
import { CODES, CONSTANTS } from './node-zlib/constants.js'
import type { Formats, Kind } from './node-zlib/formats.js'
import { checkFunction, invalidType, nodeError } from './node/errors.js'

type Done = (error: unknown, bytes?: unknown) => void
type Options = { readonly level?: number; readonly maxOutputLength?: number; readonly dictionary?: Uint8Array }

const KINDS: readonly (readonly [name: string, kind: Kind])[] = [
  ['deflate', 'deflate'], ['inflate', 'inflate'], ['gzip', 'gzip'], ['gunzip', 'gunzip'], ['deflateRaw', 'deflateRaw'], ['inflateRaw', 'inflateRaw'], ['unzip', 'unzip'],
]
const MISSING = ['brotliCompress', 'brotliDecompress', 'zstdCompress', 'zstdDecompress']

/** Node's `zlib`: DEFLATE in its three wrappings, at once, behind a callback or as a stream. */
export default (core: GuestCore) => {
  const crc32 = createCrc32()
  const Buffer = core.lib('node-buffer')['Buffer'] as Record<string, (...args: any[]) => Uint8Array>
  const toBytes = (data: unknown): Uint8Array => {
    if (typeof data === 'string') return Buffer['from']!(data)
    if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    if (data instanceof ArrayBuffer) return new Uint8Array(data)
    throw invalidType('buffer', 'of type string or an instance of Buffer, TypedArray, DataView, or ArrayBuffer', data)
  }
  const checkOptions = ({ level }: Options): void => {
    if (level !== undefined && !(Number.isInteger(level) && level >= -1 && level <= 9)) {
      throw nodeError(RangeError, 'ERR_OUT_OF_RANGE', `The value of "options.level" is out of range. It must be >= -1 and <= 9. Received ${String(level)}`)
    }
  }
  const transform = (kind: Kind, bytes: Uint8Array, options: Options = {}): Uint8Array => {
    checkOptions(options)
    const output = (core.lib('node-deflate') as Formats).whole(kind, bytes, options)
    const { maxOutputLength = Infinity } = options
    if (output.length > maxOutputLength) throw nodeError(RangeError, 'ERR_BUFFER_TOO_LARGE', `Cannot create a Buffer larger than ${maxOutputLength} bytes`)
    return Buffer['from']!(output.buffer, output.byteOffset, output.length)
  }
  const exports: Record<string, unknown> = {
    constants: CONSTANTS,
    codes: CODES,
    crc32: (data: unknown, before = 0): number => crc32(toBytes(data), before),
  }
  for (const [name, value] of Object.entries(CONSTANTS)) if (name.startsWith('Z_')) exports[name] = value

  for (const [name, kind] of KINDS) {
    exports[`${name}Sync`] = (data: unknown, options?: Options) => transform(kind, toBytes(data), options)
    exports[name] = (data: unknown, ...rest: unknown[]): void => {
      const done = rest.pop()
      checkFunction(done, 'callback')
      const bytes = toBytes(data)
      setImmediate(() => {
        let output: Uint8Array
        try {
          output = transform(kind, bytes, rest[0] as Options | undefined)
        } catch (error) {
          ;(done as Done)(error)
          return
        }
        ;(done as Done)(null, output)
      })
    }
    const type = name[0]!.toUpperCase() + name.slice(1)
    const create = (options: Options & object = {}): object => {
      checkOptions(options)
      const Transform = core.lib('node-stream')['Stream'].Transform as new (options: object) => { push(chunk: unknown): void; bytesWritten: number; close: () => void; flush: (...args: unknown[]) => void; destroy(): void }
      const pieces: Uint8Array[] = []
      const attempt = (act: () => void, done: Done): void => {
        try {
          act()
        } catch (error) {
          done(error)
          return
        }
        done(null)
      }
      const stream = new Transform({
        ...options,
        transform: (chunk: Uint8Array, _encoding: string, done: Done) => attempt(() => {
          stream.bytesWritten += chunk.length
          pieces.push(chunk)
        }, done),
        // All at once: what comes out is the same, and a guest's input is in its memory anyway.
        flush: (done: Done) => attempt(() => stream.push(transform(kind, Buffer['concat']!(pieces), options)), done),
      })
      stream.bytesWritten = 0
      stream.close = () => stream.destroy()
      stream.flush = (...args: unknown[]) => {
        const done = args.findLast((each) => typeof each === 'function') as (() => void) | undefined
        if (done !== undefined) queueMicrotask(done)
      }
      return stream
    }
    exports[`create${type}`] = create
    exports[type] = Object.defineProperty(function (options?: Options & object): object { return create(options) }, 'name', { value: type })
  }
  for (const name of MISSING) {
    const what = name.startsWith('brotli') ? 'Brotli' : 'Zstandard'
    const refuse = (called: string) => (): never => {
      throw nodeError(Error, 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', `zlib.${called} is not available in a sandbox: it has no ${what}; use gzip or deflate, or bundle a package that has it`)
    }
    const stream = `create${name[0]!.toUpperCase()}${name.slice(1)}`
    exports[name] = refuse(name)
    exports[`${name}Sync`] = refuse(`${name}Sync`)
    exports[stream] = refuse(stream)
  }
  return exports
}
