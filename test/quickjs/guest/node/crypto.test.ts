import { describe, expect, it } from 'vitest'
import { systemRandom } from '../../../../capabilities/random/web.js'
import { seededRandom } from '../../../../src/index.js'
import { useSandbox, valueOf } from '../../../support/sandbox.js'
import { useSame } from './same.js'

const same = useSame()
const { run } = useSandbox()
const setup = "const crypto = require('node:crypto'); const { Buffer } = require('buffer')"
const hashes = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512', 'SHA256', 'RSA-SHA256', 'sha512-256', 'ripemd160', 'sha3-256', 'sha3-512']

describe('node:crypto', () => {
  it('hashes as Node does', async () => {
    await same(setup, [
      ...hashes.flatMap((hash) => [`crypto.createHash('${hash}').update('héllo').update(Buffer.from([1, 2])).digest('hex')`, `crypto.createHmac('${hash}', 'key').update('data').digest('base64')`, `crypto.createHmac('${hash}', Buffer.alloc(200, 7)).update('data').digest('base64url')`, `crypto.createHash('${hash}').update('x'.repeat(1000)).digest('latin1')`]),
      "[...crypto.createHash('md5').update('ff', 'hex').digest()]", "Buffer.isBuffer(crypto.createHash('md5').digest())", "(() => { const h = crypto.createHash('sha1').update('a'); const c = h.copy(); return [h.update('b').digest('hex'), c.digest('hex')] })()", "crypto.hash('sha1', 'abc')", "crypto.hash('sha1', 'abc', 'base64')", "crypto.getHashes().includes('sha256')",
      "crypto.createHash('foo')", "crypto.createHmac('foo', 'k')", "(() => { const h = crypto.createHash('md5'); h.digest(); h.digest() })()", "(() => { const h = crypto.createHash('md5'); h.digest(); h.update('a') })()", "crypto.createHash('md5').update(5)", "crypto.createHash(5)", "crypto.createHmac('sha1', 5)", "crypto.createHmac('sha1')", "(() => { const h = crypto.createHmac('md5', 'k'); h.digest(); return h.digest('hex') })()",
      "crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('a'))", "crypto.timingSafeEqual(Buffer.from('a'), Buffer.from('b'))", 'crypto.timingSafeEqual(Buffer.alloc(1), Buffer.alloc(2))',
    ])
  })

  it('makes keys of passwords as Node does', async () => {
    await same(setup, [
      "crypto.pbkdf2Sync('secret', 'salt', 2000, 40, 'sha512').toString('hex')", "crypto.pbkdf2Sync('secret', Buffer.from('salt'), 1, 20, 'sha1').toString('hex')", "new Promise((done, fail) => crypto.pbkdf2('p', 's', 10, 16, 'sha256', (e, key) => (e ? fail(e) : done(key.toString('hex')))))", "Buffer.from(crypto.hkdfSync('sha256', 'key', 'salt', 'info', 50)).toString('hex')", "crypto.hkdfSync('sha256', 'key', 'salt', 'info', 5).constructor.name", "crypto.scryptSync('p', 's', 32, { N: 16, r: 8, p: 1 }).toString('hex')",
      "crypto.pbkdf2Sync('a','b',0,10,'sha1')", "crypto.pbkdf2Sync('a','b',1,10,'foo')", "crypto.pbkdf2Sync('a','b',1,10)", "crypto.hkdfSync('sha1', 'k', 's', 'i', 1e9)", "crypto.hkdfSync('foo', 'k', 's', 'i', 1)", "crypto.scryptSync('a', 'b', 10, { N: 3 })",
    ])
  })

  it('draws from the granted randomness', async () => {
    const source = `${setup}; const ids = Array.from({ length: 1000 }, () => crypto.randomUUID()); const ints = Array.from({ length: 1000 }, () => crypto.randomInt(3, 9))
      return { ids: new Set(ids).size, form: ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)), first: ids[0], low: Math.min(...ints), high: Math.max(...ints), bytes: crypto.randomBytes(100000).length,
      short: crypto.randomBytes(8).toString('hex'), filled: crypto.randomFillSync(new Uint32Array(4)).some((n) => n > 0), later: await new Promise((done) => crypto.randomBytes(4, (e, b) => done(b.length))), values: crypto.getRandomValues(new Uint8Array(70)).length }`
    const seeded = async () => valueOf(await run(source, { grants: { random: seededRandom(5) } }))
    const first = await seeded()
    expect(first).toMatchObject({ ids: 1000, form: true, low: 3, high: 8, bytes: 100_000, filled: true, later: 4, values: 70 })
    expect(await seeded()).toEqual(first)
    expect(valueOf(await run(source, { grants: { random: systemRandom() } })).first).not.toBe(first.first)
  })

  it('checks what is asked of randomness as Node does', async () => {
    await same(setup, ['crypto.randomInt(5, 2)', "crypto.randomInt('a')", 'crypto.randomInt(2 ** 50)', 'crypto.randomBytes(-1)', "crypto.randomBytes('a')", 'crypto.randomFillSync([])', 'crypto.randomBytes(0).length', 'crypto.randomInt(1)'])
  })

  it('says what to use in place of what it has not', async () => {
    const result = await run("require('crypto').generateKeyPairSync('rsa')")
    expect(result).toMatchObject({ outcome: 'threw', error: { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', message: expect.stringContaining('a tool that holds the key') } })
  })
})
