import type { ComponentPort } from '../port.js'
import { MOST_BYTES } from './io.js'
import { row } from './skin.js'
import type { Skin } from './skin.js'

/** `wasi:random`, all of it from the granted source: what is secure of it, the grant decides. */
export const randomSkin: Skin = {
  names: ['wasi:random/random', 'wasi:random/insecure', 'wasi:random/insecure-seed'],
  make: (port) => {
    const bytes = (len: bigint): Uint8Array => fill(port, len)
    const u64 = (): bigint => toView(fill(port, 8n)).getBigUint64(0, true)
    let seed: [bigint, bigint] | undefined
    return {
      'wasi:random/random': row({ getRandomBytes: bytes, getRandomU64: u64 }),
      'wasi:random/insecure': row({ getInsecureRandomBytes: bytes, getInsecureRandomU64: u64 }),
      'wasi:random/insecure-seed': row({ insecureSeed: () => (seed ??= makeSeed(port)) }),
    }
  },
}

/** A guest gets all it asked for or is stopped: these functions have no way to give less. */
function fill(port: ComponentPort, len: bigint): Uint8Array {
  if (len < 0n || len > MOST_BYTES) {
    port.halt.raise('resources', `The component asked for ${len} random bytes at once; ${MOST_BYTES} is the most`)
  }
  return port.perform('random.fill', (call) => {
    call.target = `${len} bytes`
    call.spend('in', Number(len))
    return port.grants.random.bytes(Number(len))
  })
}

/** One seed a call, as the guests' `Math.random` has: always the same answer, so that asking often tells nothing. */
function makeSeed(port: ComponentPort): [bigint, bigint] {
  const { random } = port.grants
  port.once('random', 'seed', random.reach().map(({ target }) => target).join(', '))
  const view = toView(random.bytes(16))
  return [view.getBigUint64(0, true), view.getBigUint64(8, true)]
}

function toView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
