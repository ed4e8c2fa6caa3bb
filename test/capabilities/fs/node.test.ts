import { execFileSync, fork } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync, linkSync, lstatSync, mkdirSync, readFileSync, readdirSync, renameSync, symlinkSync, utimesSync, writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { describe, expect, it } from 'vitest'
import { copyOnWrite, readOnly, subdir } from '../../../capabilities/fs/index.js'
import { FsFault } from '../../../capabilities/fs/fault.js'
import { openDir } from '../../../capabilities/fs/node.js'
import { openFileAt } from '../../../capabilities/fs/tree.js'
import { FakeRun } from './fake-run.js'
import { openDescriptors, temporary } from './temporary.js'

const RW = { mode: 'read-write' } as const
const SECRET = 'the secret outside'
const BAIT = new TextEncoder().encode('bait')

/** A mount at `inside` with a secret beside it, and every kind of link that leads there. */
function trap() {
  const place = temporary()
  mkdirSync(place.at('inside', 'd'), { recursive: true })
  mkdirSync(place.at('outside'))
  writeFileSync(place.at('outside', 'secret'), SECRET)
  writeFileSync(place.at('inside', 'd', 'f'), 'fine')
  const links: Record<string, string> = {
    'absolute': place.at('outside', 'secret'),
    'relative': '../outside/secret',
    'chained': 'relative',
    'parent': '..',
    'root': '/',
    'directory': place.at('outside'),
    'd/up': '../../outside',
    'd/deep': 'up/secret',
    'new': '../outside/new',
    'self': place.at('inside', 'd', 'f'),
    'proc': '/proc/self/environ',
  }
  for (const [name, target] of Object.entries(links)) symlinkSync(target, place.at('inside', name))
  return { place, names: Object.keys(links) }
}

/** Operations that go where the last segment leads. */
const FOLLOWING: Readonly<Record<string, (path: string) => readonly unknown[]>> = {
  'fs.readFile': (path) => [path],
  'fs.stat': (path) => [path],
  'fs.readdir': (path) => [path],
  'fs.exists': (path) => [path],
  'fs.access': (path) => [path, 0],
  'fs.realpath': (path) => [path],
  'fs.open': (path) => [path, 'r'],
  'fs.writeFile': (path) => [path, 'x'],
  'fs.appendFile': (path) => [path, 'x'],
  'fs.truncate': (path) => [path, 0],
  'fs.utimes': (path) => [path, 1, 1],
}

/** Operations that act on the last segment itself. */
const NAMING: Readonly<Record<string, (path: string) => readonly unknown[]>> = {
  'fs.mkdir': (path) => [path],
  'fs.unlink': (path) => [path],
  'fs.rmdir': (path) => [path],
  'fs.rm': (path) => [path, { recursive: true }],
  'fs.symlink': (path) => ['x', path],
  'fs.rename': (path) => [path, '/m/taken'],
  'fs.readlink': (path) => [path],
}

describe('openDir() escapes', () => {
  it.each(['read', 'read-write'] as const)('refuses every link that leads out, for every verb, in the same words (%s)', async (mode) => {
    const { place, names } = trap()
    using _ = place
    using dir = await openDir(place.at('inside'), { mode })
    using run = new FakeRun({ '/m': dir })
    for (const name of names) {
      const path = `/m/${name}`
      for (const [operation, args] of Object.entries(FOLLOWING)) {
        expect([operation, name, run.fails(operation, ...args(path))]).toEqual([operation, name, 'denied'])
      }
      for (const below of [`${path}/secret`, `${path}/none`, `${path}/none/none`]) {
        for (const [operation, args] of Object.entries({ ...FOLLOWING, ...NAMING })) {
          expect([operation, below, run.fails(operation, ...args(below))]).toEqual([operation, below, 'denied'])
        }
      }
      if (name !== 'chained' && name !== 'd/deep') expect(run.fails('fs.readlink', path)).toBe('denied')
      expect(run.fails('fs.rename', '/m/d/f', `${path}/new`)).toBe('denied')
      expect(run.fails('fs.copyFile', path, '/m/copy')).toBe('denied')
      expect(run.fails('fs.copyFile', '/m/d/f', `${path}/new`)).toBe('denied')
    }
    const words = (path: string): string => run.message('fs.readFile', path).replaceAll(path, '')
    expect(words('/m/directory/secret')).toBe(words('/m/directory/none'))
    expect(readdirSync(place.at('outside'))).toEqual(['secret'])
    expect(readFileSync(place.at('outside', 'secret'), 'utf8')).toBe(SECRET)
  })

  it('paths that climb are cut at the root of the guest', async () => {
    const { place } = trap()
    using _ = place
    using run = new FakeRun({ '/m': await openDir(place.at('inside')) })
    for (const path of ['/m/../outside/secret', '/../../etc/passwd', '../../../etc/passwd', '/m/d/../../outside/secret', '/etc/passwd', '/proc/self/environ', '/m/../../../root/.aws/credentials', '//etc/passwd']) {
      expect(run.fails('fs.readFile', path)).toBe('denied')
    }
  })

  it('the same answer outside any mount, whether or not there is something', async () => {
    using place = temporary()
    using run = new FakeRun({ '/m': await openDir(place.path) })
    const words = (path: string): string => run.message('fs.readFile', path).replaceAll(path, '')
    expect(words('/etc/passwd')).toBe(words('/etc/nobody'))
    expect(run.message('fs.readFile', '/etc/passwd')).toBe('fs.readFile "/etc/passwd" denied: no mount; grant grants.fs["/etc"] = readOnly(await openDir(...))')
    expect(run.fails('fs.exists', '/etc/passwd')).toBe('denied')
  })

  it('an open directory renamed away and replaced by a link still means the old directory', async () => {
    const { place } = trap()
    using _ = place
    using dir = await openDir(place.at('inside'), RW)
    const root = dir.open({ now: () => 0 })
    const held = root.openDir('d')
    renameSync(place.at('inside', 'd'), place.at('inside', 'moved'))
    symlinkSync(place.at('outside'), place.at('inside', 'd'))
    const file = held.openFile('f', { read: true })
    expect(new TextDecoder().decode(file.read(0, 10))).toBe('fine')
    expect(held.lookup('secret')).toBeUndefined()
    held.openFile('g', { write: true, create: true }).close()
    expect(existsSync(place.at('inside', 'moved', 'g'))).toBe(true)
    expect(() => root.openDir('d')).toThrow(expect.objectContaining({ code: 'ENOTDIR' }))
    for (const node of [file, held, root]) node.close()
  })

  it('the mount itself renamed away and replaced by a link still means the old directory', async () => {
    const { place } = trap()
    using _ = place
    using dir = await openDir(place.at('inside'))
    renameSync(place.at('inside'), place.at('moved'))
    symlinkSync(place.at('outside'), place.at('inside'))
    using run = new FakeRun({ '/m': dir })
    expect(run.text('/m/d/f')).toBe('fine')
    expect(run.fails('fs.readFile', '/m/secret')).toBe('ENOENT')
  })

  it('a process that swaps directory and link during up to 100_000 opens gets none of them out', { timeout: 60_000 }, async () => {
    const { place } = trap()
    using _ = place
    mkdirSync(place.at('inside', 'swap'))
    writeFileSync(place.at('inside', 'swap', 'secret'), 'bait')
    symlinkSync(place.at('outside'), place.at('inside', 'link'))
    const swapper = fork(new URL('./swapper.mjs', import.meta.url), [place.at('inside')], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    const seen = new Map<string, number>()
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1)
    using dir = await openDir(place.at('inside'), RW)
    const root = dir.open({ now: () => 0 })
    try {
      await once(swapper, 'message')
      const began = performance.now()
      let opens = 0
      // On a busy machine fewer have to do.
      for (; opens < 100_000 && performance.now() - began < 15_000; opens++) {
        const writes = opens % 8 === 0
        try {
          const file = openFileAt(root, 'swap/secret', writes ? { write: true, create: true } : { read: true })
          if (writes) file.write(0, BAIT)
          else count(new TextDecoder().decode(file.read(0, 32)))
          file.close()
        } catch (error) {
          count(error instanceof FsFault ? error.code : (error as Error).name)
        }
      }
      expect(opens).toBeGreaterThan(10_000)
      expect(seen.get('bait')).toBeGreaterThan(100)
      expect(seen.get('FsRefused')).toBeGreaterThan(100)
      expect([...seen.keys()].filter((what) => !['bait', 'FsRefused', 'ENOENT', 'ENOTDIR'].includes(what))).toEqual([])
      expect(readFileSync(place.at('outside', 'secret'), 'utf8')).toBe(SECRET)
      expect(readdirSync(place.at('outside'))).toEqual(['secret'])
    } finally {
      root.close()
      swapper.kill('SIGKILL')
      await once(swapper, 'exit')
    }
  })

  it('hard links are refused read-write, before anything is cut or written, and read in read mode', async () => {
    const { place } = trap()
    using _ = place
    linkSync(place.at('outside', 'secret'), place.at('inside', 'hard'))
    using dir = await openDir(place.at('inside'), RW)
    using run = new FakeRun({ '/m': dir })
    for (const operation of ['fs.readFile', 'fs.writeFile', 'fs.appendFile', 'fs.truncate', 'fs.utimes']) {
      expect(run.fails(operation, '/m/hard', ...(operation === 'fs.truncate' ? [0] : operation === 'fs.utimes' ? [1, 1] : ['x']))).toBe('denied')
    }
    expect(run.fails('fs.open', '/m/hard', 'w')).toBe('denied')
    expect(run.fails('fs.copyFile', '/m/d/f', '/m/hard')).toBe('denied')
    expect(run.fails('fs.link', '/m/d/f', '/m/new')).toBe('denied')
    expect(readFileSync(place.at('outside', 'secret'), 'utf8')).toBe(SECRET)
    using read = new FakeRun({ '/m': await openDir(place.at('inside')) })
    expect(read.text('/m/hard')).toBe(SECRET)
  })

  it('FIFOs, sockets and devices are refused without blocking', async () => {
    using place = temporary()
    execFileSync('mkfifo', [place.at('fifo')])
    const server = createServer().listen(place.at('socket'))
    await once(server, 'listening')
    try {
      execFileSync('mknod', [place.at('device'), 'c', '1', '5'], { stdio: 'ignore' })
    } catch {
      // Only root makes devices; a link to the FIFO must fare the same.
      symlinkSync('fifo', place.at('device'))
    }
    for (const mode of ['read', 'read-write'] as const) {
      using dir = await openDir(place.path, { mode })
      using run = new FakeRun({ '/m': dir })
      for (const name of ['fifo', 'socket', 'device']) {
        for (const operation of ['fs.readFile', 'fs.open', 'fs.stat', 'fs.writeFile', 'fs.exists']) {
          expect([name, operation, run.fails(operation, `/m/${name}`, 'r')]).toEqual([name, operation, 'denied'])
        }
      }
      expect(String((run.call('fs.readdir', '/m') as { types: string }).types)).not.toContain('f')
    }
    server.close()
  })

  it('file systems that show the kernel are not entered, even from the host\'s root', async () => {
    using dir = await openDir('/')
    using run = new FakeRun({ '/m': dir })
    for (const path of ['/m/proc/self/environ', '/m/proc/self/status', '/m/sys/kernel']) expect(run.fails('fs.readFile', path)).toBe('denied')
    await expect(openDir('/proc')).rejects.toMatchObject({ code: 'mount-failed' })
  })

  it('nothing of the host shows: no path, inode, device, owner or time of writing', async () => {
    using place = temporary()
    mkdirSync(place.at('d'))
    writeFileSync(place.at('old'), 'x')
    utimesSync(place.at('old'), 1000, 2000)
    using dir = await openDir(place.path, RW)
    using run = new FakeRun({ '/m': dir })
    run.call('fs.writeFile', '/m/new', 'x')
    expect(run.call('fs.stat', '/m/new')).toEqual({ type: 'file', size: 1, links: 1, accessedMs: run.time, modifiedMs: run.time, mode: 0o100644 })
    expect(run.call('fs.stat', '/m/old')).toMatchObject({ modifiedMs: 2_000_000, accessedMs: 2_000_000 })
    expect(lstatSync(place.at('new')).mtimeMs).toBeGreaterThan(run.time)
    for (const [operation, ...args] of [['fs.readFile', '/m/none'], ['fs.readFile', '/m/d'], ['fs.mkdir', '/m/d'], ['fs.rmdir', '/m'], ['fs.writeFile', '/m/none/x', 'x'], ['fs.rename', '/m/d', '/m/d/x']] as const) {
      expect(run.message(operation, ...args)).not.toMatch(new RegExp(`${place.path}|proc|fd/`))
    }
  })

  it('what the guest makes is not executable', async () => {
    using place = temporary()
    using dir = await openDir(place.path, RW)
    using run = new FakeRun({ '/m': dir })
    run.call('fs.writeFile', '/m/run.sh', '#!/bin/sh')
    expect(lstatSync(place.at('run.sh')).mode & 0o111).toBe(0)
  })
})

describe('openDir()', () => {
  it('is read-only unless the mode says otherwise', async () => {
    using place = temporary()
    writeFileSync(place.at('f'), 'f')
    using dir = await openDir(place.path)
    using run = new FakeRun({ '/m': dir })
    for (const path of ['/m/f', '/m/none', '/m/none/none']) {
      for (const operation of ['fs.writeFile', 'fs.appendFile', 'fs.mkdir', 'fs.rm', 'fs.rmdir', 'fs.unlink', 'fs.truncate', 'fs.utimes']) {
        expect(run.message(operation, path, 1, 1)).toBe(`${operation} "${path}" denied: mount "/m" is read-only; grant grants.fs["/m"] = memoryDir(), or await openDir(..., { mode: "read-write" })`)
      }
      expect(run.fails('fs.rename', path, '/m/x')).toBe('denied')
      expect(run.fails('fs.open', path, 'r+')).toBe('denied')
      expect(run.fails('fs.open', path, 'a')).toBe('denied')
    }
    expect(dir.reach()).toEqual([{ capability: 'fs', target: '.', acts: 'read' }])
  })

  it('refuses what is no directory, unknown options and values', async () => {
    using place = temporary()
    writeFileSync(place.at('f'), '')
    for (const path of [place.at('none'), place.at('f')]) await expect(openDir(path)).rejects.toMatchObject({ name: 'GloveboxError', code: 'mount-failed' })
    for (const options of [{ writable: true }, { mode: 'rw' }, { mode: true }, { symlinks: 'yes' }, { dangerouslyWritable: '.git' }, { labels: ['secret'] }, { mode: 'read-write', maxBytes: -1 }, null, 'read-write']) {
      await expect(openDir(place.path, options as never)).rejects.toMatchObject({ code: 'invalid-option' })
    }
    await expect(openDir('')).rejects.toMatchObject({ code: 'invalid-option' })
    await expect(openDir('/a\0b')).rejects.toMatchObject({ code: 'invalid-option' })
  })

  it('a disposed directory opens nothing more; disposing twice is harmless', async () => {
    using place = temporary()
    const before = openDescriptors()
    const dir = await openDir(place.path)
    dir[Symbol.dispose]()
    dir[Symbol.dispose]()
    expect(openDescriptors()).toBe(before)
    expect(() => dir.open({ now: () => 0 })).toThrow(expect.objectContaining({ code: 'disposed' }))
  })

  it('descriptors the guest leaves open close when the run settles', async () => {
    using place = temporary()
    writeFileSync(place.at('f'), 'f')
    using dir = await openDir(place.path)
    const before = openDescriptors()
    const run = new FakeRun({ '/m': dir })
    const fd = run.call('fs.open', '/m/f')
    run.call('fs.open', '/m')
    expect(run.resources).toBe(2)
    expect(openDescriptors()).toBeGreaterThan(before)
    run.settle()
    expect(openDescriptors()).toBe(before)
    expect(run.resources).toBe(0)
    expect(run.fails('fs.read', fd, 1)).toBe('denied')
    expect(run.fails('fs.readFile', '/m/f')).toBe('denied')
  })

  it('bytes and entries a guest may add are bounded', async () => {
    using place = temporary()
    writeFileSync(place.at('f'), 'x'.repeat(100))
    using dir = await openDir(place.path, { ...RW, maxBytes: 10, maxEntries: 2, maxDepth: 1 })
    using run = new FakeRun({ '/m': dir })
    expect(run.fails('fs.writeFile', '/m/g', 'x'.repeat(11))).toBe('ENOSPC')
    run.call('fs.mkdir', '/m/d')
    expect(run.fails('fs.mkdir', '/m/d/e')).toBe('EDQUOT')
    expect(run.fails('fs.writeFile', '/m/h', '')).toBe('EDQUOT')
    expect(run.fails('fs.truncate', '/m/f', 1e12)).toBe('ENOSPC')
    expect(lstatSync(place.at('f')).size).toBe(100)
  })

  it('symbolic links are not made unless asked for, and then only downwards', async () => {
    using place = temporary()
    mkdirSync(place.at('d'))
    symlinkSync('../x', place.at('d', 'climbing'))
    using plain = await openDir(place.path, RW)
    using linking = await openDir(place.path, { ...RW, symlinks: 'descending' })
    using run = new FakeRun({ '/p': plain, '/l': linking })
    expect(run.fails('fs.symlink', 'd', '/p/link')).toBe('denied')
    for (const target of ['..', '../x', 'd/../..', 'd/..', '/l/../etc']) expect(run.fails('fs.symlink', target, '/l/d/link')).toBe('denied')
    run.call('fs.symlink', 'd', '/l/link')
    expect(run.fails('fs.rename', '/l/d/climbing', '/l/climbing')).toBe('denied')
    expect(lstatSync(place.at('link')).isSymbolicLink()).toBe(true)
  })
})

describe('openDir() read-write protects what host tools obey', () => {
  const NAMES = ['.git', '.GIT', '.Git', '.g\u200dit', '.git ', '.git.', '.ｇｉｔ', 'git~1', 'GIT~1', '.git::$INDEX_ALLOCATION', '.bashrc', '.vscode', '.idea', '.mcp.json', '.claude', 'package.json', 'PACKAGE.JSON', 'node_modules', '.npmrc', '.envrc', 'HEAD']

  it.each(NAMES)('%j can be made in no way, at any depth', async (name) => {
    using place = temporary()
    mkdirSync(place.at('a', 'b'), { recursive: true })
    using dir = await openDir(place.path, { ...RW, symlinks: 'descending' })
    using run = new FakeRun({ '/m': dir })
    run.call('fs.writeFile', '/m/f', 'f')
    run.call('fs.mkdir', '/m/x')
    for (const parent of ['/m', '/m/a/b']) {
      const path = `${parent}/${name}`
      expect(run.fails('fs.writeFile', path, 'x')).toBe('denied')
      expect(run.fails('fs.open', path, 'a')).toBe('denied')
      expect(run.fails('fs.mkdir', path)).toBe('denied')
      expect(run.fails('fs.mkdir', `${path}/hooks`, { recursive: true })).toBe('denied')
      expect(run.fails('fs.rename', '/m/f', path)).toBe('denied')
      expect(run.fails('fs.rename', '/m/x', path)).toBe('denied')
      expect(run.fails('fs.symlink', 'x', path)).toBe('denied')
      expect(run.fails('fs.copyFile', '/m/f', path)).toBe('denied')
      expect(run.fails('fs.cp', '/m/x', path, { recursive: true })).toBe('denied')
    }
    expect(readdirSync(place.path, { recursive: true }).sort()).toEqual(['a', 'a/b', 'f', 'x'])
  })

  it('what is there stays, through links and renamed ancestors too, and can be read', async () => {
    using place = temporary()
    mkdirSync(place.at('repo', '.git', 'hooks'), { recursive: true })
    writeFileSync(place.at('repo', '.git', 'config'), 'config')
    writeFileSync(place.at('repo', 'package.json'), '{}')
    symlinkSync('repo/.git/config', place.at('innocent'))
    symlinkSync('repo/.git', place.at('way'))
    using dir = await openDir(place.path, RW)
    using run = new FakeRun({ '/m': dir })
    run.call('fs.rename', '/m/repo', '/m/renamed')
    run.call('fs.rename', '/m/renamed', '/m/repo')
    for (const path of ['/m/repo/.git/config', '/m/innocent', '/m/way/config', '/m/repo/package.json']) {
      expect(run.fails('fs.writeFile', path, 'x')).toBe('denied')
      expect(run.fails('fs.truncate', path, 0)).toBe('denied')
      expect(run.fails('fs.utimes', path, 0, 0)).toBe('denied')
      expect(run.fails('fs.open', path, 'r+')).toBe('denied')
    }
    for (const path of ['/m/repo/.git/hooks/pre-commit', '/m/way/hooks/pre-commit', '/m/repo/.git/new']) expect(run.fails('fs.writeFile', path, 'x')).toBe('denied')
    expect(run.fails('fs.rename', '/m/repo/.git', '/m/g')).toBe('denied')
    expect(run.fails('fs.rename', '/m/repo/.git/hooks', '/m/h')).toMatch(/denied|EXDEV/)
    run.call('fs.mkdir', '/m/h')
    expect(run.fails('fs.rename', '/m/h', '/m/repo/.git/h')).toMatch(/denied|EXDEV/)
    expect(run.fails('fs.rm', '/m/repo', { recursive: true })).toBe('denied')
    expect(run.text('/m/repo/.git/config')).toBe('config')
    expect(existsSync(place.at('repo', '.git', 'hooks'))).toBe(true)
    expect(run.message('fs.writeFile', '/m/repo/.git/config', 'x')).toContain('dangerouslyWritable: [".git"]')
  })

  it('a name given up is writable, in every case; the others stay', async () => {
    using place = temporary()
    using dir = await openDir(place.path, { ...RW, dangerouslyWritable: ['package.json'] })
    using run = new FakeRun({ '/m': dir })
    run.call('fs.writeFile', '/m/package.json', '{}')
    expect(run.fails('fs.writeFile', '/m/.npmrc', '')).toBe('denied')
  })

  it('a directory within such a one is opened read-write only by name', async () => {
    using place = temporary()
    mkdirSync(place.at('.git', 'hooks'), { recursive: true })
    symlinkSync('.git/hooks', place.at('harmless'))
    for (const path of [place.at('.git', 'hooks'), place.at('harmless')]) await expect(openDir(path, RW)).rejects.toMatchObject({ code: 'mount-failed' })
    using dir = await openDir(place.at('.git', 'hooks'), { ...RW, dangerouslyWritable: ['.git'] })
    expect(dir.kind).toBe('fs')
    using read = await openDir(place.at('harmless'))
    expect(read.kind).toBe('fs')
  })

  it('subdir() and copyOnWrite().commit() do not get around it', async () => {
    using place = temporary()
    mkdirSync(place.at('.git', 'hooks'), { recursive: true })
    using dir = await openDir(place.path, RW)
    using run = new FakeRun({ '/hooks': subdir(dir, '.git/hooks') })
    expect(run.fails('fs.writeFile', '/hooks/pre-commit', 'x')).toBe('denied')
    const draft = copyOnWrite(dir)
    using drafting = new FakeRun({ '/m': draft })
    drafting.call('fs.writeFile', '/m/.git/hooks/pre-commit', 'x')
    expect(() => draft.commit()).toThrow(expect.objectContaining({ code: 'mount-failed' }))
    expect(readdirSync(place.at('.git', 'hooks'))).toEqual([])
    expect(() => copyOnWrite(readOnly(dir)).commit()).not.toThrow()
  })
})
