/**
 * `Math.random` of an isolate: 53 bits of two outputs. Seeded on first use with four 32-bit words, so that a guest
 * which asks for no randomness pays and records nothing. `forget` lets the next use seed it anew.
 *
 * @see sfc32 of PractRand, C. Doty-Humphrey
 */
export const createRandom = (seed: () => readonly number[]): { readonly random: () => number; readonly forget: () => void } => {
  let state: readonly number[] | undefined
  const forget = (): void => {
    state = undefined
  }
  function random(): number {
    state ??= seed()
    let [a, b, c, d] = state as [number, number, number, number]
    const next = (): number => {
      const t = (((a + b) | 0) + d) | 0
      d = (d + 1) | 0
      a = b ^ (b >>> 9)
      b = (c + (c << 3)) | 0
      c = (((c << 21) | (c >>> 11)) + t) | 0
      return t >>> 0
    }
    const high = next() >>> 5
    const low = next() >>> 6
    state = [a, b, c, d]
    return (high * 67108864 + low) / 9007199254740992
  }
  return { random, forget }
}
