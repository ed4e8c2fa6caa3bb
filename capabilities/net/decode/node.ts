import { type Readable, Transform, pipeline } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { TransportError } from '../transport.js'

/**
 * The body with its compression undone, where the bytes of the wire are bounded too.
 * One coding at most: each further one multiplies what a few bytes can become before anything is counted.
 * @throws TransportError `encoding`
 */
export function decoded(body: Readable, codings: readonly string[], maxBytes: number): Readable {
  const coding = codings.length > 1 ? 'several' : (codings[0] ?? 'identity')
  let received = 0
  const counted = new Transform({
    transform(chunk: Uint8Array, _encoding, done) {
      received += chunk.length
      done(received > maxBytes ? new TransportError('too-large') : null, chunk)
    },
  })
  const decoder =
    coding === 'gzip' || coding === 'x-gzip'
      ? createGunzip()
      : coding === 'deflate'
        ? createInflate()
        : coding === 'br'
          ? createBrotliDecompress()
          : coding === 'identity' || coding === ''
            ? undefined
            : null
  if (decoder === null) throw new TransportError('encoding')
  // Errors reach the reader, which is what reads the last stream.
  return decoder === undefined
    ? pipeline(body, counted, () => undefined)
    : pipeline(body, counted, decoder, () => undefined)
}
