import { Deflate, Gzip, Zlib } from 'fflate'
import type { GuestCore } from '../core.js'
import { Decompressor, type Format } from './flate/decompressor.js'

/** Takes pieces and gives what is ready of the other side of them. */
export interface Flow {
  push(piece: Uint8Array): Uint8Array[]
  /** @throws TypeError when the input ends too early */
  end(): Uint8Array[]
}

const KINDS = { gzip: Gzip, deflate: Zlib, 'deflate-raw': Deflate } as const

/** gzip, zlib and raw deflate, piece by piece, for `CompressionStream` and `node:zlib`; all of it is guest code and paid for in fuel. */
export default (_core: GuestCore) => ({
  compressor(format: Format, level: 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 = 6): Flow {
    let ready: Uint8Array[] = []
    // No time: the same input gives the same output.
    const flow = new KINDS[format]({ level, mtime: 0 }, (piece: Uint8Array) => {
      if (piece.length > 0) ready.push(piece)
    })
    const push = (piece: Uint8Array, isLast: boolean): Uint8Array[] => {
      flow.push(piece, isLast)
      const out = ready
      ready = []
      return out
    }
    return { push: (piece) => push(piece, false), end: () => push(new Uint8Array(0), true) }
  },
  decompressor: (format: Format): Flow => new Decompressor(format),
})
