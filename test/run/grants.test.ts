import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { copyOnWrite, defineTool, memoryDir, noDelete, readOnly, secret } from '../../src/index.js'
import { http, openDir } from '../../src/node.js'
import { type HostileServer, startHostileServer } from '../support/hostile-server.js'
import { isolation, useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()
let server: HostileServer
let folder: string

beforeAll(async () => {
  server = await startHostileServer()
  folder = await mkdtemp(join(tmpdir(), 'glovebox-grants-'))
  await writeFile(join(folder, 'a.txt'), 'alpha\nbeta\n')
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const local = (path: string, more: object = {}) => ({ url: `${server.origin}${path}`, allowPrivateAddresses: ['127.0.0.1'], ...more })

describe('grants.fs', () => {
  it('gives node:fs over the mounts and nothing else', async () => {
    const out = memoryDir()
    const data = await openDir(folder)
    const result = await run(
      `import fs from 'node:fs'
       import { readFile, writeFile } from 'node:fs/promises'
       import path from 'node:path'
       const lines = fs.readFileSync('/data/a.txt', 'utf8').trim().split('\\n')
       await writeFile('/out/report.json', JSON.stringify({ lines, size: fs.statSync('/data/a.txt').size }))
       const failures = []
       for (const act of [() => fs.writeFileSync('/data/b.txt', ''), () => fs.readFileSync('/etc/passwd'), () => fs.readFileSync('/data/../../etc/passwd'), () => fs.unlinkSync('/data/a.txt')]) {
         try { act(); failures.push('done') } catch (e) { failures.push(e.code) }
       }
       export default { failures, list: fs.readdirSync('/data'), back: JSON.parse(await readFile('/out/report.json', 'utf8')), ext: path.extname('/x/y.csv') }`,
      { grants: { fs: { '/data': data, '/out': out } } },
    )
    expect(valueOf(result)).toEqual({
      failures: ['denied', 'denied', 'denied', 'denied'],
      list: ['a.txt'],
      back: { lines: ['alpha', 'beta'], size: 11 },
      ext: '.csv',
    })
    expect(result.sources).toEqual(expect.arrayContaining(['fs:/data', 'fs:/out']))
    expect(result.ledger.filter(({ decision }) => decision === 'denied')).toHaveLength(4)
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('alpha\nbeta\n')
  })

  it('copyOnWrite() keeps changes aside until they are committed', async () => {
    const base = memoryDir({ files: { 'keep.txt': 'k', 'gone.txt': 'g' } })
    const draft = copyOnWrite(base)
    valueOf(await run("const fs = await import('node:fs'); fs.writeFileSync('/w/new.txt', 'n'); fs.unlinkSync('/w/gone.txt'); fs.appendFileSync('/w/keep.txt', '!'); return fs.readFileSync('/w/keep.txt', 'utf8')", { grants: { fs: { '/w': draft } } }))
    expect(draft.changes().map(({ path, kind }) => [path, kind]).sort()).toEqual([['gone.txt', 'deleted'], ['keep.txt', 'modified'], ['new.txt', 'created']])
    expect(base.readFile('gone.txt')).toBeDefined()
  })

  it('the same words whether a file exists or not', async () => {
    const messages = valueOf(await run(
      "const fs = await import('node:fs'); const out = []; for (const p of ['/etc/passwd', '/etc/none']) try { fs.readFileSync(p) } catch (e) { out.push(e.message.replaceAll(p, 'P').replaceAll(p.slice(0, p.lastIndexOf('/')), 'D')) } return out",
    ))
    expect(messages[0]).toBe(messages[1])
  })

  it('a kept descriptor is of no use to the next call', async () => {
    const dir = noDelete(memoryDir({ files: { 'a.txt': 'a' } }))
    const fd = valueOf(await run("return (await import('node:fs')).openSync('/d/a.txt', 'r')", { grants: { fs: { '/d': dir } } }))
    const next = await run("const fs = await import('node:fs'); return fs.readFileSync(input, 'utf8')", { input: fd, grants: { fs: { '/d': dir } } })
    expect(next).toMatchObject({ outcome: 'threw', error: { code: 'EBADF' } })
  })
})

describe('grants.net', () => {
  if (isolation === 'thread') console.log('grants.test.ts: the scan of guest memory is skipped on threads, whose memory cannot be looked into from here')
  // Memory of another thread cannot be looked into; what is sent there is, in test/threads.
  it.skipIf(isolation === 'thread')('attaches a credential at the edge that the guest never sees, in its whole memory', async () => {
    const value = 'Bearer canary-5f1c9a77e0b24d6f'
    const memories: WebAssembly.Memory[] = []
    const { Memory } = WebAssembly
    vi.spyOn(WebAssembly, 'Memory').mockImplementation(function (descriptor) {
      const memory = new Memory(descriptor)
      memories.push(memory)
      return memory
    })
    let scanned = 0
    const scan = defineTool({
      description: 'Looks for the credential in guest memory',
      input: z.undefined(),
      output: z.array(z.string()),
      execute: () => {
        scanned = memories.length
        const needles = [value, value.slice(7), Buffer.from(value).toString('base64').slice(0, 24), encodeURIComponent(value)]
        return needles.filter((needle) => memories.some(({ buffer }) => Buffer.from(buffer).includes(needle)))
      },
    })
    try {
      // A ceiling of its own, so that the instance is a new one and its memory is seen.
      const result = await run(
        `const texts = []
         for (const path of ['/echo', '/reflect/base64', '/reflect/raw', '/split']) texts.push(await (await fetch(input + path)).text())
         return { found: await tools.scan(), texts }`,
        {
          input: server.origin,
          limits: { memoryBytes: 33 << 20 },
          grants: { net: http([local('/**', { headers: { authorization: secret('TOKEN', value) } })]), tools: { scan } },
        },
      )
      const { found, texts } = valueOf(result)
      expect(scanned).toBeGreaterThan(0)
      expect(found).toEqual([])
      expect(texts[0]).toContain('[redacted:TOKEN]')
      expect(JSON.stringify({ ...result, value: undefined })).not.toContain('canary-5f1c')
      expect(server.received.at(-1)?.headers['authorization']).toBe(value)
    } finally {
      vi.restoreAllMocks()
    }
  })

  it.each([
    ['another method', "fetch(input + '/v1/a', { method: 'DELETE' })"],
    ['another path', "fetch(input + '/v2/a')"],
    ['another port', "fetch(input.replace(/\\d+$/, '1') + '/v1/a')"],
    ['another host', "fetch('http://localhost/v1/a')"],
    ['its own key to an allowed host', "fetch(input + '/v1/a', { headers: { authorization: 'Bearer attacker' } })"],
    ['its own cookie', "fetch(input + '/v1/a', { headers: { cookie: 'a=b' } })"],
    ['an encoded dot segment', "fetch(input + '/v1/%2e%2e/v2')"],
  ])('%s is denied and recorded, and nothing is sent', async (_name, request) => {
    const before = server.received.length
    const result = await run(`return await ${request}`, { input: server.origin, grants: { net: http([local('/v1/*')]) } })
    expect(result).toMatchObject({ outcome: 'threw', error: { name: 'PermissionDenied' } })
    expect(result.ledger).toMatchObject([{ capability: 'net', decision: 'denied' }])
    expect(server.received).toHaveLength(before)
  })

  it('a slow body ends at the deadline', async () => {
    const result = await run("return await (await fetch(input + '/slow')).text()", { input: server.origin, limits: { deadlineMs: 300 }, grants: { net: http([local('/slow')]) } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
    expect(result.usage.wallMs).toBeLessThan(1500)
  })
})

describe('grants.tools', () => {
  const add = defineTool({
    description: 'Adds two numbers',
    input: z.object({ a: z.number(), b: z.number() }),
    output: z.number(),
    execute: ({ a, b }) => a + b,
  })
  it('calls with checked input and output', async () => {
    const result = await run('return [await tools.add({ a: 1, b: 2 }), await tools.add({ a: "1" }).catch((e) => [e.name, e.code, e.message])]', { grants: { tools: { add } } })
    expect(valueOf(result)).toEqual([3, ['TypeError', 'invalid-input', expect.stringContaining('a:')]])
    expect(result.sources).toEqual(['tool:add'])
  })

  it('the message of a host error does not reach the guest', async () => {
    const broken = defineTool({ description: 'd', input: z.any(), execute: () => { throw new Error('cannot open /home/host/secret.key') } })
    const lying = defineTool({ description: 'd', input: z.any(), output: z.number(), execute: () => 'text' as never })
    const result = await run('return [await tools.broken().catch((e) => e.message + e.stack), await tools.lying().catch((e) => [e.code, e.message])]', { grants: { tools: { broken, lying } } })
    const [message, refused] = valueOf(result)
    expect(message).not.toMatch(/home|host\/secret|\.ts|node:/)
    expect(refused).toEqual(['invalid-output', 'Tool "lying" answered what its schema forbids'])
  })
})

describe('ceiling', () => {
  const reports = readOnly(memoryDir({ files: { 'a.txt': 'a' } }))
  const capped = useSandbox({ ceiling: { fs: { '/data': reports }, env: { LANG: 'en' } } })

  it('a call may be granted what it covers', async () => {
    expect(valueOf(await capped.run("return (await import('node:fs')).readFileSync('/data/a.txt', 'utf8')", { grants: { fs: { '/data': reports } } }))).toBe('a')
  })

  it.each([
    ['another mode', { fs: { '/data': memoryDir() } }],
    ['another mount', { fs: { '/other': reports } }],
    ['another axis', { tools: { t: add() } }],
    ['another variable', { env: { PATH: '/bin' } }],
  ])('%s exceeds it, before anything runs', async (_name, grants) => {
    await expect(capped.run('return 1', { grants: grants as never })).rejects.toMatchObject({ code: 'exceeds-ceiling' })
  })

  function add() {
    return defineTool({ description: 'd', input: z.any(), execute: () => 1 })
  }
})
