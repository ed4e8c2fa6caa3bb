import type { Identity, Stat } from '../../../capabilities/fs/dir.js'
import type { Random } from '../../../capabilities/random/random.js'

/** `wasi:filesystem/types` `metadata-hash-value`. */
export interface MetadataHash {
  readonly lower: bigint
  readonly upper: bigint
}

/**
 * Hashes of nodes, of the order in which one call met them and a salt of the call: inodes and devices of the host are
 * no part of them. `lower` stays as long as the node does, for libraries make inode numbers of it; `upper` changes with
 * size and time of change too.
 */
export class Hashes {
  readonly #random: Random
  readonly #met = new Map<Identity, number>()
  #salt: DataView | undefined

  constructor(random: Random) {
    this.#random = random
  }

  of(identity: Identity, { size, modifiedMs }: Stat): MetadataHash {
    let number = this.#met.get(identity)
    if (number === undefined) this.#met.set(identity, (number = this.#met.size + 1))
    this.#salt ??= toView(this.#random.bytes(16))
    const lower = mix(this.#salt.getBigUint64(0) ^ BigInt(number))
    const state = mix(lower ^ this.#salt.getBigUint64(8)) ^ BigInt(size)
    return { lower, upper: mix(mix(state) ^ BigInt.asUintN(64, BigInt(Math.floor(modifiedMs)))) }
  }
}

function toView(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/**
 * A permutation of 64 bits that spreads every bit over all.
 * @see splitmix64's finaliser (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014)
 */
function mix(value: bigint): bigint {
  let mixed = BigInt.asUintN(64, value + 0x9e3779b97f4a7c15n)
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 30n)) * 0xbf58476d1ce4e5b9n)
  mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn)
  return mixed ^ (mixed >> 31n)
}
