import { describe, expect, it } from 'vitest'
import { copyOnWrite, limited, memoryDir } from '../../../capabilities/fs/index.js'
import type { Dir } from '../../../capabilities/fs/dir.js'
import { openDir } from '../../../capabilities/fs/node.js'
import { protect, protectedNames } from '../../../capabilities/fs/protect.js'
import { FakeRun } from './fake-run.js'
import { openDescriptors, temporary } from './temporary.js'

interface Kind {
  readonly symlinks: 'all' | 'descending'
  readonly hardlinks: boolean
  open(): Promise<Dir & Disposable>
}

function owned(dir: Dir, dispose: () => void): Dir {
  return { ...dir, [Symbol.dispose]: () => { dir[Symbol.dispose](); dispose() } }
}

async function host(mode: 'read' | 'read-write'): Promise<Dir> {
  const place = temporary()
  return owned(await openDir(place.path, { mode, symlinks: 'descending' }), () => place[Symbol.dispose]())
}

const KINDS: Readonly<Record<string, Kind>> = {
  'memoryDir()': { symlinks: 'all', hardlinks: true, open: async () => memoryDir() },
  'limited(protect(memoryDir()))': {
    symlinks: 'all', hardlinks: true, open: async () => limited(protect(memoryDir(), protectedNames([])), { maxBytes: 10_000_000 }),
  },
  'openDir() read-write': { symlinks: 'descending', hardlinks: false, open: () => host('read-write') },
  'copyOnWrite(memoryDir())': { symlinks: 'all', hardlinks: true, open: async () => copyOnWrite(memoryDir()) },
  'copyOnWrite(openDir())': { symlinks: 'all', hardlinks: true, open: async () => copyOnWrite(await host('read')) },
}

/** The same behaviour whatever lies below; each case gets an empty mount at `/m` and one at `/n`. */
describe.each(Object.entries(KINDS))('%s', (_, kind) => {
  const test = (title: string, act: (run: FakeRun) => void): void => {
    it(title, async () => {
      const before = openDescriptors()
      {
        using dir = await kind.open()
        using other = memoryDir()
        using run = new FakeRun({ '/m': dir, '/n': other })
        act(run)
        run.settle()
        expect(run.resources).toBe(0)
      }
      expect(openDescriptors()).toBe(before)
    })
  }

  test('fs.writeFile makes, replaces and appends; fs.readFile answers bytes or text', (run) => {
    run.call('fs.writeFile', '/m/a.txt', 'Grüße')
    expect(run.text('/m/a.txt')).toBe('Grüße')
    expect(run.call('fs.readFile', '/m/a.txt')).toEqual(new TextEncoder().encode('Grüße'))
    run.call('fs.writeFile', '/m/a.txt', 'b')
    run.call('fs.appendFile', '/m/a.txt', new Uint8Array([99]))
    run.call('fs.writeFile', '/m/a.txt', 'd', { flag: 'a' })
    expect(run.text('/m/a.txt')).toBe('bcd')
    expect(run.call('fs.readFile', '/m/a.txt', { encoding: 'hex' })).toBe('626364')
    expect(run.fails('fs.writeFile', '/m/a.txt', 'x', { flag: 'wx' })).toBe('EEXIST')
    expect(run.text('/m/a.txt')).toBe('bcd')
  })

  test('errors carry Node\'s code, errno, syscall and the guest path', (run) => {
    expect(() => run.call('fs.readFile', '/m/none')).toThrow(expect.objectContaining({
      code: 'ENOENT', message: "ENOENT: no such file or directory, open '/m/none'", fields: { errno: -2, syscall: 'open', path: '/m/none' },
    }))
    expect(() => run.call('fs.rename', '/m/a', '/m/b')).toThrow("ENOENT: no such file or directory, rename '/m/a' -> '/m/b'")
    expect(run.fails('fs.readFile', '/m')).toBe('EISDIR')
    run.call('fs.writeFile', '/m/f', '')
    expect(run.fails('fs.readFile', '/m/f/x')).toBe('ENOTDIR')
    expect(run.fails('fs.readdir', '/m/f')).toBe('ENOTDIR')
    expect(run.fails('fs.writeFile', '/m/none/x', '')).toBe('ENOENT')
    expect(run.fails('fs.writeFile', '/m/f/', '')).toBe('ENOTDIR')
    expect(run.fails('fs.writeFile', '/m/new/', '')).toBe('EISDIR')
    expect(run.fails('fs.readFile', `/m/${'n'.repeat(256)}`)).toBe('ENAMETOOLONG')
    expect(run.fails('fs.readFile', `/m${'/n'.repeat(3000)}`)).toBe('ENAMETOOLONG')
    expect(run.fails('fs.readFile', '/m/a\0b')).toBe('ERR_INVALID_ARG_VALUE')
    expect(run.fails('fs.writeFile', '/m/\ud800', '')).toBe('ERR_INVALID_ARG_VALUE')
    expect(run.fails('fs.readFile', 7)).toBe('ERR_INVALID_ARG_TYPE')
    expect(run.fails('fs.readFile', '')).toBe('ENOENT')
    expect(run.fails('fs.readFile', '/m/f', { encoding: 'klingon' })).toBe('ERR_INVALID_ARG_VALUE')
  })

  test('fs.mkdir, fs.readdir, fs.rmdir and fs.rm', (run) => {
    expect(run.call('fs.mkdir', '/m/a/b/c', { recursive: true })).toBe('/m/a')
    expect(run.call('fs.mkdir', '/m/a/b/c', { recursive: true })).toBeUndefined()
    expect(run.fails('fs.mkdir', '/m/a')).toBe('EEXIST')
    run.call('fs.writeFile', '/m/a/z.txt', '1')
    run.call('fs.writeFile', '/m/a/b/y.txt', '22')
    expect(run.call('fs.readdir', '/m/a')).toEqual({ names: ['b', 'z.txt'], types: 'df' })
    expect(run.call('fs.readdir', '/m', { recursive: true })).toEqual({ names: ['a', 'a/b', 'a/b/c', 'a/b/y.txt', 'a/z.txt'], types: 'dddff' })
    expect(run.fails('fs.rmdir', '/m/a')).toBe('ENOTEMPTY')
    expect(run.fails('fs.rmdir', '/m/a/z.txt')).toBe('ENOTDIR')
    expect(run.fails('fs.unlink', '/m/a')).toBe('EISDIR')
    expect(run.fails('fs.rm', '/m/a')).toBe('ERR_FS_EISDIR')
    run.call('fs.rmdir', '/m/a/b/c')
    run.call('fs.rm', '/m/a', { recursive: true })
    expect(run.fails('fs.rm', '/m/a')).toBe('ENOENT')
    expect(run.fails('fs.rm', '/m/a', { force: true })).toBeUndefined()
    expect(run.call('fs.readdir', '/m')).toEqual({ names: [], types: '' })
  })

  test('fs.mkdir of what is there already, mounts and the way to them included, is no error when recursive', (run) => {
    for (const path of ['/', '/m', '/m/']) {
      expect(run.fails('fs.mkdir', path, { recursive: true })).toBeUndefined()
      expect(run.fails('fs.mkdir', path)).toBe('EEXIST')
    }
    for (const operation of ['fs.rm', 'fs.rmdir', 'fs.unlink']) expect(run.fails(operation, '/m', { recursive: true })).toBe('EBUSY')
  })

  test('fs.rename follows POSIX for files and directories', (run) => {
    run.call('fs.mkdir', '/m/d/e', { recursive: true })
    run.call('fs.writeFile', '/m/f', 'f')
    run.call('fs.writeFile', '/m/g', 'g')
    run.call('fs.rename', '/m/f', '/m/g')
    expect(run.text('/m/g')).toBe('f')
    run.call('fs.rename', '/m/g', '/m/g')
    expect(run.fails('fs.rename', '/m/g', '/m/d')).toBe('EISDIR')
    expect(run.fails('fs.rename', '/m/d', '/m/g')).toBe('ENOTDIR')
    expect(run.fails('fs.rename', '/m/d', '/m/d/e/f')).toBe('EINVAL')
    run.call('fs.mkdir', '/m/empty')
    run.call('fs.rename', '/m/d', '/m/empty')
    expect(run.fails('fs.rename', '/m/g', '/m/h/')).toBe('ENOTDIR')
    expect(run.call('fs.readdir', '/m', { recursive: true })).toEqual({ names: ['empty', 'empty/e', 'g'], types: 'ddf' })
    expect(run.fails('fs.rename', '/m/g', '/n/g')).toBe('EXDEV')
    expect(run.fails('fs.link', '/m/g', '/n/g')).toBe('EXDEV')
    expect(run.fails('fs.rename', '/m', '/m/x')).toBe('EBUSY')
  })

  test('fs.stat tells type, size and times, and nothing of the host', (run) => {
    run.call('fs.writeFile', '/m/f', 'four')
    const stat = run.call('fs.stat', '/m/f')
    expect(stat).toEqual({ type: 'file', size: 4, links: 1, accessedMs: run.time, modifiedMs: run.time, mode: 0o100644 })
    expect(run.call('fs.stat', '/m')).toMatchObject({ type: 'directory', size: 0, mode: 0o40755 })
    expect(run.call('fs.stat', '/')).toMatchObject({ type: 'directory', mode: 0o40555 })
    expect(run.fails('fs.stat', '/m/none')).toBe('ENOENT')
    expect(run.fails('fs.stat', '/m/f/')).toBe('ENOTDIR')
    expect(run.call('fs.exists', '/m/f')).toBe(true)
    expect(run.call('fs.exists', '/m/none/x')).toBe(false)
    expect(run.fails('fs.access', '/m/f', 2)).toBeUndefined()
    expect(run.fails('fs.access', '/m/f', 1)).toBe('EACCES')
  })

  test('fs.utimes sets times, fs.truncate sizes', (run) => {
    run.call('fs.writeFile', '/m/f', 'abcdef')
    run.call('fs.utimes', '/m/f', 5000, 7000)
    expect(run.call('fs.stat', '/m/f')).toMatchObject({ modifiedMs: 7000 })
    run.call('fs.truncate', '/m/f', 2)
    run.call('fs.truncate', '/m/f', 4)
    expect(run.text('/m/f')).toBe('ab\0\0')
    expect(run.fails('fs.truncate', '/m/f', -1)).toBe('ERR_OUT_OF_RANGE')
    expect(run.fails('fs.truncate', '/m/f', Number.MAX_SAFE_INTEGER)).toMatch(/^(ENOSPC|EFBIG|EDQUOT)$/)
    expect(run.fails('fs.utimes', '/m/f', Number.NaN, 1)).toBe('ERR_INVALID_ARG_TYPE')
  })

  test('fs.open, fs.read, fs.write and fs.close keep a position', (run) => {
    const fd = run.call('fs.open', '/m/f', 'w+')
    expect(run.call('fs.write', fd, 'hello')).toBe(5)
    expect(run.call('fs.write', fd, 'J', 0)).toBe(1)
    expect(run.call('fs.write', fd, '!')).toBe(1)
    expect(run.call('fs.read', fd, 100, 1)).toEqual(new TextEncoder().encode('ello!'))
    expect(run.call('fs.read', fd, 100)).toEqual(new Uint8Array(0))
    expect(run.call('fs.fstat', fd)).toMatchObject({ size: 6, type: 'file' })
    run.call('fs.ftruncate', fd, 1)
    run.call('fs.futimes', fd, 1000, 2000)
    expect(run.call('fs.fstat', fd)).toMatchObject({ size: 1, modifiedMs: 2000 })
    run.call('fs.fsync', fd)
    run.call('fs.close', fd)
    for (const operation of ['fs.close', 'fs.read', 'fs.write', 'fs.fstat', 'fs.ftruncate', 'fs.futimes']) {
      expect(run.fails(operation, fd, 1, 1)).toBe('EBADF')
    }
    const reader = run.call('fs.open', '/m/f', 'r')
    expect(run.fails('fs.write', reader, 'x')).toBe('EBADF')
    const writer = run.call('fs.open', '/m/f', 0o1 | 0o100)
    expect(run.fails('fs.read', writer, 1)).toBe('EBADF')
    const adder = run.call('fs.open', '/m/f', 'a')
    run.call('fs.write', adder, '2', 0)
    expect(run.text('/m/f')).toBe('J2')
    const directory = run.call('fs.open', '/m', 'r')
    expect(run.call('fs.fstat', directory)).toMatchObject({ type: 'directory' })
    expect(run.fails('fs.read', directory, 1)).toBe('EISDIR')
  })

  test('a descriptor outlives the name it was opened by', (run) => {
    run.call('fs.writeFile', '/m/f', 'old')
    const fd = run.call('fs.open', '/m/f', 'r+')
    run.call('fs.rename', '/m/f', '/m/g')
    run.call('fs.writeFile', '/m/f', 'new')
    run.call('fs.write', fd, 'O', 0)
    expect(run.text('/m/g')).toBe('Old')
    run.call('fs.unlink', '/m/g')
    expect(run.call('fs.read', fd, 9, 0)).toEqual(new TextEncoder().encode('Old'))
    expect(run.text('/m/f')).toBe('new')
  })

  test('fs.symlink, fs.readlink, fs.realpath: links are followed within the mount', (run) => {
    run.call('fs.mkdir', '/m/d')
    run.call('fs.writeFile', '/m/d/f', 'f')
    run.call('fs.symlink', 'd/f', '/m/l')
    run.call('fs.symlink', '/m/d', '/m/dir')
    run.call('fs.symlink', 'l', '/m/l2')
    expect(run.call('fs.readlink', '/m/dir')).toBe('d')
    expect(run.text('/m/l2')).toBe('f')
    expect(run.call('fs.realpath', '/m/dir/f')).toBe('/m/d/f')
    expect(run.call('fs.realpath', '/m/l2')).toBe('/m/d/f')
    expect(run.call('fs.stat', '/m/l', { follow: false })).toMatchObject({ type: 'symlink', size: 3 })
    expect(run.call('fs.stat', '/m/l')).toMatchObject({ type: 'file', size: 1 })
    run.call('fs.writeFile', '/m/l2', 'through')
    expect(run.text('/m/d/f')).toBe('through')
    expect(run.fails('fs.writeFile', '/m/l2', 'x', { flag: 'wx' })).toBe('EEXIST')
    run.call('fs.symlink', 'd/new', '/m/dangling')
    expect(run.call('fs.exists', '/m/dangling')).toBe(false)
    run.call('fs.writeFile', '/m/dangling', 'made')
    expect(run.text('/m/d/new')).toBe('made')
    run.call('fs.unlink', '/m/l2')
    expect(run.text('/m/d/f')).toBe('through')
    run.call('fs.rm', '/m/dir', { recursive: true })
    expect(run.call('fs.readdir', '/m/d')).toEqual({ names: ['f', 'new'], types: 'ff' })
    run.call('fs.symlink', 'loop', '/m/loop')
    expect(run.fails('fs.readFile', '/m/loop')).toBe('ELOOP')
    expect(run.fails('fs.readFile', '/m/loop/x')).toBe('ELOOP')
    expect(run.fails('fs.readlink', '/m/d')).toBe('EINVAL')
  })

  test('fs.copyFile and fs.cp', (run) => {
    run.call('fs.mkdir', '/m/d/e', { recursive: true })
    run.call('fs.writeFile', '/m/d/f', 'contents')
    run.call('fs.symlink', 'f', '/m/d/l')
    run.call('fs.copyFile', '/m/d/f', '/n/f')
    expect(run.text('/n/f')).toBe('contents')
    expect(run.fails('fs.copyFile', '/m/d/f', '/n/f', { exclusive: true })).toBe('EEXIST')
    run.call('fs.copyFile', '/m/d/f', '/m/d/f')
    expect(run.text('/m/d/f')).toBe('contents')
    run.call('fs.writeFile', '/n/long', 'much longer contents')
    run.call('fs.copyFile', '/m/d/f', '/n/long')
    expect(run.text('/n/long')).toBe('contents')
    run.call('fs.cp', '/m/d', '/n/copy', { recursive: true })
    expect(run.call('fs.readdir', '/n/copy')).toEqual({ names: ['e', 'f', 'l'], types: 'dfs' })
    expect(run.text('/n/copy/l')).toBe('contents')
    expect(run.fails('fs.cp', '/m/d', '/n/x')).toBe('ERR_FS_EISDIR')
    expect(run.fails('fs.cp', '/m/d', '/m/d/e/f', { recursive: true })).toBe('ERR_FS_CP_EINVAL')
    run.call('fs.writeFile', '/n/copy/f', 'mine')
    run.call('fs.cp', '/m/d/f', '/n/copy/f', { force: false })
    expect(run.text('/n/copy/f')).toBe('mine')
    expect(run.fails('fs.cp', '/m/d/f', '/n/copy/f', { force: false, errorOnExist: true })).toBe('ERR_FS_CP_EEXIST')
  })

  test('fs.link makes a second name, where it can', (run) => {
    run.call('fs.writeFile', '/m/f', 'f')
    if (!kind.hardlinks) return expect(run.fails('fs.link', '/m/f', '/m/g')).toBe('denied')
    run.call('fs.link', '/m/f', '/m/g')
    run.call('fs.writeFile', '/m/g', 'both')
    expect(run.text('/m/f')).toBe('both')
    run.call('fs.unlink', '/m/f')
    expect(run.text('/m/g')).toBe('both')
  })

  test('the ledger target is the canonical guest path and reads carry their source', (run) => {
    run.call('fs.writeFile', '/m/f', 'four')
    run.call('fs.readFile', 'm/./x/..//f')
    expect(run.calls.at(-1)).toEqual({ operation: 'fs.readFile', target: '/m/f', sources: ['fs:/m'], spent: { in: 4, out: 0 } })
    run.call('fs.rename', '/m/f', '/m/g')
    expect(run.calls.at(-1)).toMatchObject({ target: '/m/f -> /m/g' })
    expect(run.calls[0]).toEqual({ operation: 'fs.writeFile', target: '/m/f', sources: [], spent: { in: 0, out: 4 } })
  })

  test('a link out of the mount is refused, whether or not there is something', (run) => {
    run.call('fs.mkdir', '/m/d')
    for (const target of ['/etc/passwd', '/n/x', '/none']) expect(run.fails('fs.symlink', target, '/m/d/out')).toBe('denied')
    if (kind.symlinks === 'descending') return expect(run.fails('fs.symlink', '../x', '/m/d/up')).toBe('denied')
    run.call('fs.symlink', '../../../../etc/passwd', '/m/d/out')
    run.call('fs.symlink', '../d/out', '/m/d/chain')
    run.call('fs.symlink', '../..', '/m/d/above')
    const messages = ['/m/d/out', '/m/d/chain', '/m/d/above/etc/passwd', '/m/d/above/none'].map((path) => {
      expect(run.fails('fs.writeFile', path, 'x')).toBe('denied')
      expect(run.fails('fs.stat', path)).toBe('denied')
      expect(run.fails('fs.readdir', path)).toBe('denied')
      expect(run.fails('fs.mkdir', `${path}/new`)).toBe('denied')
      expect(run.fails('fs.rename', '/m/d', `${path}/new`)).toBe('denied')
      return run.message('fs.readFile', path).replace(path, '')
    })
    expect(new Set(messages).size).toBe(1)
    expect(run.fails('fs.readlink', '/m/d/out')).toBe('denied')
  })
})
