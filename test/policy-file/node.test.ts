import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toGrants } from '../../src/grants.js'
import { describeGrants } from '../../src/policy.js'
import { grantsFromPolicy } from '../../src/policy-file/node.js'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glovebox-policy-'))
  for (const name of ['reports', 'out']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'reports/a.txt'), 'alpha')
  await writeFile(join(folder, 'in.txt'), 'from a file')
})

afterEach(() => rm(folder, { recursive: true, force: true }))

const TOKEN = 'tok-0123456789'
const grant = (policy: unknown, env: Record<string, string> = {}) => grantsFromPolicy(policy, { baseDir: folder, env })
const reach = async (policy: unknown, env: Record<string, string> = {}) => {
  using granted = await grant(policy, env)
  return describeGrants(toGrants(granted.grants)).reach
}
const refusal = (code: string, words: string) => expect.objectContaining({ name: 'GloveboxError', code, message: expect.stringContaining(words) as string })
const openDescriptors = () => readdirSync('/proc/self/fd').length

describe('grantsFromPolicy()', () => {
  it.each([[{}], [{ fs: {} }], [{ net: [] }], [{ env: [] }], [{ limits: {} }], [{ fs: {}, net: [], env: [], limits: {} }]])('grants nothing for %j', async (policy) => {
    expect(await reach(policy)).toEqual([])
  })

  it.each([[undefined], [null], [''], [[]], [{ fs: null }], [{ net: 'all' }], [{ fs: { '/': true } }], [{ allowAll: true }]])('grants nothing for %j: it is an error', async (policy) => {
    await expect(grant(policy)).rejects.toThrow(expect.objectContaining({ code: 'invalid-policy' }))
  })

  it('opens each mount in its mode and no wider', async () => {
    const modes = ['read', 'read-write', 'append', 'no-delete', 'copy-on-write']
    const fs = Object.fromEntries(modes.map((mode) => [`/${mode}`, { host: './out', mode }]))
    expect(await reach({ fs: { ...fs, '/default': { host: 'reports' }, '/memory': { memory: {} } } })).toEqual([
      { capability: 'fs', target: '/read', acts: 'read' },
      { capability: 'fs', target: '/read-write', acts: 'read, create, append, write, delete' },
      { capability: 'fs', target: '/append', acts: 'read, create, append' },
      { capability: 'fs', target: '/no-delete', acts: 'read, create, append, write' },
      { capability: 'fs', target: '/copy-on-write', acts: 'read, draft' },
      { capability: 'fs', target: '/default', acts: 'read' },
      { capability: 'fs', target: '/memory', acts: 'read, create, append, write, delete' },
    ])
  })

  it('marks what it labels', async () => {
    const labels = ['private']
    const rows = await reach({ fs: { '/a': { host: 'reports', labels }, '/b': { host: 'reports', mode: 'copy-on-write', labels }, '/c': { memory: {}, labels }, '/d': { host: 'out', mode: 'append', labels } } })
    for (const row of rows) expect(row.labels).toEqual(['private'])
  })

  it('starts relative paths at the folder of the policy, wherever the process is', async () => {
    await expect(grantsFromPolicy({ fs: { '/a': { host: 'reports' } } }, { baseDir: join(folder, 'out'), env: {} })).rejects.toThrow(refusal('mount-failed', 'ENOENT'))
    using granted = await grant({ fs: { '/a': { host: join(folder, 'reports') } } })
    expect(Object.keys(granted.grants.fs!)).toEqual(['/a'])
  })

  it('closes every directory it opened when a later one fails, and when it is disposed', async () => {
    const before = openDescriptors()
    await expect(grant({ fs: { '/a': { host: 'reports' }, '/b': { host: 'out', mode: 'read-write' }, '/c': { host: 'missing' } } })).rejects.toThrow(refusal('mount-failed', 'missing'))
    expect(openDescriptors()).toBe(before)
    const granted = await grant({ fs: { '/a': { host: 'reports' }, '/b': { host: 'out', mode: 'no-delete' } } })
    expect(openDescriptors()).toBeGreaterThan(before)
    granted.dispose()
    granted[Symbol.dispose]()
    expect(openDescriptors()).toBe(before)
  })

  it('opens no directory for a policy that is wrong elsewhere', async () => {
    const missing = { fs: { '/a': { host: 'missing' } } }
    await expect(grant({ ...missing, net: [{ url: 'not a url' }] })).rejects.toThrow(refusal('invalid-policy', 'not a url'))
    await expect(grant({ ...missing, clock: { fixed: 'soon' } })).rejects.toThrow(refusal('invalid-policy', '"soon" is no instant'))
    await expect(grant({ ...missing, clock: { system: { timeZone: 'Mars/Olympus' } } })).rejects.toThrow(refusal('invalid-policy', 'Mars/Olympus'))
    await expect(grant({ ...missing, env: ['A', { name: 'A', value: '' }] })).rejects.toThrow(refusal('invalid-policy', '"A" twice'))
    await expect(grant({ fs: { '/a': { host: 'missing' }, '/a/b': { memory: {} } } })).rejects.toThrow(refusal('invalid-policy', '"/a/b"'))
    await expect(grant({ fs: { '/a/../b': { host: 'missing' } } })).rejects.toThrow(refusal('invalid-policy', '/a/../b'))
  })

  it.each([
    ['no URL', { url: 'api.example.com/v1' }, 'not an absolute http: or https: URL'],
    ['a wildcard for the host', { url: 'https://*.example.com/' }, 'one rule per host'],
    ['a private address that is not named', { url: 'http://127.0.0.1:8080/**' }, '127.0.0.1'],
    ['a method no rule can grant', { url: 'https://a.example/', methods: ['CONNECT'] }, 'CONNECT'],
    ['no methods', { url: 'https://a.example/', methods: [] }, 'no methods'],
    ['a credential in plain text', { url: 'https://a.example/', headers: { authorization: 'Bearer hunter2-hunter2' } }, 'looks like a credential'],
  ])('refuses a rule with %s', async (_, rule, words) => {
    const error = await grant({ net: [rule] }).then(() => expect.unreachable('granted'), (thrown: Error) => thrown)
    expect(error).toEqual(refusal('invalid-policy', words))
    expect(error.message).not.toContain('hunter2')
  })

  it('turns endpoints into a TCP grant, and refuses those that are none', async () => {
    using granted = await grant({ tcp: { targets: ['db.example.com:5432'], allowPrivateAddresses: ['10.0.0.5'] } })
    expect(describeGrants(toGrants(granted.grants)).reach).toEqual([
      { capability: 'net', target: 'tcp://db.example.com:5432', acts: 'connect, connect to 10.0.0.5', labels: ['external'] },
    ])
    await expect(grant({ tcp: { targets: ['db.example.com'] } })).rejects.toThrow(refusal('invalid-policy', 'no "host:port"'))
    await expect(grant({ tcp: { targets: ['127.0.0.1:5432'] } })).rejects.toThrow(refusal('invalid-policy', 'no public address'))
    await expect(grant({ fs: { '/a': { host: 'missing' } }, tcp: { targets: ['*:80'] } })).rejects.toThrow(refusal('invalid-policy', '*:80'))
  })

  it('takes credentials by name from the environment it is given, and shows only the name', async () => {
    const policy = { net: [{ url: 'https://api.example.com/v1/*', headers: { authorization: { env: 'API_TOKEN', prefix: 'Bearer ' }, 'x-version': '2' } }] }
    using granted = await grant(policy, { API_TOKEN: TOKEN, OTHER: 'x' })
    expect(describeGrants(toGrants(granted.grants)).reach).toEqual([
      { capability: 'net', target: 'https://api.example.com/v1/*', acts: 'GET', credentials: ['API_TOKEN'], labels: ['external'] },
    ])
    expect(JSON.stringify(granted)).not.toContain(TOKEN)
  })

  it.each([['unset', {}, 'API_TOKEN, which is not set'], ['empty', { API_TOKEN: '' }, 'API_TOKEN, which is not set'], ['too short to be told from text', { API_TOKEN: 'abc' }, 'shorter than']])('refuses a credential that is %s', async (_, env, words) => {
    const policy = { net: [{ url: 'https://api.example.com/', headers: { authorization: { env: 'API_TOKEN' } } }] }
    await expect(grant(policy, env)).rejects.toThrow(refusal('invalid-policy', words))
  })

  it('takes no credential or variable from the prototype of the environment', async () => {
    const env = Object.create({ INHERITED: 'inherited-value' }) as Record<string, string>
    await expect(grant({ net: [{ url: 'https://api.example.com/', headers: { authorization: { env: 'INHERITED' } } }] }, env)).rejects.toThrow(refusal('invalid-policy', 'not set'))
    using granted = await grant({ env: ['INHERITED', 'constructor'] }, env)
    expect(granted.grants.env).toEqual({})
  })

  it('copies only the variables it names, leaves out what is not set, and takes constants', async () => {
    using granted = await grant({ env: ['LANG', 'MISSING', { name: 'MODE', value: 'test' }] }, { LANG: 'en', HOME: '/home/ana', MODE: 'host' })
    expect(granted.grants.env).toEqual({ LANG: 'en', MODE: 'test' })
  })

  it('gives stdin from a text or a file, and from nothing that could block or never end', async () => {
    expect((await grant({ stdin: { text: 'hello' } })).grants.stdin).toBe('hello')
    expect((await grant({ stdin: { file: 'in.txt' } })).grants.stdin).toBe('from a file')
    for (const file of ['/dev/zero', '.', 'missing']) await expect(grant({ stdin: { file } })).rejects.toThrow(refusal('mount-failed', 'stdin'))
  })

  it('makes clock and randomness of what it names', async () => {
    using fixed = await grant({ clock: { fixed: '2026-10-01T12:00:00Z' }, random: { seed: 7 } })
    expect(fixed.grants.clock!.now()).toBe(Date.parse('2026-10-01T12:00:00Z'))
    expect(fixed.grants.random!.reach()[0]!.target).toBe('seeded with 7')
    using system = await grant({ clock: { system: { resolutionMs: 1000 } }, random: { system: {} } })
    expect(system.grants.clock!.now() % 1000).toBe(0)
    expect(system.grants.random!.reach()[0]!.target).toBe('system')
    using stepped = await grant({ clock: { stepped: { start: '2026-10-01T12:00:00Z', stepMs: 5 } } })
    expect([stepped.grants.clock!.now(), stepped.grants.clock!.now()].map((ms) => ms % 1000)).toEqual([0, 5])
  })

  it('passes limits on, frozen', async () => {
    using granted = await grant({ limits: { deadlineMs: 2000, fuel: 5 } })
    expect(granted.limits).toEqual({ deadlineMs: 2000, fuel: 5 })
    expect(Object.isFrozen(granted.limits) && Object.isFrozen(granted.grants)).toBe(true)
  })

  it('lists what guests change in a draft, of which nothing can reach the host', async () => {
    using granted = await grant({ fs: { '/r': { host: 'reports', mode: 'copy-on-write' } } })
    expect([...granted.drafts.keys()]).toEqual(['/r'])
    expect(granted.drafts.get('/r')!.changes()).toEqual([])
    expect(granted.drafts.get('/r')).toBe(granted.grants.fs!['/r'])
  })
})
