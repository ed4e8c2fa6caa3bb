import { webcrypto } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/index.js'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

const TOOLS = `
  const bytes = (length, from = 0) => Uint8Array.from({ length }, (_, i) => (from + i * 7) & 255)
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  const attempt = async (act) => { try { return await act() } catch (error) { return error.name } }
  const { subtle } = crypto
`
const AsyncFunction = (async () => {}).constructor as new (name: string, body: string) => (crypto: unknown) => Promise<unknown>

/** Runs the body of a program in a guest, and in Node. */
async function both(body: string): Promise<readonly [guest: unknown, node: unknown]> {
  const result = await run(TOOLS + body)
  return [valueOf(result), await new AsyncFunction('crypto', TOOLS + body)(webcrypto)]
}

describe('crypto.subtle', () => {
  it.each([
    ['digest', `return Promise.all(['SHA-1', 'sha-256', { name: 'SHA-384' }, 'SHA-512'].map(async (name) => hex(await subtle.digest(name, bytes(300)))))`],
    ['HMAC', `
      const found = []
      for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) {
        const key = await subtle.importKey('raw', bytes(20), { name: 'HMAC', hash }, true, ['verify', 'sign'])
        const signature = await subtle.sign('HMAC', key, bytes(99))
        found.push(hex(signature), await subtle.verify('HMAC', key, signature, bytes(99)), await subtle.verify('HMAC', key, signature, bytes(98)))
        found.push(await subtle.exportKey('jwk', key), key.algorithm, key.usages, key.type, key.extractable)
      }
      return JSON.parse(JSON.stringify(found))`],
    ['AES-CBC, AES-CTR and AES-GCM', `
      const found = []
      for (const length of [16, 24, 32]) for (const size of [0, 1, 16, 33, 100]) for (const algorithm of [
        { name: 'AES-CBC', iv: bytes(16, 3) }, { name: 'AES-CTR', counter: bytes(16, 5), length: 64 }, { name: 'AES-CTR', counter: new Uint8Array(16).fill(255), length: 4 },
        { name: 'AES-GCM', iv: bytes(12, 9) }, { name: 'AES-GCM', iv: bytes(16), additionalData: bytes(20), tagLength: 96 },
      ]) {
        const key = await subtle.importKey('raw', bytes(length), algorithm.name, true, ['encrypt', 'decrypt'])
        const secret = await subtle.encrypt(algorithm, key, bytes(size))
        found.push(hex(secret), hex(await subtle.decrypt(algorithm, key, secret)))
        const changed = new Uint8Array(secret)
        if (algorithm.name === 'AES-GCM') { changed[0] ^= 1; found.push(await attempt(() => subtle.decrypt(algorithm, key, changed))) }
      }
      return found`],
    ['PBKDF2 and HKDF', `
      const found = []
      for (const hash of ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512']) {
        const password = await subtle.importKey('raw', bytes(9), 'PBKDF2', false, ['deriveBits', 'deriveKey'])
        const how = { name: 'PBKDF2', hash, salt: bytes(8), iterations: 1234 }
        found.push(hex(await subtle.deriveBits(how, password, 520)))
        const key = await subtle.deriveKey(how, password, { name: 'AES-GCM', length: 256 }, true, ['encrypt'])
        found.push(hex(await subtle.exportKey('raw', key)), key.usages)
        const secret = await subtle.importKey('raw', bytes(32), 'HKDF', false, ['deriveBits'])
        found.push(hex(await subtle.deriveBits({ name: 'HKDF', hash, salt: bytes(5), info: bytes(3) }, secret, 1024)))
      }
      return found`],
    ['what is refused', `
      const cbc = await subtle.importKey('raw', bytes(16), 'AES-CBC', false, ['encrypt'])
      return Promise.all([
        () => subtle.exportKey('raw', cbc), () => subtle.decrypt({ name: 'AES-CBC', iv: bytes(16) }, cbc, bytes(16)), () => subtle.encrypt({ name: 'AES-CBC', iv: bytes(15) }, cbc, bytes(16)),
        () => subtle.encrypt({ name: 'AES-CBC' }, cbc, bytes(16)), () => subtle.encrypt({ name: 'AES-GCM', iv: bytes(12) }, cbc, bytes(16)), () => subtle.digest('MD5', bytes(1)),
        () => subtle.importKey('raw', bytes(15), 'AES-CBC', false, ['encrypt']), () => subtle.importKey('raw', bytes(16), 'AES-CBC', false, ['sign']), () => subtle.importKey('raw', bytes(16), 'AES-CBC', false, []),
        () => subtle.importKey('raw', bytes(16), 'PBKDF2', true, ['deriveBits']), () => subtle.importKey('jwk', { kty: 'RSA' }, 'AES-CBC', true, ['encrypt']), () => subtle.digest('SHA-256', 'text'),
        () => subtle.generateKey({ name: 'AES-GCM', length: 100 }, true, ['encrypt']), () => subtle.generateKey({ name: 'nothing' }, true, ['encrypt']), () => subtle.digest(),
      ].map(attempt))`],
  ])('%s is the one of Node', async (_name, body) => {
    const [guest, node] = await both(body)
    expect(guest).toEqual(node)
  })

  it('refuses other algorithms by their name, and says what to use', async () => {
    const names = ['RSASSA-PKCS1-v1_5', 'RSA-PSS', 'RSA-OAEP', 'ECDSA', 'ECDH', 'Ed25519', 'X25519', 'AES-KW']
    const result = await run(`return Promise.all(input.map((name) => crypto.subtle.generateKey({ name }, true, ['sign']).catch((error) => [error.name, error.message])))`, { input: names })
    expect(valueOf(result)).toEqual(names.map((name) => ['NotSupportedError', `"${name}" does not do generateKey here; use HMAC, AES-GCM, AES-CBC, AES-CTR`]))
  })
})

describe('crypto', () => {
  it('takes its bytes from the granted randomness, and says so in the ledger', async () => {
    const source = 'return [crypto.randomUUID(), [...crypto.getRandomValues(new Uint8Array(4))]]'
    const grants = { random: seededRandom(7) }
    const [first, second] = [await run(source, { grants }), await run(source, { grants })]
    expect(valueOf(first)).toEqual(valueOf(second))
    expect(valueOf(await run(source, { grants: { random: seededRandom(8) } }))).not.toEqual(valueOf(first))
    expect(valueOf(first)[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
    expect(first.ledger.map(({ capability, operation }) => `${capability}.${operation}`)).toEqual(['random.fill', 'random.fill'])
  })

  it('refuses what is no integer array or too long', async () => {
    const tries = 'new Float32Array(1)|new DataView(new ArrayBuffer(1))|[]|new Uint8Array(65537)'.split('|').map((text) => `() => crypto.getRandomValues(${text})`)
    const result = await run(`return [${tries.join()}].map((act) => { try { act() } catch (error) { return error.name } })`)
    expect(valueOf(result)).toEqual(['TypeMismatchError', 'TypeMismatchError', 'TypeError', 'QuotaExceededError'])
  })

  it('pays for the iterations of the host', async () => {
    const source = `
      const key = await crypto.subtle.importKey('raw', new Uint8Array(4), 'PBKDF2', false, ['deriveBits'])
      return crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(4), iterations: 200_000 }, key, 256)`
    expect(await run(source, { limits: { fuel: 50_000_000 } })).toMatchObject({ outcome: 'stopped', reason: 'fuel' })
  })
})
