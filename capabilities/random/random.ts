import { GloveboxError } from '../../src/errors.js'
import type { Capability } from '../capability.js'

/** Where a guest's randomness comes from. */
export interface Random extends Capability<'random'> {
  /** `length` bytes. */
  bytes(length: number): Uint8Array
}

/** Seed of what is not granted: the same sequence in every call. */
export const DEFAULT_SEED = 0x9e3779b9

/**
 * A repeatable sequence: every run of the same program sees the same numbers. Never a source of keys.
 * The state starts anew with each call it is granted to.
 * @param seed A whole number from 0 to 2^53 - 1.
 * @throws GloveboxError `invalid-grant`
 * @see splitmix32, a finaliser of MurmurHash3 over a Weyl sequence
 */
export function seededRandom(seed: number): Random & { fresh(): Random } {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new GloveboxError('invalid-grant', `seededRandom: seed is ${String(seed)}: expected a whole number from 0`)
  }
  const reach = () => [{ capability: 'random' as const, target: `seeded with ${seed}`, acts: 'read' }]
  const make = () => {
    // Both halves of the seed, the upper one spread first: folding alone would make seeds of equal parts the same.
    let state = (seed ^ Math.imul(Math.floor(seed / 4_294_967_296), 0x85ebca6b)) >>> 0
    const word = (): number => {
      state = (state + 0x9e3779b9) | 0
      let mixed = state ^ (state >>> 16)
      mixed = Math.imul(mixed, 0x21f0aaad)
      mixed ^= mixed >>> 15
      mixed = Math.imul(mixed, 0x735a2d97)
      return (mixed ^ (mixed >>> 15)) >>> 0
    }
    return {
      kind: 'random' as const,
      bytes(length: number): Uint8Array {
        const bytes = new Uint8Array(length)
        for (let i = 0; i < length; i += 4) {
          const value = word()
          for (let j = 0; j < 4 && i + j < length; j++) bytes[i + j] = (value >>> (8 * j)) & 255
        }
        return bytes
      },
      reach,
    }
  }
  return Object.freeze({ ...make(), fresh: make })
}
