import { readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunResult } from '../../src/result.js'
import { type CommandOptions, type Ended, glovebox } from './glovebox.js'

let folder: string
let server: Server
let origin: string
const seen: { readonly method: string; readonly url: string; readonly authorization: string | undefined }[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'glovebox-cli-'))
  for (const name of ['data', 'out']) await mkdir(join(folder, name))
  await writeFile(join(folder, 'data/a.txt'), 'alpha')
  await writeFile(join(folder, 'input.json'), '{"n": 20}')
  server = createServer((request, response) => {
    seen.push({ method: request.method!, url: request.url!, authorization: request.headers.authorization })
    response.end(JSON.stringify({ url: request.url }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

const run = (source: string, flags: readonly string[] = [], options: CommandOptions = {}): Promise<Ended> => glovebox(['run', '-', ...flags], { stdin: source, cwd: folder, ...options })
const json = async (source: string, flags: readonly string[] = [], options: CommandOptions = {}) => {
  const { code, stdout, stderr } = await run(source, ['--json', ...flags], options)
  expect(stderr).toBe('')
  expect(stdout.match(/\n/g)).toHaveLength(1)
  return { code, result: JSON.parse(stdout) as RunResult<any> }
}

describe('glovebox run: exit codes', () => {
  it('is 0 when the program returned, with the value alone on standard output', async () => {
    const { code, stdout, stderr } = await run(`console.log('log'); return { sum: 1 + 1 }`)
    expect({ code, stdout }).toEqual({ code: 0, stdout: '{ sum: 2 }\n' })
    expect(stderr).toMatch(/^log {3}\| log\nreturned in [\d.]+ ms; fuel [\d,]+; memory [\d.]+ MiB; 0 host calls\n$/)
  })

  it('is 1 when it threw, with its own line', async () => {
    const { code, stdout, stderr } = await run('const a = 1\nthrow new TypeError("broken")')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain('threw | TypeError: broken')
    expect(stderr).toContain('2 | throw new TypeError("broken")')
  })

  it('is 1 for a program that is none, and for one that is too large', async () => {
    expect(await run('\0\u0001ÿ{{{')).toMatchObject({ code: 1, stderr: expect.stringContaining('SyntaxError') as string })
    expect(await run(`// ${'x'.repeat(300_000)}`)).toMatchObject({ code: 1, stderr: expect.stringContaining('stopped (source-size)') as string })
  })

  it('is 77 for a denial nobody caught, with the flag that would grant it and the line', async () => {
    const { code, stdout, stderr } = await run(`const fs = await import('node:fs')\nfs.readFileSync('/etc/passwd')`)
    expect({ code, stdout }).toEqual({ code: 77, stdout: '' })
    expect(stderr).toContain('PermissionDenied: fs.readFile "/etc/passwd" denied')
    expect(stderr).toContain(`2 | fs.readFileSync('/etc/passwd')`)
    expect(stderr).toContain('denied: fs.readFile /etc/passwd (no directory is granted)\n        allow it with --allow-read=HOST::/etc,')
  })

  it('is 124 when the deadline passed, and when fuel ran out', async () => {
    expect(await run('for (;;);', ['--timeout=300ms'])).toMatchObject({ code: 124, stderr: expect.stringContaining('stopped (deadline)') as string })
    expect(await run('for (;;);', ['--fuel=1000000'])).toMatchObject({ code: 124, stderr: expect.stringContaining('stopped (fuel)') as string })
  })

  it('is 137 when memory ran out', async () => {
    expect(await run('const a = []; for (;;) a.push(new Uint8Array(1 << 20))', ['--memory=8mb'])).toMatchObject({ code: 137, stderr: expect.stringContaining('stopped (memory)') as string })
  })

  it('is 2 for what cannot be meant, before anything runs', async () => {
    const usage: readonly (readonly [args: readonly string[], words: string])[] = [
      [[], 'a command is missing'],
      [['rnu', 'a.js'], 'did you mean glovebox run?'],
      [['run'], 'the program is missing'],
      [['run', 'missing.js'], 'cannot read the program "missing.js": ENOENT'],
      [['run', 'data'], 'cannot read the program "data": EISDIR'],
      [['run', '-', 'extra'], 'unexpected "extra"'],
      [['run', '-', '--timeot=2s'], 'did you mean --timeout=2s?'],
      [['run', '-', '--timeout', '2s'], '--timeout needs a value after "="'],
      [['run', '-', '--input={n:1}'], '--input is no JSON'],
      [['run', '-', '--input=@missing.json'], 'cannot read the input "missing.json": ENOENT'],
      [['run', '-', '--allow-read=./missing'], `missing": ENOENT`],
      [['run', '-', '--allow-net=api.example.com/v1'], 'not an absolute http: or https: URL'],
      [['run', '-', '--policy=missing.json'], 'cannot read the policy "missing.json": ENOENT'],
      [['run', '-', '--events=missing/events.jsonl'], 'cannot write --events=missing/events.jsonl: ENOENT'],
      [['policy', 'chekc', 'p.json'], 'expected: glovebox policy check FILE'],
    ]
    for (const [args, words] of usage) {
      const { code, stdout, stderr } = await glovebox(args, { cwd: folder, stdin: 'console.log("begun")' })
      expect({ code, stdout, begun: stderr.includes('begun') }, args.join(' ')).toEqual({ code: 2, stdout: '', begun: false })
      expect(stderr).toContain(words)
      expect(stderr.trimEnd()).not.toContain('\n')
    }
  })
})

describe('glovebox run: grants', () => {
  it('reads a directory that is granted and nothing beside it', async () => {
    const source = `const fs = await import('node:fs')\nconst denied = (path) => { try { return fs.readFileSync(path, 'utf8') } catch (error) { return error.code } }
      return [fs.readFileSync('/data/a.txt', 'utf8'), denied('/data/../input.json'), denied('${folder}/input.json')]`
    const { code, result } = await json(source, ['--allow-read=./data'])
    expect(code).toBe(0)
    expect(result).toMatchObject({ outcome: 'returned', value: ['alpha', 'denied', 'denied'], sources: ['fs:/data'] })
  })

  it('writes where it may, up to the quota', async () => {
    const source = `const fs = await import('node:fs'); fs.writeFileSync('/o/b.txt', 'beta'); fs.writeFileSync('/o/c.txt', 'x'.repeat(2000))`
    const { code, result } = await json(source, ['--allow-write=./out::/o:1kb'])
    expect(code).toBe(1)
    expect(result).toMatchObject({ outcome: 'threw', error: { code: 'ENOSPC' } })
    expect(await readFile(join(folder, 'out/b.txt'), 'utf8')).toBe('beta')
  })

  it('asks over HTTP for what a pattern covers, in its methods', async () => {
    const source = `const ask = (path, method) => fetch('${origin}' + path, { method }).then((r) => r.json(), (error) => error.code)
      return [await ask('/v1/a', 'GET'), await ask('/v1/a', 'DELETE'), await ask('/v2/a', 'GET')]`
    const { result } = await json(source, [`--allow-net=${origin}/v1/*`])
    expect(result).toMatchObject({ outcome: 'returned', value: [{ url: '/v1/a' }, 'denied', 'denied'] })
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /v1/a'])
  })

  it('shows time, randomness and variables only when granted', async () => {
    const source = `return [Date.now(), process.env.LANG, process.env.HOME, process.argv.slice(2)]`
    expect((await json(source, [], { env: { LANG: 'en', HOME: '/home/ana' } })).result).toMatchObject({ value: [946_684_800_000, { $undefined: true }, { $undefined: true }, []] })
    const { result } = await json(source, ['--allow-time=fixed:2026-10-01T12:00:00Z', '--allow-env=LANG', '--', '--x', 'y'], { env: { LANG: 'en', HOME: '/home/ana' } })
    expect(result).toMatchObject({ value: [Date.parse('2026-10-01T12:00:00Z'), 'en', { $undefined: true }, ['--x', 'y']] })
  })

  it('has no standard input but the program', async () => {
    await writeFile(join(folder, 'stdin.js'), `return (await import('node:fs')).readFileSync(0, 'utf8')`)
    expect(await glovebox(['run', 'stdin.js'], { cwd: folder, stdin: 'typed by a person' })).toMatchObject({ code: 0, stdout: '\n' })
  })

  it('calls the program with its input, as text or from a file', async () => {
    await writeFile(join(folder, 'double.ts'), 'export default (input: { n: number }): number => input.n * 2\n')
    expect(await glovebox(['run', 'double.ts', '--input={"n": 4}'], { cwd: folder })).toMatchObject({ code: 0, stdout: '8\n' })
    expect(await glovebox(['run', join(folder, 'double.ts'), '--input=@input.json'], { cwd: folder })).toMatchObject({ code: 0, stdout: '40\n' })
  })

  it('suggests flags with which the program then runs', async () => {
    const source = `const fs = await import('node:fs'); return [fs.readFileSync('/srv/a.txt', 'utf8'), (await (await fetch('${origin}/v1/b?x=1')).json()).url]`
    const first = await run(source)
    const read = /allow it with (--allow-read=\S+),/.exec(first.stderr)![1]!.replace('HOST', './data')
    const second = await run(source, [read])
    const net = /allow it with '(--allow-net=\S+)'/.exec(second.stderr)![1]!
    expect([first.code, second.code]).toEqual([77, 77])
    expect(await run(source, [read, net])).toMatchObject({ code: 0, stdout: `[ 'alpha', '/v1/b?x=1' ]\n` })
  })
})

describe('glovebox run --policy', () => {
  const TOKEN = 'tok-0123456789'
  const writePolicy = (name: string, policy: unknown) => writeFile(join(folder, name), typeof policy === 'string' ? policy : JSON.stringify(policy))

  it('grants what the file says, paths from its own folder, credentials from the environment', async () => {
    await writePolicy('policy.json', {
      fs: { '/d': { host: './data' }, '/w': { host: './data', mode: 'copy-on-write' } },
      net: [{ url: `${origin}/v1/*`, allowPrivateAddresses: ['127.0.0.1'], headers: { authorization: { env: 'API_TOKEN', prefix: 'Bearer ' } } }],
      limits: { deadlineMs: 20_000 },
    })
    const source = `const fs = await import('node:fs'); fs.writeFileSync('/w/a.txt', 'changed'); const { url } = await (await fetch('${origin}/v1/c')).json()
      return [fs.readFileSync('/d/a.txt', 'utf8'), url, process.env.API_TOKEN]`
    const { code, stdout, stderr } = await glovebox(['run', '-', `--policy=${join(folder, 'policy.json')}`], { cwd: tmpdir(), stdin: source, env: { API_TOKEN: TOKEN } })
    expect({ code, stdout }).toEqual({ code: 0, stdout: `[ 'alpha', '/v1/c', undefined ]\n` })
    expect(stderr).toContain('draft: /w has 1 change, kept from the host\n        modified a.txt\n')
    expect(stderr + stdout).not.toContain(TOKEN)
    expect(seen.at(-1)).toMatchObject({ url: '/v1/c', authorization: `Bearer ${TOKEN}` })
    expect(readFileSync(join(folder, 'data/a.txt'), 'utf8')).toBe('alpha')
    const { result } = await json(source, ['--policy=policy.json'], { env: { API_TOKEN: TOKEN } })
    expect(result).toMatchObject({ changes: { '/w': [{ path: 'a.txt', kind: 'modified', type: 'file', bytes: { $bytes: Buffer.from('changed').toString('base64'), type: 'Uint8Array' } }] } })
  })

  it.each<readonly [string, unknown, string]>([
    ['a misspelt key', { fs: { '/d': { host: './data', mod: 'read' } } }, 'unknown key "mod" in fs["/d"]; did you mean "mode"?'],
    ['a mount that does not exist', { fs: { '/d': { host: './nowhere' } } }, 'nowhere": ENOENT'],
    ['a URL pattern that is no URL', { net: [{ url: 'example' }] }, 'not an absolute http: or https: URL'],
    ['a credential that is not set', { net: [{ url: 'https://api.example.com/', headers: { authorization: { env: 'API_TOKEN' } } }] }, 'API_TOKEN, which is not set'],
    ['no JSON', '{', 'it is no JSON'],
    ['nothing', '', 'it is empty'],
  ])('runs nothing under a policy with %s', async (_, policy, words) => {
    await writePolicy('bad.json', policy)
    const { code, stdout, stderr } = await run('console.log("ran")', ['--policy=bad.json'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(words)
    expect(stderr).not.toContain('log   |')
  })

  it('lets no program write its own policy or what is recorded of it', async () => {
    await writePolicy('out/policy.json', { fs: { '/o': { host: '.', mode: 'no-delete' } } })
    expect(await run('return 1', ['--policy=out/policy.json'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--policy=out/policy.json lies in a directory the program may change as /o') as string })
    expect(await run('return 1', ['--allow-write=./out', '--events=out/events.jsonl'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--events=out/events.jsonl lies in a directory the program may change as /out') as string })
    expect(await run('return 1', ['--allow-read=./out', '--events=out/events.jsonl'])).toMatchObject({ code: 0 })
  })
})

describe('glovebox run: output', () => {
  it('--json prints one object with the fields of the API', async () => {
    const { code, result } = await json(`console.warn('w'); try { (await import('node:fs')).readdirSync('/x') } catch {} return { big: 10n, map: new Map([[1, undefined]]) }`)
    expect(code).toBe(0)
    expect(result).toEqual({
      outcome: 'returned',
      value: { big: { $bigint: '10' }, map: { $map: [[1, { $undefined: true }]] } },
      stdout: '', stderr: 'w\n', console: [{ level: 'warn', text: 'w' }],
      usage: { fuel: expect.any(Number), wallMs: expect.any(Number), memoryPeakBytes: expect.any(Number), hostCalls: 1, hostBytesIn: 0, hostBytesOut: expect.any(Number) },
      ledger: [expect.objectContaining({ seq: 0, capability: 'fs', operation: 'readdir', target: '/x', decision: 'denied' })],
      sources: [],
    })
    expect((await json('throw Object.assign(new Error("no"), { code: "E" })')).result).toMatchObject({ outcome: 'threw', error: { name: 'Error', message: 'no', code: 'E' } })
    expect((await json('await new Promise(() => {})')).result).toMatchObject({ outcome: 'stopped', reason: 'deadlock', message: expect.any(String) })
  })

  it('neutralises terminal escapes in logs, errors and values', async () => {
    const evil = String.raw`\u001b]52;c;ZXZpbA==\u0007\u001b[2J\r\u202e`
    for (const source of [`console.log('${evil}'); process.stdout.write('${evil}'); return '${evil}'`, `return { ['${evil}']: new Error('${evil}') }`, `throw new Error('${evil}')`, `(await import('node:fs')).readFileSync('/${evil}/x')`]) {
      const { stdout, stderr } = await run(source)
      expect(stdout + stderr).not.toMatch(/(?![\n\t])[\p{Cc}\p{Cf}]/u)
      expect(stdout + stderr).toMatch(/\\u001b|\\x1B/)
    }
  })

  it('appends events as lines of JSON while the program runs, denials too', async () => {
    const source = `console.log('one'); try { (await import('node:fs')).readFileSync('/x/y') } catch {} console.log('two')`
    await run(source, ['--events=events.jsonl'])
    await run('for (;;) console.log("again")', ['--events=events.jsonl'])
    const events = (await readFile(join(folder, 'events.jsonl'), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as Record<string, any>)
    expect(events.slice(0, 4)).toEqual([
      { type: 'console', line: { level: 'log', text: 'one' } },
      { type: 'host-call', entry: expect.objectContaining({ capability: 'fs', target: '/x/y', decision: 'denied' }) },
      { type: 'console', line: { level: 'log', text: 'two' } },
      { type: 'console', line: { level: 'log', text: 'again' } },
    ])
  })

  it('prints help and the version', async () => {
    const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
    expect(await glovebox(['--version'])).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: '' })
    expect((await glovebox(['--help'])).stdout).toContain('glovebox run FILE|-')
    const { code, stdout } = await glovebox(['run', '--help'])
    expect(code).toBe(0)
    for (const flag of ['--allow-read=HOST[::GUEST]', '--allow-write=HOST[::GUEST][:QUOTA]', '--allow-net=URL-PATTERN[#METHODS]', '--allow-env=NAME,...', '--allow-time[=coarse:100ms|fixed:ISO]', '--allow-random[=seed:N]', '--policy=FILE', '--input=JSON|@FILE', '--timeout=2s', '--fuel=N', '--memory=64mb', '--json', '--events=FILE.jsonl', '-- arguments']) {
      expect(stdout).toContain(flag)
    }
  })
})
