import { describe, expect, it } from 'vitest'
import { createFsHandlers, memoryDir, readOnly } from '../../../capabilities/fs/index.js'
import type { Dir } from '../../../capabilities/fs/index.js'
import { FakeRun, Stopped } from './fake-run.js'

describe('createFsHandlers() without mounts', () => {
  it('denies every operation, whatever its arguments, and names the grant that would help', () => {
    using run = new FakeRun({})
    expect(run.operations.length).toBeGreaterThan(25)
    for (const operation of run.operations) {
      for (const args of [[], ['/x', '/y', '/z'], ['/', '/', '/'], [3, 1, 1], ['/x/../../etc/passwd', 'x', 1], [null, {}], ['a\0b', 'a\0b']]) {
        expect([operation, run.fails(operation, ...args)]).toEqual([operation, 'denied'])
        expect(run.message(operation, ...args)).toMatch(/ denied: no directory is granted; grant grants\.fs\["\/data"\] = /)
      }
    }
    expect(run.calls.every(({ sources, target }) => sources.length === 0 && target !== '')).toBe(true)
  })
})

describe('createFsHandlers() mounts', () => {
  const dir = memoryDir()

  it.each(['', 'data', './data', '/data/', '/data/..', '/a//b', '/a/./b', '/../x', '/a\0', '/a\nb', '/\ud800', `/${'x'.repeat(2000)}`])('refuses the path %j', (path) => {
    expect(() => new FakeRun({ [path]: dir })).toThrow(expect.objectContaining({ name: 'GloveboxError', code: 'invalid-grant' }))
  })

  it('refuses a mount within another, and what is no directory', () => {
    for (const mounts of [{ '/a': dir, '/a/b': dir }, { '/': dir, '/a': dir }, { '/a': null }, { '/a': '/tmp' }, { '/a': { kind: 'fs' } }]) {
      expect(() => new FakeRun(mounts as unknown as Record<string, Dir>)).toThrow(expect.objectContaining({ code: 'invalid-grant' }))
    }
  })

  it('a name that only begins like a mount is outside it', () => {
    using run = new FakeRun({ '/data': memoryDir({ files: { f: 'f' } }), '/data2': memoryDir({ files: { f: '2' } }) })
    expect(run.text('/data2/f')).toBe('2')
    expect(run.fails('fs.readFile', '/data3/f')).toBe('denied')
    expect(run.fails('fs.readFile', '/dat')).toBe('denied')
    expect(run.fails('fs.readFile', '/DATA/f')).toBe('denied')
  })

  it('a mount at the root holds everything', () => {
    using run = new FakeRun({ '/': memoryDir({ files: { 'a/f': 'f' } }) })
    expect(run.text('/a/../a/f')).toBe('f')
    expect(run.call('fs.readdir', '/')).toEqual({ names: ['a'], types: 'd' })
    expect(run.call('fs.realpath', '/a/f')).toBe('/a/f')
    run.call('fs.symlink', '/a/f', '/l')
    expect(run.text('/l')).toBe('f')
  })

  it('directories that lead to mounts list only those, and take no changes', () => {
    using run = new FakeRun({ '/a/b/c': memoryDir(), '/a/d': memoryDir(), '/e': memoryDir() })
    expect(run.call('fs.readdir', '/')).toEqual({ names: ['a', 'e'], types: 'dd' })
    expect(run.call('fs.readdir', '/a/')).toEqual({ names: ['b', 'd'], types: 'dd' })
    expect(run.call('fs.stat', '/a/b')).toMatchObject({ type: 'directory' })
    expect(run.call('fs.realpath', '/a/b')).toBe('/a/b')
    expect(run.fails('fs.readFile', '/a')).toBe('EISDIR')
    for (const [operation, ...args] of [['fs.rm', '/a', { recursive: true }], ['fs.rmdir', '/a/b'], ['fs.writeFile', '/a', ''], ['fs.mkdir', '/a/x'], ['fs.rename', '/a', '/e/x'], ['fs.symlink', 'x', '/a/x'], ['fs.cp', '/e', '/a', { recursive: true }]] as const) {
      expect([operation, run.fails(operation, ...args)]).toEqual([operation, expect.stringMatching(/^(denied|EBUSY)$/)])
    }
    expect(run.fails('fs.mkdir', '/a/b', { recursive: true })).toBeUndefined()
  })

  it('log targets are canonical and bounded, whatever the guest sends', () => {
    using run = new FakeRun({ '/m': memoryDir() })
    for (const path of [7, null, undefined, {}, 'x'.repeat(1_000_000), '/m/../../../etc\n[forged] allowed']) run.fails('fs.readFile', path)
    expect(run.calls.map(({ target }) => target.length <= 1025)).toEqual(Array(6).fill(true))
    expect(run.calls.at(-1)?.target).toBe('/etc\n[forged] allowed')
    expect(run.message('fs.readFile', '/etc\n[forged]')).toContain('"/etc\\n[forged]"')
    expect(run.message('fs.readFile', `/${'y'.repeat(4000)}`).length).toBeLessThan(3000)
  })
})

describe('createFsHandlers() budgets', () => {
  it('bytes are spent before they are read, and a stop leaves nothing open', () => {
    using run = new FakeRun({ '/m': memoryDir({ files: { big: 'x'.repeat(5000), small: 'y' } }) }, { in: 4000, out: 1000 })
    expect(() => run.call('fs.readFile', '/m/big')).toThrow(Stopped)
    expect(run.calls.at(-1)?.spent).toEqual({ in: 5000, out: 0 })
    using other = new FakeRun({ '/m': memoryDir() }, { out: 1000 })
    expect(() => other.call('fs.writeFile', '/m/f', 'z'.repeat(1001))).toThrow(Stopped)
    expect(other.fails('fs.readFile', '/m/f')).toBe('ENOENT')
  })

  it('reading through a descriptor spends what comes, not what was asked for', () => {
    using run = new FakeRun({ '/m': memoryDir({ files: { f: 'abc' } }) }, { in: 10 })
    const fd = run.call('fs.open', '/m/f')
    expect(run.call('fs.read', fd, Number.MAX_SAFE_INTEGER)).toHaveLength(3)
    expect(run.fails('fs.read', fd, 1, Number.MAX_SAFE_INTEGER)).toBeUndefined()
    expect(run.fails('fs.read', fd, 1, -1)).toBe('ERR_OUT_OF_RANGE')
    expect(run.fails('fs.read', fd, 1.5)).toBe('ERR_OUT_OF_RANGE')
  })

  it('listing, removing and copying spend by the entry, so no tree is walked for nothing', () => {
    const files = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`d/${i}`, '']))
    for (const [operation, ...args] of [['fs.readdir', '/m', { recursive: true }], ['fs.rm', '/m/d', { recursive: true }], ['fs.cp', '/m/d', '/m/e', { recursive: true }]] as const) {
      using run = new FakeRun({ '/m': memoryDir({ files }) }, { in: 500, out: 500 })
      expect(() => run.call(operation, ...args)).toThrow(Stopped)
    }
  })

  it('open descriptors are counted; one too many stops the run', () => {
    using run = new FakeRun({ '/m': memoryDir({ files: { f: '' } }) })
    for (let i = 0; i < 64; i++) run.call('fs.open', '/m/f')
    expect(() => run.call('fs.open', '/m/f')).toThrow(Stopped)
    run.call('fs.close', 3)
    expect(run.call('fs.open', '/m/f')).toBe(3)
    run.call('fs.close', 3)
    for (let i = 0; i < 9; i++) expect(run.fails('fs.open', '/m/none')).toBe('ENOENT')
    expect(run.resources).toBe(63)
  })

  it('settling closes descriptors even when one fails to close', () => {
    const base = memoryDir({ files: { f: '' } })
    let closed = 0
    const failing: Dir = {
      ...base,
      open: (session) => {
        const root = base.open(session)
        const openFile: typeof root.openFile = (name, flags) => {
          const file = root.openFile(name, flags)
          const close = (): void => {
            closed++
            file.close()
            throw new Error('cannot close')
          }
          return { stat: () => file.stat(), read: () => new Uint8Array(), write: () => {}, append: () => {}, truncate: () => {}, setTimes: () => {}, identity: () => file, close }
        }
        return { reopen: () => root, stat: () => root.stat(), lookup: (name) => root.lookup(name), openDir: (name) => root.openDir(name), openFile, entries: () => root.entries(), mkdir: () => {}, unlink: () => {}, rmdir: () => {}, rename: () => {}, link: () => {}, symlink: () => {}, readlink: () => '', setTimes: () => {}, setOwnTimes: () => {}, identity: () => root, close: () => root.close() }
      },
    }
    const run = new FakeRun({ '/m': failing })
    for (let i = 0; i < 3; i++) run.call('fs.open', '/m/f')
    expect(() => run.settle()).toThrow(AggregateError)
    expect([closed, run.resources]).toEqual([3, 0])
  })

  it('two runs on one directory share its contents and nothing else', () => {
    const shared = memoryDir()
    using one = new FakeRun({ '/m': shared })
    using two = new FakeRun({ '/m': readOnly(shared) })
    one.time = 5000
    one.call('fs.writeFile', '/m/f', 'from one')
    const fd = one.call('fs.open', '/m/f')
    expect(two.text('/m/f')).toBe('from one')
    expect(two.call('fs.stat', '/m/f')).toMatchObject({ modifiedMs: 5000 })
    expect(two.fails('fs.read', fd, 1)).toBe('EBADF')
    one.settle()
    expect(two.text('/m/f')).toBe('from one')
  })

  it('names that mean something to JavaScript are names like any other', () => {
    using run = new FakeRun({ '/m': memoryDir() })
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(run.fails('fs.readFile', `/m/${name}`)).toBe('ENOENT')
      run.call('fs.writeFile', `/m/${name}`, name)
      expect(run.text(`/m/${name}`)).toBe(name)
    }
    expect(run.fails('fs.readFile', '/m/x', { encoding: '__proto__' })).toBe('ERR_INVALID_ARG_VALUE')
    expect(run.fails('fs.open', '/m/x', '__proto__')).toBe('ERR_INVALID_ARG_VALUE')
  })

  it('handlers are a null-prototype table', () => {
    const scope = { limits: {} as never, onSettle: () => {}, resource: () => () => {}, now: () => 0 }
    expect(Object.getPrototypeOf(createFsHandlers(new Map(), scope))).toBeNull()
  })
})
