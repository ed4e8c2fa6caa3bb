import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { type Server, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fixedClock, memoryDir } from '../../src/index.js'
import { http, systemClock } from '../../src/node.js'
import { useSandbox } from '../support/sandbox.js'

const HERE = import.meta.dirname
const DATA = join(HERE, 'fixtures')
const files = readdirSync(HERE, { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('/') && name.endsWith('.mjs')).sort()
const { run } = useSandbox()

const PEOPLE = [{ id: 1, name: 'Ada Quill', team: 'north' }, { id: 2, name: 'Bo Larch', team: 'south' }, { id: 3, name: 'Cy Fenn', team: 'north' }]

/** A small service on loopback that both runtimes ask. */
function serve(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    let body = ''
    for await (const chunk of request) body += String(chunk)
    const reply = (status: number, value: unknown): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    if (pathname === '/people') return reply(200, PEOPLE.filter(({ team }) => searchParams.get('team') === null || team === searchParams.get('team')))
    if (pathname === '/page') {
      const page = Number(searchParams.get('page') ?? 1)
      return reply(200, { items: [page * 2 - 1, page * 2], next: page < 3 ? page + 1 : null })
    }
    if (pathname === '/echo') return reply(200, { method: request.method, type: request.headers['content-type'] ?? null, body })
    if (pathname === '/text') return void response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end('héllo\nwörld\n')
    return reply(404, { error: 'not found' })
  })
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)))
}

describe('programs as models write them', () => {
  let server: Server
  let origin = ''
  let copy = ''
  let inNode: Record<string, string> = {}
  beforeAll(async () => {
    server = await serve()
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    copy = mkdtempSync(join(tmpdir(), 'glovebox-programs-'))
    cpSync(DATA, copy, { recursive: true })
    const { stdout } = await promisify(execFile)(process.execPath, [join(HERE, 'run-in-node.mjs'), ...files.map((file) => join(HERE, file))], {
      env: { DATA: copy, ORIGIN: origin, TZ: 'UTC', LANG: 'en_US.UTF-8' },
      timeout: 60_000,
      maxBuffer: 1 << 24,
    })
    inNode = Object.fromEntries(Object.entries(JSON.parse(stdout) as Record<string, string>).map(([file, text]) => [relative(HERE, file), text]))
  }, 90_000)
  afterAll(() => {
    server.close()
    rmSync(copy, { recursive: true, force: true })
  })

  it('are a hundred', () => {
    expect(files.length).toBeGreaterThanOrEqual(100)
  })

  it.each(files)('%s', async (file) => {
    const source = readFileSync(join(HERE, file), 'utf8')
    const expected = inNode[file]
    // What Node is known to write; `vitest run -u` writes it anew.
    await expect(expected).toMatchFileSnapshot(file.replace(/\.mjs$/, '.txt'))
    const grants = {
      fs: { '/data': memoryDir({ files: Object.fromEntries(readdirSync(DATA).map((name) => [name, readFileSync(join(DATA, name), 'utf8')])) }) },
      env: { DATA: '/data', ORIGIN: origin },
      net: http([{ url: `${origin}/*?*`, methods: ['GET', 'POST', 'PUT'], allowPrivateAddresses: ['127.0.0.1'] }]),
      clock: file.startsWith('dates/') ? fixedClock('2026-10-05T12:00:00Z') : systemClock(),
    }
    const result = await run(source, { filename: `/${file}`, grants, limits: { deadlineMs: 10_000, hostCalls: 2000 } })
    let output = result.stdout
    if (result.outcome === 'returned' && result.value !== undefined) output += `${JSON.stringify(result.value)}\n`
    if (result.outcome === 'threw') output += `threw ${result.error.name}: ${result.error.message}\n`
    if (result.outcome === 'stopped') output += `stopped: ${result.message}\n`
    expect(output).toBe(expected)
  })
})
