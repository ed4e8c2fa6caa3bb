import type { GuestCore } from '../../core.js'
import { lazyStream } from '../node/lazy-stream.js'

type Done = (error?: unknown) => void

/** The standard streams, made when first asked for. They are streams whole once they are used as such. */
export function createStdio(core: GuestCore) {
  const { log } = core
  const toText = (chunk: unknown, encoding: unknown): string => {
    if (typeof chunk === 'string') return typeof encoding === 'string' && !/^utf-?8$/i.test(encoding) ? (core.lib('node-buffer')['Buffer'].from(chunk, encoding).toString() as string) : chunk
    if (ArrayBuffer.isView(chunk)) return core.lib('node-buffer')['Buffer'].from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString() as string
    throw Object.assign(new TypeError(`The "chunk" argument must be of type string or an instance of Buffer, TypedArray, or DataView. Received ${chunk === null ? 'null' : `type ${typeof chunk}`}`), { code: 'ERR_INVALID_ARG_TYPE' })
  }
  /** An object of its own members over what makes it a stream. */
  const over = (members: object, kind: 'Readable' | 'Writable', options: () => object): object => {
    const prototype = {}
    lazyStream(prototype, kind, options)
    return Object.defineProperties(Object.create(prototype) as object, Object.getOwnPropertyDescriptors(members))
  }
  const output = (level: 'stdout' | 'stderr', fd: number) => (): object =>
    over(
      {
        fd,
        isTTY: false,
        write(chunk: unknown, encoding?: unknown, done?: unknown): boolean {
          log(level, toText(chunk, encoding))
          const callback = typeof encoding === 'function' ? encoding : done
          if (typeof callback === 'function') queueMicrotask(() => void callback())
          return true
        },
        getColorDepth: () => 1,
        hasColors: () => false,
        getWindowSize: () => [80, 24],
      },
      'Writable',
      () => ({
        decodeStrings: false,
        write(chunk: unknown, encoding: unknown, done: Done) {
          log(level, toText(chunk, encoding === 'buffer' ? undefined : encoding))
          done()
        },
        // Nothing ends them but the end of the call.
        destroy(_error: unknown, done: Done) {
          done()
        },
      }),
    )
  return {
    stdout: output('stdout', 1),
    stderr: output('stderr', 2),
    stdin: (): object => {
      const { stdin } = core.settings()
      return over(
        { fd: 0, isTTY: false, text: (): string => stdin, setRawMode: (): never => { throw new Error('process.stdin is no terminal in a sandbox; it holds the text that the call was given') } },
        'Readable',
        () => ({
          read(this: { push(chunk: unknown): void }) {
            if (stdin !== '') this.push(core.lib('node-buffer')['Buffer'].from(stdin))
            this.push(null)
          },
        }),
      )
    },
  }
}
