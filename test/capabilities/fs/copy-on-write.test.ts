import { mkdirSync, readFileSync, readdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { copyOnWrite, memoryDir, noDelete, readOnly, subdir } from '../../../capabilities/fs/index.js'
import type { Change, CopyOnWriteDir, MemoryDir } from '../../../capabilities/fs/index.js'
import { openDir } from '../../../capabilities/fs/node.js'
import { FakeRun } from './fake-run.js'
import { openDescriptors, temporary } from './temporary.js'

const files = { 'a.txt': 'a', 'd/b.txt': 'b', 'd/e/c.txt': 'c', 'z.txt': 'z' }
const shown = (changes: readonly Change[]): readonly string[] => changes.map((change) =>
  `${change.kind} ${change.type} ${change.path}${change.from === undefined ? '' : ` < ${change.from}`}${change.bytes ? ` = ${new TextDecoder().decode(change.bytes)}` : ''}`)

/** Everything a directory holds, as text by path. */
function contentsOf(dir: MemoryDir | CopyOnWriteDir): Record<string, string> {
  using run = new FakeRun({ '/m': dir }, { in: 1e9, out: 1e9 })
  const { names, types } = run.call('fs.readdir', '/m', { recursive: true }) as { names: string[]; types: string }
  return Object.fromEntries(names.map((name, i) => [name, types[i] === 'f' ? String(run.text(`/m/${name}`)) : types[i] === 's' ? `-> ${String(run.call('fs.readlink', `/m/${name}`))}` : '/']))
}

describe('copyOnWrite()', () => {
  it('lets a guest do everything, and leaves the directory below as it is', () => {
    const below = memoryDir({ files })
    const before = contentsOf(below)
    const draft = copyOnWrite(readOnly(below))
    using run = new FakeRun({ '/m': draft })
    run.call('fs.writeFile', '/m/a.txt', 'A')
    run.call('fs.appendFile', '/m/d/b.txt', 'B')
    run.call('fs.rm', '/m/d/e', { recursive: true })
    run.call('fs.mkdir', '/m/new')
    run.call('fs.rename', '/m/z.txt', '/m/new/y.txt')
    run.call('fs.symlink', 'a.txt', '/m/l')
    expect(contentsOf(below)).toEqual(before)
    expect(contentsOf(draft)).toEqual({ 'a.txt': 'A', 'd': '/', 'd/b.txt': 'bB', 'l': '-> a.txt', 'new': '/', 'new/y.txt': 'z' })
    expect(shown(draft.changes())).toEqual([
      'deleted file z.txt', 'modified file a.txt = A', 'deleted directory d/e', 'modified file d/b.txt = bB',
      'created directory new', 'created file new/y.txt < z.txt', 'created symlink l',
    ])
    expect(new TextDecoder().decode(draft.readFile('new/y.txt'))).toBe('z')
  })

  it('nothing that was only read is a change', () => {
    const draft = copyOnWrite(memoryDir({ files }))
    using run = new FakeRun({ '/m': draft })
    run.call('fs.readdir', '/m', { recursive: true })
    run.text('/m/d/b.txt')
    run.call('fs.open', '/m/a.txt', 'r+')
    run.call('fs.utimes', '/m/a.txt', 1, 1)
    expect(draft.changes()).toEqual([])
    run.call('fs.writeFile', '/m/n', '')
    run.call('fs.unlink', '/m/n')
    run.call('fs.rename', '/m/a.txt', '/m/t')
    run.call('fs.rename', '/m/t', '/m/a.txt')
    expect(draft.changes()).toEqual([])
  })

  it('commit() brings the directory below to what guests saw; then there are no changes', () => {
    const below = memoryDir({ files })
    const draft = copyOnWrite(below)
    using run = new FakeRun({ '/m': draft })
    run.call('fs.rename', '/m/a.txt', '/m/t')
    run.call('fs.rename', '/m/z.txt', '/m/a.txt')
    run.call('fs.rename', '/m/t', '/m/z.txt')
    run.call('fs.rename', '/m/d/e', '/m/e')
    run.call('fs.rename', '/m/d', '/m/e/d')
    run.call('fs.writeFile', '/m/e/c.txt', 'C')
    const seen = contentsOf(draft)
    run.settle()
    expect(draft.commit().length).toBeGreaterThan(0)
    expect(contentsOf(below)).toEqual(seen)
    expect(seen).toEqual({ 'a.txt': 'z', 'e': '/', 'e/c.txt': 'C', 'e/d': '/', 'e/d/b.txt': 'b', 'z.txt': 'a' })
    expect(draft.changes()).toEqual([])
    expect(contentsOf(draft)).toEqual(seen)
  })

  it('commit() is refused by a directory that does not permit it, before anything is done', () => {
    for (const attenuate of [readOnly, noDelete]) {
      const below = memoryDir({ files })
      const draft = copyOnWrite(attenuate(below))
      using run = new FakeRun({ '/m': draft })
      run.call('fs.writeFile', '/m/new', 'x')
      run.call('fs.unlink', '/m/a.txt')
      expect(() => draft.commit()).toThrow(expect.objectContaining({ code: 'mount-failed' }))
      expect(contentsOf(below)).toEqual(contentsOf(memoryDir({ files })))
      expect(shown(draft.changes())).toEqual(['deleted file a.txt', 'created file new = x'])
    }
  })

  it('discard() forgets', () => {
    const draft = copyOnWrite(memoryDir({ files }))
    using run = new FakeRun({ '/m': draft })
    run.call('fs.rm', '/m/d', { recursive: true })
    run.settle()
    draft.discard()
    expect(draft.changes()).toEqual([])
    expect(contentsOf(draft)).toEqual(contentsOf(memoryDir({ files })))
  })

  it('a file that replaces a directory, and a directory that replaces a file, are committed', () => {
    const below = memoryDir({ files })
    const draft = copyOnWrite(below)
    using run = new FakeRun({ '/m': draft })
    run.call('fs.rm', '/m/d', { recursive: true })
    run.call('fs.writeFile', '/m/d', 'now a file')
    run.call('fs.unlink', '/m/a.txt')
    run.call('fs.mkdir', '/m/a.txt/x', { recursive: true })
    expect(shown(draft.changes())).toEqual([
      'deleted file a.txt', 'deleted directory d', 'created file d = now a file', 'created directory a.txt', 'created directory a.txt/x',
    ])
    const seen = contentsOf(draft)
    run.settle()
    draft.commit()
    expect(contentsOf(below)).toEqual(seen)
  })

  it('what is kept is bounded: a copy-up, a new file, many entries', () => {
    const below = memoryDir({ files: { 'big': 'x'.repeat(1000) } })
    const draft = copyOnWrite(below, { maxBytes: 500, maxEntries: 3 })
    using run = new FakeRun({ '/m': draft })
    expect(run.fails('fs.appendFile', '/m/big', 'y')).toBe('ENOSPC')
    expect(run.fails('fs.writeFile', '/m/new', 'x'.repeat(501))).toBe('ENOSPC')
    expect(run.call('fs.readFile', '/m/big')).toHaveLength(1000)
    expect(run.fails('fs.writeFile', '/m/big', 'short')).toBeUndefined()
    for (const name of ['b', 'c']) run.call('fs.writeFile', `/m/${name}`, '')
    expect(run.fails('fs.writeFile', '/m/d', '')).toBe('EDQUOT')
  })

  it('moving a large tree costs the host no memory: changes() names where it came from', () => {
    const below = memoryDir({ files: { 'big/one': 'x'.repeat(100_000), 'big/two': 'y' } })
    const draft = copyOnWrite(below, { maxBytes: 10 })
    using run = new FakeRun({ '/m': draft })
    run.call('fs.rename', '/m/big', '/m/moved')
    run.call('fs.unlink', '/m/moved/two')
    expect(shown(draft.changes())).toEqual(['deleted directory big', 'created directory moved < big', 'deleted file moved/two'])
    run.settle()
    draft.commit()
    expect(below.list().map(({ path }) => path)).toEqual(['moved', 'moved/one'])
  })

  it('descriptors see each other\'s writes across the copy-up', () => {
    const draft = copyOnWrite(memoryDir({ files }))
    using run = new FakeRun({ '/m': draft })
    const [reader, writer] = [run.call('fs.open', '/m/a.txt'), run.call('fs.open', '/m/a.txt', 'r+')]
    expect(run.call('fs.read', reader, 10, 0)).toEqual(new Uint8Array([97]))
    run.call('fs.write', writer, 'XY', 0)
    expect(run.call('fs.read', reader, 10, 0)).toEqual(new Uint8Array([88, 89]))
    run.call('fs.unlink', '/m/a.txt')
    expect(run.call('fs.read', reader, 10, 1)).toEqual(new Uint8Array([89]))
  })

  it('subdir() of it stays usable and closes everything', async () => {
    using place = temporary()
    mkdirSync(place.at('d'))
    writeFileSync(place.at('d', 'f'), 'f')
    using dir = await openDir(place.path)
    const before = openDescriptors()
    const draft = copyOnWrite(dir)
    const run = new FakeRun({ '/m': subdir(draft, 'd') })
    expect(run.text('/m/f')).toBe('f')
    run.call('fs.open', '/m/f')
    run.settle()
    draft.changes()
    expect(openDescriptors()).toBe(before)
  })

  it('over the host: nothing reaches it until commit(), which follows no link that came since', async () => {
    using place = temporary()
    mkdirSync(place.at('in', 'd'), { recursive: true })
    writeFileSync(place.at('in', 'd', 'f'), 'old')
    writeFileSync(place.at('outside'), 'safe')
    using dir = await openDir(place.at('in'), { mode: 'read-write' })
    const draft = copyOnWrite(dir)
    using run = new FakeRun({ '/m': draft })
    run.call('fs.writeFile', '/m/d/f', 'new')
    run.call('fs.writeFile', '/m/report.md', '# report')
    expect(readFileSync(place.at('in', 'd', 'f'), 'utf8')).toBe('old')
    expect(readdirSync(place.at('in'))).toEqual(['d'])
    run.settle()
    symlinkSync('../outside', place.at('in', 'report.md'))
    expect(() => draft.commit()).toThrow(expect.objectContaining({ code: 'mount-failed' }))
    expect(readFileSync(place.at('outside'), 'utf8')).toBe('safe')
    unlinkSync(place.at('in', 'report.md'))
    draft.commit()
    expect(readFileSync(place.at('in', 'd', 'f'), 'utf8')).toBe('new')
    expect(readFileSync(place.at('in', 'report.md'), 'utf8')).toBe('# report')
  })

  it('a link out of the host directory can be seen and removed in the draft, and never followed or read', async () => {
    using place = temporary()
    mkdirSync(place.at('in'))
    writeFileSync(place.at('secret'), 'secret')
    symlinkSync(place.at('secret'), place.at('in', 'absolute'))
    symlinkSync('../secret', place.at('in', 'relative'))
    using dir = await openDir(place.at('in'))
    const draft = copyOnWrite(dir)
    using run = new FakeRun({ '/m': draft })
    for (const name of ['absolute', 'relative']) {
      expect(run.call('fs.stat', `/m/${name}`, { follow: false })).toMatchObject({ type: 'symlink' })
      for (const operation of ['fs.readFile', 'fs.readlink', 'fs.stat', 'fs.writeFile', 'fs.realpath']) expect(run.fails(operation, `/m/${name}`, 'x')).toBe('denied')
      run.call('fs.rename', `/m/${name}`, `/m/moved-${name}`)
      expect(run.fails('fs.readFile', `/m/moved-${name}`)).toBe('denied')
      run.call('fs.unlink', `/m/moved-${name}`)
    }
    expect([...shown(draft.changes())].sort()).toEqual(['deleted symlink absolute', 'deleted symlink relative'])
    expect(readFileSync(place.at('secret'), 'utf8')).toBe('secret')
  })

  it('any sequence of acts leaves the same as on a plain directory, and commit() carries exactly that', () => {
    const name = fc.constantFrom('a.txt', 'd', 'd/b.txt', 'd/e', 'd/e/c.txt', 'z.txt', 'n', 'n/o', 'd/n', 'l')
    const act = fc.oneof(
      fc.tuple(fc.constant('fs.writeFile'), name, fc.string({ maxLength: 4 })),
      fc.tuple(fc.constant('fs.appendFile'), name, fc.string({ maxLength: 4 })),
      fc.tuple(fc.constant('fs.mkdir'), name, fc.constant({})),
      fc.tuple(fc.constant('fs.rm'), name, fc.constant({ recursive: true })),
      fc.tuple(fc.constant('fs.rename'), name, name),
      fc.tuple(fc.constant('fs.truncate'), name, fc.constant(1)),
      fc.tuple(fc.constant('fs.symlink'), name, name),
      fc.tuple(fc.constant('fs.copyFile'), name, name),
    )
    fc.assert(fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
      const [below, plain] = [memoryDir({ files }), memoryDir({ files })]
      const draft = copyOnWrite(below)
      using over = new FakeRun({ '/m': draft })
      using on = new FakeRun({ '/m': plain })
      const two = ['fs.rename', 'fs.copyFile']
      for (const [operation, path, argument] of acts) {
        const args = operation === 'fs.symlink' ? [path, `/m/${String(argument)}`] : [`/m/${path}`, two.includes(operation) ? `/m/${String(argument)}` : argument]
        expect(over.fails(operation, ...args)).toBe(on.fails(operation, ...args))
      }
      const seen = contentsOf(draft)
      expect(seen).toEqual(contentsOf(plain))
      expect(contentsOf(below)).toEqual(contentsOf(memoryDir({ files })))
      over.settle()
      draft.commit()
      expect(contentsOf(below)).toEqual(seen)
    }), { numRuns: 400 })
  })
})
