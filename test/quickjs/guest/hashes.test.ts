import { createHash, createHmac, hkdfSync, pbkdf2Sync, scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import hashes from '../../../src/quickjs/guest/libs/hashes.js'
import rareHashes from '../../../src/quickjs/guest/libs/rare-hashes.js'
import { pureCore } from './pure-core.js'

const core = pureCore({ 'rare-hashes': rareHashes })
const ours = hashes(core)
const NAMES = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'sha512-224', 'sha512-256', 'ripemd160', 'sha3-224', 'sha3-256', 'sha3-384', 'sha3-512']
const hex = (bytes: ArrayBuffer | Uint8Array): string => Buffer.from(bytes as Uint8Array).toString('hex')
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255)

describe('hashes', () => {
  it.each(NAMES)('%s is the one of Node, at every length around a block', (name) => {
    for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 111, 112, 113, 127, 128, 129, 1000]) {
      expect([length, hex(ours.hashes[name]!(bytes(length)))]).toEqual([length, createHash(name).update(bytes(length)).digest('hex')])
    }
  })

  it('are the same piece by piece, longer than a call may be, and of a clone', () => {
    const data = bytes(200_001)
    for (const name of ['md5', 'sha1', 'sha256', 'sha512']) {
      const hash = ours.hashes[name]!.create()
      for (let at = 0, step = 1; at < data.length; at += step, step = (step * 3) % 70_001) hash.update(data.subarray(at, at + step))
      const clone = hash.clone()
      expect(hex(hash.digest())).toBe(createHash(name).update(data).digest('hex'))
      expect(hex(clone.update(bytes(9)).digest())).toBe(createHash(name).update(data).update(bytes(9)).digest('hex'))
    }
  })

  it.each(NAMES)('hmac and hkdf of %s are the ones of Node', (name) => {
    for (const length of [0, 20, 64, 128, 200]) {
      expect(hex(ours.hmac(ours.hashes[name]!, bytes(length), bytes(77)))).toBe(createHmac(name, bytes(length)).update(bytes(77)).digest('hex'))
    }
    expect(hex(ours.hkdf(ours.hashes[name]!, bytes(32), bytes(9), bytes(5), 133))).toBe(hex(hkdfSync(name, bytes(32), bytes(9), bytes(5), 133)))
  })

  it.each(NAMES)('pbkdf2 of %s is the one of Node', (name) => {
    for (const [c, dkLen] of [[1, 16], [2, 40], [7, 100], ...(name.startsWith('sha3') || name === 'ripemd160' ? [] : [[501, 64], [1203, 33]])] as const) {
      expect(hex(ours.pbkdf2(ours.hashes[name]!, bytes(10), bytes(8), { c, dkLen }))).toBe(pbkdf2Sync(bytes(10), bytes(8), c, dkLen, name).toString('hex'))
    }
  })

  it('scrypt is the one of Node', () => {
    expect(hex(ours.scrypt(bytes(8), bytes(8), { N: 16, r: 8, p: 1, dkLen: 32 }))).toBe(scryptSync(bytes(8), bytes(8), 32, { N: 16 }).toString('hex'))
  })
})

describe('pure hash operations', () => {
  const state = new Uint8Array(32)
  it('refuse what no library would send', () => {
    const bad: [string, ...unknown[]][] = [
      ['pure.compress', 'constructor', state, new Uint8Array(64)], ['pure.compress', 'sha3', state, new Uint8Array(64)],
      ['pure.compress', 'sha256', new Uint8Array(31), new Uint8Array(64)], ['pure.compress', 'sha256', 'text', new Uint8Array(64)],
      ['pure.compress', 'sha256', state, new Uint8Array(63)], ['pure.compress', 'sha256', state, new Uint8Array(65_600)], ['pure.compress', 'sha256', state, { length: 64 }],
      ['pure.stretch', 'sha256', state, state, state, 501], ['pure.stretch', 'sha256', state, state, state, 1.5], ['pure.stretch', 'sha256', state, state, state, -1],
      ['pure.stretch', 'sha256', state, state, state, '5'], ['pure.stretch', 'sha256', state, state, new Uint8Array(36), 1], ['pure.stretch', 'sha256', state, state, new Uint8Array(0), 1],
      ['pure.stretch', 'sha256', state, state, new Uint8Array(30), 1], ['pure.stretch', 'sha256', state, new Uint8Array(33), state, 1],
    ]
    for (const [operation, ...args] of bad) expect(() => core.call(operation, ...args), JSON.stringify(args[0])).toThrow(/of a hash operation is not what it must be/)
  })
})
