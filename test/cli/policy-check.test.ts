import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandOptions, glovebox } from './glovebox.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glovebox-check-'))
  for (const name of ['reports', 'out']) await mkdir(join(folder, name))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const check = async (policy: unknown, options: CommandOptions = {}) => {
  await writeFile(join(folder, 'policy.json'), typeof policy === 'string' ? policy : JSON.stringify(policy))
  return glovebox(['policy', 'check', 'policy.json'], { cwd: folder, ...options })
}

describe('glovebox policy check', () => {
  it('says what a program can read, write, destroy and send, and which credential goes where', async () => {
    const { code, stdout, stderr } = await check({
      fs: {
        '/data': { host: './reports', labels: ['private'] },
        '/out': { host: './out', mode: 'read-write', maxBytes: 1_000_000 },
        '/log': { host: './out', mode: 'append' },
        '/keep': { host: './out', mode: 'no-delete' },
        '/draft': { host: './reports', mode: 'copy-on-write' },
        '/scratch': { memory: { maxBytes: 5 } },
      },
      net: [
        { url: 'https://api.example.com/v1/items/*', methods: ['GET', 'POST'], headers: { authorization: { env: 'API_TOKEN', prefix: 'Bearer ' } } },
        { url: 'https://other.example/', headers: { 'x-key': { env: 'OTHER_KEY' } } },
      ],
      clock: { system: { resolutionMs: 100 } },
      random: { seed: 42 },
      env: ['LANG', 'TZ', { name: 'MODE', value: 'test' }],
      limits: { deadlineMs: 2000 },
    }, { env: { API_TOKEN: 'tok-0123456789', LANG: 'en' } })
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(`policy.json is a valid policy.

It can read:
  /data  from ./reports (private)
  /out  from ./out
  /log  from ./out
  /keep  from ./out
  /draft  from ./reports
  /scratch  in memory
It can write:
  /out  from ./out: new files, additions, changes, at most 1,000,000 bytes
  /log  from ./out: new files, additions at the end
  /keep  from ./out: new files, additions, changes
  /scratch  in memory: new files, additions, changes, at most 5 bytes
It can destroy:
  /out  from ./out: what is there can be overwritten, cut short, replaced and removed
  /keep  from ./out: bytes of what is there can be overwritten
  /scratch  in memory: what is there can be overwritten, cut short, replaced and removed
It can change a draft, kept from the host:
  /draft  from ./reports
Data can leave to:
  GET, POST https://api.example.com/v1/items/* with the credential API_TOKEN
  GET https://other.example/ with the credential OTHER_KEY (not set here)
It is told:
  the environment variable LANG
  the environment variable MODE
  the environment variable TZ, which is not set here
  the time: system (100 ms)
  random numbers: seeded with 42
Its limits:
  deadlineMs 2,000
Note:
  what is private (/data) and a way out (https://api.example.com/v1/items/*, https://other.example/) are in one policy
`)
  })

  it('says of an empty policy that it reaches nothing', async () => {
    expect(await check({})).toEqual({ code: 0, stderr: '', stdout: 'policy.json is a valid policy.\n\nIt reaches nothing: no file, no network, no clock, no environment.\n' })
  })

  it.each<readonly [string, unknown, string]>([
    ['a misspelt key', { nett: [] }, 'unknown key "nett"; did you mean "net"? (invalid-policy)'],
    ['a missing mount', { fs: { '/a': { host: './nowhere' } } }, 'nowhere": ENOENT'],
    ['a URL pattern that is no URL', { net: [{ url: 'example.com' }] }, 'not an absolute http: or https: URL'],
    ['a key that is there twice', '{"net": [], "net": []}', 'the key "net" is there twice'],
    ['a terminal escape', JSON.stringify({ 'fs\u001b[2J': {} }), 'unknown key'],
  ])('exits 2 for %s', async (_, policy, words) => {
    const { code, stdout, stderr } = await check(policy)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('\u001b')
  })
})
