import { Buffer } from 'node:buffer'
import * as nodeFs from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryDir, readOnly } from '../../../capabilities/fs/index.js'
import createFs from '../../../src/quickjs/guest/libs/fs.js'
import { decodeUtf8, encodeUtf8, toFileBytes } from '../../../src/quickjs/guest/libs/fs/bytes.js'
import { FakeRun } from '../../capabilities/fs/fake-run.js'
import { createFsCore } from './fs-core.js'

type Fs = typeof nodeFs & { readonly promises: typeof nodeFs.promises }

function setup(options: { readonly stdin?: string } = {}) {
  const memory = memoryDir({ files: { 'a.txt': 'Grüße', 'd/b.txt': 'b\nc\n' } })
  const run = new FakeRun({ '/m': memory, '/ro': readOnly(memoryDir({ files: { f: 'fixed' } })) })
  const core = createFsCore(run, options)
  return { memory, run, core, fs: createFs(core) as unknown as Fs }
}

describe('node:fs', () => {
  it('readFileSync() answers text, or bytes whose toString() is that of a Buffer', () => {
    const { fs } = setup()
    expect(fs.readFileSync('/m/a.txt', 'utf8')).toBe('Grüße')
    expect(fs.readFileSync('m/a.txt', { encoding: 'hex' })).toBe(Buffer.from('Grüße').toString('hex'))
    const bytes = fs.readFileSync('/m/a.txt')
    expect(bytes).toBeInstanceOf(Uint8Array)
    expect(bytes.toString()).toBe('Grüße')
    expect(String(bytes)).toBe('Grüße')
    expect(`${bytes.slice(0, 2)}`).toBe('Gr')
    expect(JSON.parse(setupText(fs, '{"a":1}'))).toEqual({ a: 1 })
    expect(fs.readFileSync(new URL('file:///m/a%2Etxt')).toString()).toBe('Grüße')
    expect(fs.readFileSync(Buffer.from('/m/a.txt')).toString()).toBe('Grüße')
  })

  it('makes one host call for each act, however much it does', () => {
    const { fs, run } = setup()
    fs.mkdirSync('/m/x/y/z', { recursive: true })
    fs.readdirSync('/m', { recursive: true })
    fs.cpSync('/m/d', '/m/e', { recursive: true })
    fs.rmSync('/m/e', { recursive: true, force: true })
    fs.existsSync('/m/a.txt')
    fs.readFileSync('/m/a.txt')
    expect(run.calls.map(({ operation }) => operation)).toEqual(['fs.mkdir', 'fs.readdir', 'fs.cp', 'fs.rm', 'fs.exists', 'fs.readFile'])
  })

  it('errors are those of Node: code, errno, syscall, path, dest', () => {
    const { fs } = setup()
    const real = nodeFs.mkdtempSync('/tmp/glovebox-errors-')
    try {
      for (const [act, code] of [
        [(on: Fs, at: string) => on.readFileSync(`${at}/none`), 'ENOENT'],
        [(on: Fs, at: string) => on.readdirSync(`${at}/none`), 'ENOENT'],
        [(on: Fs, at: string) => on.statSync(`${at}/none`), 'ENOENT'],
        [(on: Fs, at: string) => on.lstatSync(`${at}/none`), 'ENOENT'],
        [(on: Fs, at: string) => on.unlinkSync(`${at}/none`), 'ENOENT'],
        [(on: Fs, at: string) => on.rmdirSync(`${at}/none`), 'ENOENT'],
        [(on: Fs, at: string) => on.renameSync(`${at}/none`, `${at}/x`), 'ENOENT'],
        [(on: Fs, at: string) => on.copyFileSync(`${at}/none`, `${at}/x`), 'ENOENT'],
        [(on: Fs, at: string) => on.accessSync(`${at}/none`), 'ENOENT'],
        [(on: Fs, at: string) => on.openSync(`${at}/none`, 'r'), 'ENOENT'],
        [(on: Fs, at: string) => on.writeFileSync(`${at}/none/x`, ''), 'ENOENT'],
        [(on: Fs, at: string) => on.mkdirSync(`${at}/none/x`), 'ENOENT'],
        [(on: Fs, at: string) => (on.mkdirSync(`${at}/made`), on.mkdirSync(`${at}/made`)), 'EEXIST'],
        [(on: Fs, at: string) => on.truncateSync(`${at}/none`), 'ENOENT'],
        [(on: Fs, at: string) => on.readlinkSync(`${at}/none`), 'ENOENT'],
        [(on: Fs, at: string) => on.rmSync(`${at}/none`), 'ENOENT'],
        [(on: Fs, at: string) => on.utimesSync(`${at}/none`, 1, 1), 'ENOENT'],
      ] as const) {
        const [theirs, ours] = [caught(() => act(nodeFs, real)), caught(() => act(fs, '/m'))]
        const { code: got, errno, syscall, path, dest, message } = theirs
        expect(ours).toMatchObject({ code, errno, syscall, path: path?.replace(real, '/m'), ...(dest ? { dest: dest.replace(real, '/m') } : {}) })
        expect([got, ours.message]).toEqual([code, message.replaceAll(real, '/m')])
        expect(ours).toBeInstanceOf(Error)
      }
    } finally {
      nodeFs.rmSync(real, { recursive: true })
    }
  })

  it('refusals are catchable and say which grant would help; existsSync() answers false', async () => {
    const { fs, run } = setup()
    expect(() => fs.readFileSync('/etc/passwd')).toThrow(expect.objectContaining({ name: 'PermissionDenied', code: 'denied' }))
    expect(() => fs.writeFileSync('/ro/f', 'x')).toThrow('fs.writeFile "/ro/f" denied: mount "/ro" is read-only')
    await expect(fs.promises.rm('/ro/f')).rejects.toMatchObject({ code: 'denied' })
    expect(fs.existsSync('/etc/passwd')).toBe(false)
    expect(run.calls.at(-1)).toMatchObject({ operation: 'fs.exists', target: '/etc/passwd' })
    expect(fs.existsSync(undefined as never)).toBe(false)
  })

  it('statSync() has the fields and methods of Node\'s Stats, and throwIfNoEntry', () => {
    const { fs, run } = setup()
    const stat = fs.statSync('/m/a.txt')
    expect([stat.isFile(), stat.isDirectory(), stat.isSymbolicLink(), stat.isFIFO()]).toEqual([true, false, false, false])
    expect([stat.size, stat.ino, stat.dev, stat.uid, stat.gid, stat.nlink]).toEqual([7, 0, 0, 0, 0, 1])
    fs.utimesSync('/m/a.txt', new Date(5000), 7)
    expect(fs.statSync('/m/a.txt').mtime).toEqual(new Date(7000))
    expect(fs.statSync('/m/a.txt').atimeMs).toBe(5000)
    expect(fs.statSync('/m/none', { throwIfNoEntry: false })).toBeUndefined()
    expect(() => fs.statSync('/etc', { throwIfNoEntry: false })).toThrow(expect.objectContaining({ code: 'denied' }))
    expect(fs.statSync('/').isDirectory()).toBe(true)
    expect(() => fs.statSync('/m', { bigint: true })).toThrow('bigint')
    expect(run.resources).toBe(0)
  })

  it('readdirSync() lists names or Dirents, recursively too', () => {
    const { fs } = setup()
    expect(fs.readdirSync('/')).toEqual(['m', 'ro'])
    expect(fs.readdirSync('/m', { recursive: true })).toEqual(['a.txt', 'd', 'd/b.txt'])
    const entries = fs.readdirSync('/m', { recursive: true, withFileTypes: true })
    expect(entries.map((entry) => [entry.name, entry.parentPath, entry.isFile(), entry.isDirectory()])).toEqual([
      ['a.txt', '/m', true, false], ['d', '/m', false, true], ['b.txt', '/m/d', true, false],
    ])
    const dir = fs.opendirSync('/m')
    expect(dir.readSync()?.name).toBe('a.txt')
  })

  it('descriptors: openSync, readSync, writeSync, fstatSync, ftruncateSync, closeSync', () => {
    const { fs } = setup()
    const fd = fs.openSync('/m/n', 'w+')
    expect(fs.writeSync(fd, 'hello ')).toBe(6)
    expect(fs.writeSync(fd, Buffer.from('xxworldxx'), 2, 5)).toBe(5)
    expect(fs.writeSync(fd, 'J', 0, 'utf8')).toBe(1)
    const buffer = Buffer.alloc(20)
    expect(fs.readSync(fd, buffer, 1, 5, 6)).toBe(5)
    expect(buffer.toString('latin1', 0, 7)).toBe('\0world\0')
    expect(fs.readSync(fd, buffer, { position: 0, length: 2 })).toBe(2)
    expect(() => fs.readSync(fd, buffer, 0, 21, 0)).toThrow(expect.objectContaining({ code: 'ERR_OUT_OF_RANGE' }))
    expect(fs.fstatSync(fd).size).toBe(11)
    fs.ftruncateSync(fd, 5)
    fs.closeSync(fd)
    expect(fs.readFileSync('/m/n', 'utf8')).toBe('Jello')
    expect(() => fs.closeSync(fd)).toThrow(expect.objectContaining({ code: 'EBADF', syscall: 'close' }))
    expect(fs.readFileSync(fs.openSync('/m/n', 'r'), 'utf8')).toBe('Jello')
  })

  it('every other sync function does what it says', () => {
    const { fs, memory } = setup()
    fs.appendFileSync('/m/log', 'a')
    fs.appendFileSync('/m/log', new Uint16Array([0x4242]) as unknown as Uint8Array)
    fs.writeFileSync('/m/b64', 'aGk=', 'base64')
    fs.writeFileSync('/m/view', Buffer.from('abcdef').subarray(2, 4))
    fs.renameSync('/m/b64', '/m/hi')
    fs.copyFileSync('/m/hi', '/m/hi2')
    expect(() => fs.copyFileSync('/m/hi', '/m/hi2', fs.constants.COPYFILE_EXCL)).toThrow(expect.objectContaining({ code: 'EEXIST' }))
    fs.truncateSync('/m/hi2', 1)
    fs.symlinkSync('hi', '/m/link')
    expect(fs.readlinkSync('/m/link')).toBe('hi')
    expect(fs.realpathSync('/m/link')).toBe('/m/hi')
    expect(fs.lstatSync('/m/link').isSymbolicLink()).toBe(true)
    fs.linkSync('/m/hi', '/m/hard')
    fs.accessSync('/m/hi', fs.constants.R_OK | fs.constants.W_OK)
    expect(() => fs.accessSync('/ro/f', fs.constants.W_OK)).toThrow(expect.objectContaining({ code: 'denied' }))
    const made = fs.mkdtempSync('/m/tmp-')
    expect(made).toMatch(/^\/m\/tmp-[0-9a-z]{6}$/)
    fs.rmdirSync(made)
    expect(fs.mkdirSync('/m/p/q', { recursive: true })).toBe('/m/p')
    fs.rmSync('/m/p', { recursive: true })
    fs.rmSync('/m/none', { force: true })
    fs.unlinkSync('/m/hard')
    const text = (path: string): string => new TextDecoder().decode(memory.readFile(path))
    expect([text('log'), text('hi'), text('hi2'), text('view')]).toEqual(['aBB', 'hi', 'h', 'cd'])
  })

  it('callback forms answer later, errors first', async () => {
    const { fs } = setup()
    const order: string[] = []
    const text = await new Promise((resolve, reject) => {
      fs.readFile('/m/a.txt', 'utf8', (error, value) => (order.push('called'), error ? reject(error) : resolve(value)))
      order.push('returned')
    })
    expect([text, order]).toEqual(['Grüße', ['returned', 'called']])
    expect(await new Promise((resolve) => fs.stat('/m/none', (error) => resolve(error?.code)))).toBe('ENOENT')
    expect(await new Promise((resolve) => fs.exists('/m/a.txt', resolve))).toBe(true)
    expect(await new Promise((resolve) => fs.open('/m/a.txt', (_, fd) => fs.read(fd, Buffer.alloc(2), 0, 2, 0, (__, count, buffer) => resolve([count, buffer.toString()]))))).toEqual([2, 'Gr'])
    expect(() => (fs.readFile as unknown as (path: string) => void)('/m/a.txt')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }))
  })

  it('promises have the same functions, and FileHandle', async () => {
    const { fs } = setup()
    const { promises } = fs
    await promises.writeFile('/m/p', 'one')
    expect(await promises.readFile('/m/p', 'utf8')).toBe('one')
    expect((await promises.stat('/m/p')).size).toBe(3)
    await expect(promises.readFile('/m/none')).rejects.toMatchObject({ code: 'ENOENT', path: '/m/none' })
    await expect(promises.readFile(7 as never)).rejects.toMatchObject({ code: 'EBADF' })
    const handle = await promises.open('/m/p', 'r+')
    expect(await handle.readFile('utf8')).toBe('one')
    expect(await handle.write('two', 0)).toMatchObject({ bytesWritten: 3 })
    const { bytesRead, buffer } = await handle.read({ buffer: Buffer.alloc(8), position: 0 })
    expect([bytesRead, buffer.toString('utf8', 0, bytesRead)]).toEqual([3, 'two'])
    expect((await handle.stat()).size).toBe(3)
    await handle.truncate(1)
    await handle.close()
    await handle.close()
    expect(await promises.readFile('/m/p', 'utf8')).toBe('t')
    const lines: string[] = []
    for await (const line of (await promises.open('/m/d/b.txt')).readLines()) lines.push(line)
    expect(lines).toEqual(['b', 'c'])
    const names: string[] = []
    for await (const entry of await promises.opendir('/m')) names.push(entry.name)
    expect(names).toContain('a.txt')
  })

  it('createReadStream() is an async iterable that never cuts a character', async () => {
    const { fs, run } = setup()
    const text = 'aü€😀'.repeat(50)
    fs.writeFileSync('/m/t', text)
    for (const highWaterMark of [1, 2, 3, 5, 7, 1000]) {
      const pieces: string[] = []
      for await (const piece of fs.createReadStream('/m/t', { encoding: 'utf8', highWaterMark })) {
        expect(piece).not.toContain('\ufffd')
        pieces.push(piece as string)
      }
      expect(pieces.join('')).toBe(text)
    }
    const bytes: Uint8Array[] = []
    for await (const piece of fs.createReadStream('/m/t', { start: 1, end: 2 })) bytes.push(piece as Uint8Array)
    expect(Buffer.concat(bytes).toString()).toBe('ü')
    for await (const piece of fs.createReadStream('/m/t', { highWaterMark: 1 })) if (piece) break
    expect(run.resources).toBe(0)
  })

  it('streams know the events programs use', async () => {
    const { fs, run } = setup()
    await new Promise<void>((resolve, reject) => {
      const out = fs.createWriteStream('/m/w')
      out.on('finish', resolve).on('error', reject)
      out.write('one ')
      out.write(Buffer.from('two '))
      out.end('three')
    })
    expect(fs.readFileSync('/m/w', 'utf8')).toBe('one two three')
    const text = await new Promise((resolve, reject) => {
      let all = ''
      fs.createReadStream('/m/w', 'utf8').on('data', (piece) => (all += piece)).on('end', () => resolve(all)).on('error', reject)
    })
    expect(text).toBe('one two three')
    const error = await new Promise((resolve) => fs.createReadStream('/m/none').on('error', resolve).on('data', () => {}))
    expect(error).toMatchObject({ code: 'ENOENT' })
    const refused = await new Promise((resolve) => fs.createWriteStream('/ro/new').on('error', resolve))
    expect(refused).toMatchObject({ code: 'denied' })
    await new Promise<void>((resolve) => fs.createReadStream('/m/w').pipe(fs.createWriteStream('/m/copy')).on('finish', resolve))
    expect(fs.readFileSync('/m/copy', 'utf8')).toBe('one two three')
    expect(run.resources).toBe(0)
  })

  it('standard streams by number or name are those of the call', () => {
    const { fs, core, run } = setup({ stdin: 'ünput' })
    expect(fs.readFileSync(0, 'utf8')).toBe('ünput')
    expect(fs.readFileSync('/dev/stdin').toString()).toBe('ünput')
    fs.writeSync(1, 'out')
    fs.writeFileSync('/dev/stderr', Buffer.from('err'))
    expect(core.lines).toEqual(['stdout: out', 'stderr: err'])
    expect(run.calls).toEqual([])
  })

  it('what cannot be had says so', async () => {
    const { fs } = setup()
    expect(() => fs.watch('/m')).toThrow('fs.watch is not supported: nothing outside a call changes its files')
    expect(() => fs.watchFile('/m', () => {})).toThrow(expect.objectContaining({ code: 'ENOSYS' }))
    expect(() => fs.chmodSync('/m', 0o777)).toThrow('mode bits')
    await expect(fs.promises.chmod('/m', 0o777)).rejects.toMatchObject({ code: 'ENOSYS' })
    expect(() => fs.cpSync('/m', '/ro', { filter: () => true })).toThrow('filter')
  })

  it('has every function its modules promise by name', () => {
    const { fs } = setup()
    const sync = ['readFile', 'writeFile', 'appendFile', 'readdir', 'stat', 'lstat', 'mkdir', 'rm', 'rmdir', 'unlink', 'rename', 'copyFile', 'cp', 'truncate', 'access', 'realpath', 'symlink', 'readlink', 'utimes', 'mkdtemp']
    const missing = [
      ...sync.flatMap((name) => [name, `${name}Sync`]).filter((name) => typeof (fs as unknown as Record<string, unknown>)[name] !== 'function'),
      ...sync.filter((name) => typeof (fs.promises as unknown as Record<string, unknown>)[name] !== 'function'),
    ]
    expect(missing).toEqual([])
  })
})

describe('file bytes', () => {
  it('text of every encoding is that of a Buffer, malformed UTF-8 included', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      for (const encoding of ['utf8', 'latin1', 'ascii', 'hex', 'base64', 'base64url', 'utf16le'] as const) {
        expect(toFileBytes(bytes).toString(encoding)).toBe(Buffer.from(bytes).toString(encoding))
      }
    }), { numRuns: 3000 })
    const long = 'ü€😀'.repeat(5000)
    expect(decodeUtf8(Buffer.from(long))).toBe(long)
  })

  it('encodeUtf8() is that of a Buffer, lone surrogates included', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('\ud83d', '\ude00', 'a') }), (text, broken) => {
      for (const value of [text, broken]) expect(Buffer.from(encodeUtf8(value)).toString('hex')).toBe(Buffer.from(value).toString('hex'))
    }))
  })
})

function setupText(fs: Fs, text: string): string {
  fs.writeFileSync('/m/json', text)
  return fs.readFileSync('/m/json') as unknown as string
}

function caught(act: () => unknown): NodeJS.ErrnoException & { readonly dest?: string } {
  try {
    act()
  } catch (error) {
    return error as NodeJS.ErrnoException
  }
  throw new Error('nothing was thrown')
}
