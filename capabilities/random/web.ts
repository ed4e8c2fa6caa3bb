import type { Random } from './random.js'

/** Longest stretch one call of the platform's generator fills (W3C Web Cryptography, getRandomValues). */
const MOST_BYTES = 65_536

/**
 * The platform's cryptographic generator.
 * @example grants: { random: systemRandom() }
 */
export function systemRandom(): Random {
  return Object.freeze({
    kind: 'random' as const,
    bytes(length: number): Uint8Array {
      const bytes = new Uint8Array(length)
      for (let offset = 0; offset < length; offset += MOST_BYTES) {
        crypto.getRandomValues(bytes.subarray(offset, Math.min(length, offset + MOST_BYTES)))
      }
      return bytes
    },
    reach: () => [{ capability: 'random' as const, target: 'system', acts: 'read' }],
  })
}
