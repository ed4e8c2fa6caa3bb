import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { limited, memoryDir } from '../../../capabilities/fs/index.js'
import type { Dir } from '../../../capabilities/fs/index.js'
import { FakeRun } from './fake-run.js'

describe('memoryDir()', () => {
  it('begins with the files given and shows the embedder what guests left', () => {
    const dir = memoryDir({ files: { 'notes/a.txt': 'Grüße', 'b.bin': new Uint8Array([1, 2]) } })
    expect(dir.list()).toEqual([
      { path: 'notes', type: 'directory', size: 0 }, { path: 'notes/a.txt', type: 'file', size: 7 }, { path: 'b.bin', type: 'file', size: 2 },
    ])
    using run = new FakeRun({ '/m': dir })
    run.call('fs.appendFile', '/m/b.bin', new Uint8Array([3]))
    run.settle()
    expect(dir.readFile('b.bin')).toEqual(new Uint8Array([1, 2, 3]))
    expect(dir.usage()).toEqual({ bytes: 10, entries: 3 })
    expect(() => dir.readFile('none')).toThrow(expect.objectContaining({ code: 'mount-failed' }))
  })

  it('hands out copies: neither side can change the other\'s bytes', () => {
    const given = new Uint8Array([1])
    const dir = memoryDir({ files: { f: given } })
    given[0] = 9
    const read = dir.readFile('f')
    read[0] = 8
    expect(dir.readFile('f')).toEqual(new Uint8Array([1]))
  })

  it('refuses options it does not know and files that do not fit', () => {
    for (const options of [{ maxSize: 1 }, { maxBytes: -1 }, { maxBytes: 1.5 }, { maxBytes: '1' }, { files: { f: 1 } }, null, [], 'x']) {
      expect(() => memoryDir(options as never)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
    }
    for (const options of [{ maxBytes: 1, files: { f: 'xx' } }, { maxEntries: 1, files: { 'd/f': '' } }, { maxDepth: 1, files: { 'a/b/c': '' } }, { files: { '../f': '' } }, { files: { '/f': '' } }, { files: { '': '' } }, { files: { 'a\0b': '' } }]) {
      expect(() => memoryDir(options)).toThrow(expect.objectContaining({ code: 'mount-failed' }))
    }
  })
})

describe.each<[string, (quota: { maxBytes?: number; maxEntries?: number; maxDepth?: number }) => Dir]>([
  ['memoryDir()', (quota) => memoryDir(quota)],
  ['limited()', (quota) => limited(memoryDir(), quota)],
])('%s quota', (_, make) => {
  it('bytes: whole files, appends, holes, growth by truncation and by copying', () => {
    using run = new FakeRun({ '/m': make({ maxBytes: 100 }) })
    expect(run.fails('fs.writeFile', '/m/f', 'x'.repeat(101))).toBe('ENOSPC')
    run.call('fs.writeFile', '/m/f', 'x'.repeat(60))
    expect(run.fails('fs.appendFile', '/m/f', 'x'.repeat(41))).toBe('ENOSPC')
    expect(run.fails('fs.copyFile', '/m/f', '/m/g')).toBe('ENOSPC')
    expect(run.fails('fs.truncate', '/m/f', 101)).toBe('ENOSPC')
    const fd = run.call('fs.open', '/m/h', 'w')
    for (const at of [100, 1e9, 2 ** 52, Number.MAX_SAFE_INTEGER - 1]) expect(run.fails('fs.write', fd, 'x', at)).toMatch(/^(ENOSPC|EINVAL|EFBIG)$/)
    run.call('fs.write', fd, 'x', 39)
    expect(run.fails('fs.write', fd, 'x', 40)).toBe('ENOSPC')
    run.call('fs.truncate', '/m/f', 0)
    run.call('fs.write', fd, 'x', 99)
    expect(run.fails('fs.appendFile', '/m/f', 'x')).toBe('ENOSPC')
  })

  it('a symbolic link of several names is paid for once, until the last is gone', () => {
    using run = new FakeRun({ '/m': make({ maxBytes: 10 }) })
    run.call('fs.symlink', '12345', '/m/a')
    run.call('fs.link', '/m/a', '/m/b')
    run.call('fs.unlink', '/m/a')
    expect(run.call('fs.readlink', '/m/b')).toBe('12345')
    run.call('fs.unlink', '/m/b')
    run.call('fs.writeFile', '/m/f', '0123456789')
    expect(run.fails('fs.appendFile', '/m/f', 'x')).toBe('ENOSPC')
  })

  it('a node renamed to the name it has gives nothing back', () => {
    using dir = make({ maxBytes: 10, maxEntries: 3 })
    using run = new FakeRun({ '/m': dir })
    run.call('fs.mkdir', '/m/d')
    run.call('fs.writeFile', '/m/d/f', '0123456789')
    for (let i = 0; i < 3; i++) run.call('fs.rename', '/m/d/f', '/m/d/f')
    expect(run.fails('fs.appendFile', '/m/d/f', 'x')).toBe('ENOSPC')
    run.call('fs.link', '/m/d/f', '/m/d/g')
    run.call('fs.rename', '/m/d/f', '/m/d/g')
    expect(run.fails('fs.mkdir', '/m/e')).toBe('EDQUOT')
  })

  it('bytes are given back when files are replaced, renamed over and removed', () => {
    using run = new FakeRun({ '/m': make({ maxBytes: 10 }) })
    for (let i = 0; i < 20; i++) run.call('fs.writeFile', '/m/f', '0123456789')
    run.call('fs.truncate', '/m/f', 5)
    run.call('fs.writeFile', '/m/g', '01234')
    run.call('fs.rename', '/m/g', '/m/f')
    run.call('fs.writeFile', '/m/g', '01234')
    run.call('fs.unlink', '/m/g')
    run.call('fs.rm', '/m/f')
    run.call('fs.writeFile', '/m/f', '0123456789')
  })

  it('bytes of a file without a name count while it is open', () => {
    using run = new FakeRun({ '/m': make({ maxBytes: 10 }) })
    for (let i = 0; i < 5; i++) {
      const fd = run.call('fs.open', '/m/f', 'w')
      const full = run.fails('fs.write', fd, '0123456789')
      run.call('fs.unlink', '/m/f')
      expect(full).toBe(i === 0 ? undefined : 'ENOSPC')
    }
  })

  it('entries: files, directories, links', () => {
    using run = new FakeRun({ '/m': make({ maxEntries: 3 }) })
    run.call('fs.writeFile', '/m/f', '')
    run.call('fs.mkdir', '/m/d')
    run.call('fs.symlink', 'f', '/m/l')
    for (const [operation, ...args] of [['fs.writeFile', '/m/g', ''], ['fs.mkdir', '/m/e'], ['fs.symlink', 'f', '/m/k'], ['fs.link', '/m/f', '/m/h'], ['fs.cp', '/m/f', '/m/i'], ['fs.open', '/m/j', 'w']] as const) {
      expect([operation, run.fails(operation, ...args)]).toEqual([operation, 'EDQUOT'])
    }
    run.call('fs.writeFile', '/m/f', 'again')
    run.call('fs.unlink', '/m/l')
    run.call('fs.mkdir', '/m/e')
    run.call('fs.rename', '/m/e', '/m/d')
    run.call('fs.mkdir', '/m/e')
  })

  it('depth: made, moved as a whole, made in parts', () => {
    using run = new FakeRun({ '/m': make({ maxDepth: 3 }) })
    expect(run.fails('fs.mkdir', '/m/a/b/c/d', { recursive: true })).toBe('EDQUOT')
    run.call('fs.mkdir', '/m/x/y', { recursive: true })
    expect(run.fails('fs.rename', '/m/x', '/m/a/b/x')).toBe('EDQUOT')
    run.call('fs.rename', '/m/x', '/m/a/x')
    run.call('fs.writeFile', '/m/a/x/y/f', 'a file may lie deeper')
  })

  it('random acts never exceed it, and removing everything leaves nothing taken', () => {
    const name = fc.constantFrom('a', 'b', 'd', 'd/a', 'd/b', 'e')
    const act = fc.oneof(
      fc.tuple(fc.constant('fs.writeFile'), name, fc.nat(60).map((length) => 'x'.repeat(length))),
      fc.tuple(fc.constant('fs.appendFile'), name, fc.nat(60).map((length) => 'x'.repeat(length))),
      fc.tuple(fc.constant('fs.truncate'), name, fc.nat(120)),
      fc.tuple(fc.constantFrom('fs.mkdir', 'fs.unlink', 'fs.rmdir'), name, fc.constant({})),
      fc.tuple(fc.constantFrom('fs.rename', 'fs.copyFile', 'fs.link'), name, name),
      fc.tuple(fc.constant('fs.open'), name, fc.constantFrom('r', 'w', 'a')),
    )
    fc.assert(fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const memory = memoryDir()
      const two = ['fs.rename', 'fs.copyFile', 'fs.link']
      const dir = make({ maxBytes: 100, maxEntries: 4 })
      const run = new FakeRun({ '/m': dir, '/x': memory })
      for (const [operation, path, argument] of acts) run.fails(operation, `/m/${path}`, two.includes(operation) ? `/m/${String(argument)}` : argument)
      const { names, types } = run.call('fs.readdir', '/m', { recursive: true }) as { names: string[]; types: string }
      const bytes = names.filter((_name, i) => types[i] === 'f').reduce((sum, path) => sum + (run.call('fs.stat', `/m/${path}`) as { size: number; links: number }).size / (run.call('fs.stat', `/m/${path}`) as { links: number }).links, 0)
      expect(bytes).toBeLessThanOrEqual(100)
      expect(names.length).toBeLessThanOrEqual(4)
      run.settle()
      using after = new FakeRun({ '/m': dir })
      for (const path of (after.call('fs.readdir', '/m') as { names: string[] }).names) after.call('fs.rm', `/m/${path}`, { recursive: true })
      if ('usage' in dir) expect((dir as ReturnType<typeof memoryDir>).usage()).toEqual({ bytes: 0, entries: 0 })
    }), { numRuns: 400 })
  })
})

describe('walks', () => {
  it('a bomb of links ends quickly', () => {
    using run = new FakeRun({ '/m': memoryDir() })
    run.call('fs.mkdir', '/m/d')
    const target = Array.from({ length: 1000 }, () => 'd/..').join('/')
    for (let i = 0; i < 60; i++) run.call('fs.symlink', i === 0 ? 'd' : `${target.slice(0, 4000 - (4000 % 5) - 1)}/l${i - 1}`, `/m/l${i}`)
    expect(run.fails('fs.readFile', '/m/l59')).toMatch(/^(ELOOP|ENAMETOOLONG)$/)
    run.call('fs.symlink', 'two/two', '/m/two')
    expect(run.fails('fs.stat', '/m/two')).toMatch(/^(ELOOP|ENAMETOOLONG)$/)
  })

  it('a deep tree is made and removed, and a path holds only so many directories open', () => {
    using run = new FakeRun({ '/m': memoryDir({ maxDepth: 1000 }) })
    expect(run.fails('fs.mkdir', `/m${'/d'.repeat(400)}`, { recursive: true })).toBe('ENAMETOOLONG')
    expect(run.fails('fs.readdir', '/m', { recursive: true })).toMatch(/^(ENAMETOOLONG)?$|undefined/)
    run.call('fs.rm', '/m/d/d/d/d/d/d/d/d/d/d', { recursive: true })
  })
})
