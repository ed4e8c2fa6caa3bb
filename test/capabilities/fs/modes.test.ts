import { describe, expect, it } from 'vitest'
import { appendOnly, copyOnWrite, labelled, limited, memoryDir, noDelete, readOnly, subdir } from '../../../capabilities/fs/index.js'
import type { Dir } from '../../../capabilities/fs/dir.js'
import { FakeRun } from './fake-run.js'

const files = { 'f': 'old', 'g': 'other', 'd/e': 'deep', 'empty': '' }

type Act = (run: FakeRun) => string | undefined

/** Every way to change something, the existing and the missing apart. */
const ACTS: Readonly<Record<string, Act>> = {
  'read': (run) => run.fails('fs.readFile', '/m/f'),
  'list': (run) => run.fails('fs.readdir', '/m'),
  'create a file': (run) => run.fails('fs.writeFile', '/m/new', 'x'),
  'create exclusively': (run) => run.fails('fs.writeFile', '/m/new', 'x', { flag: 'wx' }),
  'create by copying': (run) => run.fails('fs.copyFile', '/m/f', '/m/new'),
  'mkdir': (run) => run.fails('fs.mkdir', '/m/new'),
  'symlink': (run) => run.fails('fs.symlink', 'f', '/m/new'),
  'link': (run) => run.fails('fs.link', '/m/f', '/m/new'),
  'append': (run) => run.fails('fs.appendFile', '/m/f', 'x'),
  'append by position': (run) => run.fails('fs.write', run.call('fs.open', '/m/f', 'r+'), 'x', 3),
  'overwrite in place': (run) => run.fails('fs.write', run.call('fs.open', '/m/f', 'r+'), 'X', 0),
  'overwrite with O_TRUNC': (run) => run.fails('fs.writeFile', '/m/f', 'x'),
  'overwrite by copying': (run) => run.fails('fs.copyFile', '/m/g', '/m/f'),
  'overwrite by cp': (run) => run.fails('fs.cp', '/m/g', '/m/f'),
  'open with O_TRUNC and no write': (run) => run.fails('fs.open', '/m/f', 'w'),
  'open with O_TRUNC in bits': (run) => run.fails('fs.open', '/m/f', 0o1002),
  'truncate': (run) => run.fails('fs.truncate', '/m/f', 1),
  'truncate to grow': (run) => run.fails('fs.truncate', '/m/f', 9),
  'ftruncate': (run) => run.fails('fs.ftruncate', run.call('fs.open', '/m/f', 'r+'), 0),
  'unlink': (run) => run.fails('fs.unlink', '/m/f'),
  'unlink what is missing': (run) => run.fails('fs.unlink', '/m/none'),
  'rm -r': (run) => run.fails('fs.rm', '/m/d', { recursive: true }),
  'rmdir': (run) => run.fails('fs.rmdir', '/m/d'),
  'rename away': (run) => run.fails('fs.rename', '/m/f', '/m/new'),
  'rename over': (run) => run.fails('fs.rename', '/m/f', '/m/g'),
  'rename a directory': (run) => run.fails('fs.rename', '/m/d', '/m/new'),
  'replace by a symlink': (run) => run.fails('fs.unlink', '/m/f') ?? run.fails('fs.symlink', 'g', '/m/f'),
  'symlink over': (run) => run.fails('fs.symlink', 'g', '/m/f'),
  'utimes': (run) => run.fails('fs.utimes', '/m/f', 1, 1),
}

const ALL = Object.keys(ACTS)
const READS = ['read', 'list']
const ADDS = [...READS, 'create a file', 'create exclusively', 'create by copying', 'mkdir', 'symlink', 'link', 'append', 'append by position']

/** What each mode lets through; all else is denied, except what fails for want of something to act on. */
const MODES: Readonly<Record<string, { readonly make: (dir: Dir) => Dir; readonly passes: readonly string[]; readonly acts: string }>> = {
  'memoryDir()': { make: (dir) => dir, passes: ALL, acts: 'read, create, append, write, delete' },
  'readOnly()': { make: readOnly, passes: READS, acts: 'read' },
  'noDelete()': { make: noDelete, passes: [...ADDS, 'overwrite in place', 'utimes'], acts: 'read, create, append, write' },
  'appendOnly()': { make: appendOnly, passes: ADDS, acts: 'read, create, append' },
  'noDelete(appendOnly())': { make: (dir) => noDelete(appendOnly(dir)), passes: ADDS, acts: 'read, create, append' },
  'appendOnly(noDelete())': { make: (dir) => appendOnly(noDelete(dir)), passes: ADDS, acts: 'read, create, append' },
  'readOnly(appendOnly())': { make: (dir) => readOnly(appendOnly(dir)), passes: READS, acts: 'read' },
  'limited(noDelete())': { make: (dir) => limited(noDelete(dir), {}), passes: [...ADDS, 'overwrite in place', 'utimes'], acts: 'read, create, append, write' },
  'noDelete(limited())': { make: (dir) => noDelete(limited(dir, {})), passes: [...ADDS, 'overwrite in place', 'utimes'], acts: 'read, create, append, write' },
  'labelled(readOnly())': { make: (dir) => labelled(readOnly(dir), []), passes: READS, acts: 'read' },
  'copyOnWrite(readOnly())': { make: (dir) => copyOnWrite(readOnly(dir)), passes: ALL.filter((act) => act !== 'link'), acts: 'read, draft' },
}

const FAILS: Readonly<Record<string, string>> = { 'unlink what is missing': 'ENOENT', 'rmdir': 'ENOTEMPTY', 'symlink over': 'EEXIST' }

describe.each(Object.entries(MODES))('%s', (name, { make, passes, acts }) => {
  it.each(ALL)('act: %s', (title) => {
    const memory = memoryDir({ files })
    const dir = make(memory)
    expect(dir.reach()).toEqual([{ capability: 'fs', target: expect.any(String), acts }])
    using run = new FakeRun({ '/m': dir })
    const failure = (() => {
      try {
        return (ACTS[title] as Act)(run)
      } catch (error) {
        return (error as { code: string }).code
      }
    })()
    if (name.startsWith('copyOnWrite') && title === 'link') return expect(failure).toBe('ENOTSUP')
    if (passes.includes(title)) return expect(failure).toBe(FAILS[title])
    // A taken name is no secret in a directory that can be read, so making one there may say so.
    if (title === 'symlink over' && passes.includes('symlink')) expect(failure).toBe('EEXIST')
    else expect(failure).toBe('denied')
    const text = new TextDecoder()
    for (const [path, contents] of Object.entries(files)) expect(text.decode(memory.readFile(path))).toBe(contents)
  })
})

describe('attenuators', () => {
  it('bind descriptors opened through them, whatever becomes of the value', () => {
    const memory = memoryDir({ files })
    const root = readOnly(memory).open({ now: () => 0 })
    const file = root.openDir('d').openFile('e', { read: true })
    for (const act of [() => file.write(0, new Uint8Array(1)), () => file.append(new Uint8Array(1)), () => file.truncate(0), () => file.setTimes({}), () => root.reopen().mkdir('x'), () => root.openDir('d').unlink('e')]) {
      expect(act).toThrow(expect.objectContaining({ name: 'FsRefused' }))
    }
  })

  it('let nothing be moved between a strong and a weak view of the same directory', () => {
    const memory = memoryDir({ files })
    const session = { now: () => 0 }
    const [strong, weak] = [memory.open(session), noDelete(memory).open(session)]
    expect(() => strong.rename('f', weak, 'x')).toThrow(expect.objectContaining({ code: 'EXDEV' }))
    expect(() => strong.link('f', weak, 'x')).toThrow(expect.objectContaining({ code: 'EXDEV' }))
    expect(() => weak.link('f', strong, 'x')).toThrow(expect.objectContaining({ code: 'EXDEV' }))
  })

  it('noDelete() and appendOnly() let an empty file be opened with O_TRUNC', () => {
    for (const attenuate of [noDelete, appendOnly]) {
      using run = new FakeRun({ '/m': attenuate(memoryDir({ files })) })
      run.call('fs.writeFile', '/m/empty', 'first')
      expect(run.fails('fs.writeFile', '/m/empty', 'second')).toBe('denied')
      expect(run.text('/m/empty')).toBe('first')
    }
  })

  it('appendOnly() holds against a descriptor that was opened to write anywhere', () => {
    const memory = memoryDir({ files })
    using run = new FakeRun({ '/m': appendOnly(memory) })
    const fd = run.call('fs.open', '/m/f', 'r+')
    expect(run.fails('fs.write', fd, 'X', 1)).toBe('denied')
    expect(run.fails('fs.write', fd, 'X', 100)).toBe('denied')
    expect(run.fails('fs.write', fd, 'X')).toBe('denied')
    run.call('fs.write', fd, '+', 3)
    expect(run.text('/m/f')).toBe('old+')
  })

  it('a hard link is no way around appendOnly() or noDelete()', () => {
    for (const attenuate of [noDelete, appendOnly]) {
      using run = new FakeRun({ '/m': attenuate(memoryDir({ files })) })
      run.call('fs.link', '/m/f', '/m/l')
      expect(run.fails('fs.truncate', '/m/l', 0)).toBe('denied')
      expect(run.fails('fs.writeFile', '/m/l', '')).toBe('denied')
      expect(run.fails('fs.unlink', '/m/l')).toBe('denied')
    }
  })

  it('refuse what is no directory', () => {
    for (const value of [undefined, null, '/data', {}, { kind: 'net' }, { kind: 'fs' }]) {
      for (const make of [readOnly, noDelete, appendOnly, copyOnWrite, (dir: never) => subdir(dir, 'x'), (dir: never) => limited(dir, {}), (dir: never) => labelled(dir, [])]) {
        expect(() => make(value as never)).toThrow(expect.objectContaining({ name: 'GloveboxError', code: 'invalid-grant' }))
      }
    }
  })
})

describe('subdir()', () => {
  it('is a root of its own', () => {
    const memory = memoryDir({ files: { 'a/b/f': 'f', 'secret': 's' } })
    using run = new FakeRun({ '/m': subdir(memory, 'a/b') })
    expect(run.text('/m/f')).toBe('f')
    run.call('fs.symlink', '../../secret', '/m/up')
    expect(run.fails('fs.readFile', '/m/up')).toBe('denied')
    run.call('fs.writeFile', '/m/g', 'g')
    expect(memory.list().map(({ path }) => path)).toContain('a/b/g')
  })

  it('fails when it leads to no directory, or out of the directory', () => {
    const memory = memoryDir({ files: { 'a/f': 'f' } })
    for (const path of ['none', 'a/f', '..', 'a/../..', '/a']) {
      expect(() => subdir(memory, path)).toThrow(expect.objectContaining({ code: 'mount-failed' }))
    }
  })
})

describe('labelled()', () => {
  it('marks add up and survive attenuation', () => {
    const dir = readOnly(labelled(labelled(memoryDir({ labels: ['external'] }), ['private']), ['private']))
    expect(dir.reach()).toEqual([{ capability: 'fs', target: '.', acts: 'read', labels: ['external', 'private'] }])
    expect(subdir(dir, '.').labels).toEqual(['external', 'private'])
    expect(copyOnWrite(dir).reach()[0]?.labels).toEqual(['external', 'private'])
    expect(() => labelled(dir, ['public' as never])).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  })
})
