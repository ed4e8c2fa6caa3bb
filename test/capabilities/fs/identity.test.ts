import { describe, expect, it } from 'vitest'
import { appendOnly, copyOnWrite, limited, memoryDir, noDelete, readOnly } from '../../../capabilities/fs/index.js'
import type { Dir, DirNode } from '../../../capabilities/fs/index.js'
import { openDir } from '../../../capabilities/fs/node.js'
import { protect, protectedNames } from '../../../capabilities/fs/protect.js'
import { temporary } from './temporary.js'

const NOW = 5_000_000

async function within(make: (dir: Dir) => Dir, kind: 'memory' | 'host', use: (root: DirNode) => void, now = () => NOW): Promise<void> {
  using place = temporary()
  using base = kind === 'host' ? await openDir(place.path, { mode: 'read-write', symlinks: 'descending' }) : memoryDir()
  const plain = base.open({ now: () => NOW })
  plain.mkdir('d')
  plain.openFile('f', { write: true, create: true }).close()
  plain.symlink('l', 'f')
  plain.close()
  const root = make(base).open({ now })
  try {
    use(root)
  } finally {
    root.close()
  }
}

const MAKERS: Readonly<Record<string, { readonly make: (dir: Dir) => Dir; readonly touch: boolean }>> = {
  'the directory': { make: (dir) => dir, touch: true },
  'limited()': { make: (dir) => limited(dir, {}), touch: true },
  'protect()': { make: (dir) => protect(dir, protectedNames([])), touch: true },
  'noDelete()': { make: noDelete, touch: true },
  'copyOnWrite()': { make: (dir) => copyOnWrite(dir), touch: true },
  'appendOnly()': { make: appendOnly, touch: false },
  'readOnly()': { make: readOnly, touch: false },
}

describe.each(['memory', 'host'] as const)('DirNode of %s', (kind) => {
  it.each(Object.entries(MAKERS))('%s: identity() is the same for every way to a node, and another for another node', async (_, { make }) => {
    await within(make, kind, (root) => {
      const again = root.reopen()
      const dir = root.openDir('d')
      const file = root.openFile('f', { read: true })
      expect(root.identity()).toBe(again.identity())
      expect(dir.identity()).toBe(again.identity('d'))
      expect(file.identity()).toBe(again.identity('f'))
      expect(again.identity('none')).toBeUndefined()
      expect(new Set([root.identity(), dir.identity(), file.identity(), root.identity('l')]).size).toBe(4)
      for (const node of [again, dir, file]) node.close()
      expect(() => dir.identity()).toThrow(expect.objectContaining({ code: 'EBADF' }))
      expect(() => file.identity()).toThrow(expect.objectContaining({ code: 'EBADF' }))
    })
  })

  it.each(Object.entries(MAKERS))('%s: setOwnTimes() sets the times of the directory itself where times may be set', async (_, { make, touch }) => {
    await within(make, kind, (root) => {
      const dir = root.openDir('d')
      const before = dir.stat()
      const set = (): void => dir.setOwnTimes({ modifiedMs: 1_234_567 })
      if (touch) set()
      else expect(set).toThrow(expect.objectContaining({ name: 'FsRefused' }))
      expect(dir.stat()).toEqual(touch ? { ...before, modifiedMs: 1_234_567 } : before)
      dir.close()
    })
  })

  it('a change keeps its time on a clock that moves', async () => {
    let time = NOW
    await within((dir) => dir, kind, (root) => {
      const file = root.openFile('f', { read: true, write: true })
      file.write(0, new Uint8Array([1]))
      const changed = file.stat().modifiedMs
      time += 1000
      expect([file.stat().modifiedMs, root.lookup('f')?.modifiedMs]).toEqual([changed, changed])
      file.close()
    }, () => time)
  })

  it('times a guest chose are shown again, each on its own, until what they belong to is written', async () => {
    await within((dir) => dir, kind, (root) => {
      const file = root.openFile('f', { read: true, write: true })
      const shown = (): readonly number[] => [file.stat().accessedMs, file.stat().modifiedMs]
      expect(shown()).toEqual([NOW, NOW])
      file.setTimes({ accessedMs: 1_000_001 })
      expect(shown()).toEqual([1_000_001, NOW])
      root.setTimes('f', { modifiedMs: NOW * 1000 })
      expect(shown()).toEqual([1_000_001, NOW * 1000])
      expect(root.lookup('f')).toEqual(file.stat())
      file.write(0, new Uint8Array([1]))
      expect(shown()).toEqual([NOW, NOW])
      file.close()
    })
  })
})
