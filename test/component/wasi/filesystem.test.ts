import { describe, expect, it } from 'vitest'
import { memoryDir } from '../../../capabilities/fs/index.js'
import type { Descriptor } from '../../../src/component/wasi/filesystem-descriptor.js'
import type { DescriptorFlags, OpenFlags } from '../../../src/component/wasi/filesystem-paths.js'
import { openDescriptors } from '../../capabilities/fs/temporary.js'
import { payloadOf } from './fake-port.js'
import { Guest, KINDS } from './filesystem-kinds.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (data: Uint8Array): string => new TextDecoder().decode(data)
const FOLLOW = { symlinkFollow: true }
const R: DescriptorFlags = { read: true }
const W: DescriptorFlags = { write: true }
const RW: DescriptorFlags = { read: true, write: true }
const NOW = { tag: 'now' } as const
const KEEP = { tag: 'no-change' } as const
const at = (seconds: bigint, nanoseconds = 0) => ({ tag: 'timestamp', val: { seconds, nanoseconds } }) as const

/** The same behaviour whatever lies below: each case gets an empty mount at `/m` and another at `/n`. */
describe.each(Object.entries(KINDS))('wasi:filesystem on %s', (_, kind) => {
  const test = (title: string, act: (guest: Guest) => void): void => {
    it(title, async () => {
      const before = openDescriptors()
      {
        using dir = await kind.open()
        using other = memoryDir()
        using guest = new Guest({ '/m': dir, '/n': other })
        act(guest)
        guest.port.settle()
        expect(guest.port.resources).toBe(0)
      }
      expect(openDescriptors()).toBe(before)
    })
  }

  test('preopens come in the order they were granted, with their rights', (guest) => {
    expect([...guest.mounts.keys()]).toEqual(['/m', '/n'])
    expect(guest.m.getType()).toBe('directory')
    expect(guest.m.getFlags()).toEqual({ read: true, mutateDirectory: true })
  })

  /** Every combination of open flags on each sort of node: `open` alone, then with read, with write. */
  const SORTS = ['none', 'file', 'dir', 'link to file', 'link to dir', 'dangling'] as const
  const FLAGS: readonly (readonly [string, OpenFlags, DescriptorFlags, boolean, readonly string[]])[] = [
    //                                                     none         file       dir              link to file  link to dir      dangling
    ['read', {}, R, true, /*                         */ ['no-entry', 'file', 'directory', 'file', 'directory', 'no-entry']],
    ['read, no follow', {}, R, false, /*             */ ['no-entry', 'file', 'directory', 'loop', 'loop', 'loop']],
    ['nothing', {}, {}, true, /*                     */ ['no-entry', 'file', 'directory', 'file', 'directory', 'no-entry']],
    ['write', {}, W, true, /*                        */ ['no-entry', 'file', 'is-directory', 'file', 'is-directory', 'no-entry']],
    ['read and write', {}, RW, true, /*              */ ['no-entry', 'file', 'is-directory', 'file', 'is-directory', 'no-entry']],
    ['directory', { directory: true }, R, true, /*   */ ['no-entry', 'not-directory', 'directory', 'not-directory', 'directory', 'no-entry']],
    ['directory, no follow', { directory: true }, R, false, ['no-entry', 'not-directory', 'directory', 'loop', 'loop', 'loop']],
    ['directory to write', { directory: true }, W, true, ['no-entry', 'not-directory', 'is-directory', 'not-directory', 'is-directory', 'no-entry']],
    ['create', { create: true }, RW, true, /*        */ ['file', 'file', 'is-directory', 'file', 'is-directory', 'file']],
    ['create to read', { create: true }, R, true, /* */ ['file', 'file', 'is-directory', 'file', 'is-directory', 'file']],
    ['create, no follow', { create: true }, RW, false, ['file', 'file', 'is-directory', 'loop', 'loop', 'loop']],
    ['create exclusively', { create: true, exclusive: true }, RW, true, ['file', 'exist', 'exist', 'exist', 'exist', 'exist']],
    ['truncate', { truncate: true }, RW, true, /*    */ ['no-entry', 'empty', 'is-directory', 'empty', 'is-directory', 'no-entry']],
    ['truncate to read', { truncate: true }, R, true, ['no-entry', 'empty', 'is-directory', 'empty', 'is-directory', 'no-entry']],
    ['create and truncate', { create: true, truncate: true }, W, true, ['empty', 'empty', 'is-directory', 'empty', 'is-directory', 'empty']],
    ['create a directory', { create: true, directory: true }, R, true, Array(6).fill('invalid') as string[]],
    ['truncate a directory', { truncate: true, directory: true }, R, true, Array(6).fill('invalid') as string[]],
    ['a directory exclusively', { exclusive: true, directory: true }, R, true, Array(6).fill('invalid') as string[]],
    ['mutate', {}, { read: true, mutateDirectory: true }, true, ['no-entry', 'file', 'directory', 'file', 'directory', 'no-entry']],
    ['synchronised', {}, { read: true, fileIntegritySync: true, dataIntegritySync: true, requestedWriteSync: true }, true, ['no-entry', 'file', 'directory', 'file', 'directory', 'no-entry']],
  ]

  test('open-at() with every combination of flags on every sort of node', (guest) => {
    for (const [title, open, flags, follow, expected] of FLAGS) {
      const found = SORTS.map((sort) => {
        const dir = `${title} ${sort}`
        guest.m.createDirectoryAt(dir)
        guest.put(`${dir}/file`, 'contents')
        guest.m.createDirectoryAt(`${dir}/dir`)
        const base = guest.open(dir)
        base.symlinkAt('file', 'link to file')
        base.symlinkAt('dir', 'link to dir')
        base.symlinkAt('nowhere', 'dangling')
        let opened: Descriptor | undefined
        const failed = payloadOf(() => (opened = base.openAt({ symlinkFollow: follow }, sort, open, flags)))
        base[Symbol.dispose]()
        if (!opened) return failed
        const kindOf = opened.getType() === 'directory' ? 'directory' : opened.stat().size === 0n && open.truncate ? 'empty' : 'file'
        if (kindOf !== 'directory') expect([title, opened.getFlags()]).toEqual([title, { ...flags, mutateDirectory: false }])
        opened[Symbol.dispose]()
        return kindOf
      })
      expect([title, found]).toEqual([title, expected])
    }
  })

  test('a file keeps to the rights it was opened with', (guest) => {
    guest.put('f', 'abc')
    const reading = guest.open('f', {}, R)
    const writing = guest.open('f', {}, W)
    const neither = guest.open('f', {}, {})
    for (const file of [reading, neither]) {
      expect(payloadOf(() => file.write(bytes('x'), 0n))).toBe('bad-descriptor')
      expect(payloadOf(() => file.writeViaStream(0n))).toBe('bad-descriptor')
      expect(payloadOf(() => file.appendViaStream())).toBe('bad-descriptor')
      expect(payloadOf(() => file.setSize(0n))).toBe('bad-descriptor')
    }
    for (const file of [writing, neither]) {
      expect(payloadOf(() => file.read(1n, 0n))).toBe('bad-descriptor')
      expect(payloadOf(() => file.readViaStream(0n))).toBe('bad-descriptor')
    }
    expect(writing.write(bytes('B'), 1n)).toBe(1n)
    expect(text(reading.read(9n, 0n)[0])).toBe('aBc')
    expect(neither.stat().size).toBe(3n)
  })

  test('truncating on opening takes no right to write afterwards', (guest) => {
    guest.put('f', 'abc')
    const file = guest.open('f', { truncate: true }, R)
    expect(file.stat().size).toBe(0n)
    expect(payloadOf(() => file.write(bytes('x'), 0n))).toBe('bad-descriptor')
    expect(guest.text('f')).toBe('')
  })

  test('read() and write() take offsets, leave holes of zeroes and tell the end', (guest) => {
    const file = guest.open('f', { create: true }, RW)
    expect(file.write(bytes('world'), 6n)).toBe(5n)
    expect(file.write(bytes('hello'), 0n)).toBe(5n)
    expect(file.read(100n, 0n)).toEqual([bytes('hello\0world'), true])
    expect(file.read(5n, 0n)).toEqual([bytes('hello'), false])
    expect(file.read(5n, 6n)[0]).toEqual(bytes('world'))
    expect(file.read(5n, 9n)).toEqual([bytes('ld'), true])
    expect(file.read(5n, 11n)).toEqual([new Uint8Array(0), true])
    expect(file.read(5n, 2n ** 40n)).toEqual([new Uint8Array(0), true])
    expect(file.read(0n, 0n)).toEqual([new Uint8Array(0), false])
    expect(file.write(new Uint8Array(0), 3n)).toBe(0n)
    file.setSize(3n)
    expect(file.read(2n ** 63n, 0n)).toEqual([bytes('hel'), true])
    file.setSize(5n)
    expect(file.read(9n, 0n)).toEqual([bytes('hel\0\0'), true])
  })

  test('lengths and offsets beyond all reason fail with a code, and allocate nothing', (guest) => {
    guest.put('f', 'abc')
    const file = guest.open('f', {}, RW)
    for (const huge of [2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(file.read(huge, 0n)).toEqual([bytes('abc'), true])
      expect(payloadOf(() => file.read(1n, huge))).toBe('invalid')
      expect(payloadOf(() => file.readViaStream(huge))).toBe('invalid')
      expect(payloadOf(() => file.write(bytes('x'), huge))).toBe('file-too-large')
      expect(payloadOf(() => file.writeViaStream(huge))).toBe('file-too-large')
      expect(payloadOf(() => file.setSize(huge))).toBe('file-too-large')
      file.advise(huge, huge, 'will-need')
    }
    expect(payloadOf(() => file.write(bytes('x'), 2n ** 50n))).toBe('insufficient-space')
    expect(payloadOf(() => file.setSize(2n ** 50n))).toBe('insufficient-space')
    expect(file.stat().size).toBe(3n)
  })

  test('streams read and write from their offsets, apart from each other, and append at the end', (guest) => {
    const file = guest.open('f', { create: true }, RW)
    const one = file.writeViaStream(0n)
    one.checkWrite()
    one.write(bytes('abc'))
    one.blockingWriteAndFlush(bytes('def'))
    const end = file.appendViaStream()
    end.blockingWriteAndFlush(bytes('ghi'))
    const two = file.writeViaStream(1n)
    two.blockingWriteAndFlush(bytes('B'))
    one.blockingWriteZeroesAndFlush(1n)
    expect(guest.text('f')).toBe('aBcdef\0hi')
    end.blockingWriteAndFlush(bytes('j'))
    const [reading, later] = [file.readViaStream(0n), file.readViaStream(8n)]
    expect(text(reading.read(2n))).toBe('aB')
    expect(reading.skip(2n)).toBe(2n)
    expect(text(later.blockingRead(100n) as Uint8Array)).toBe('ij')
    expect(payloadOf(() => later.read(1n))).toEqual({ tag: 'closed' })
    expect(payloadOf(() => file.readViaStream(99n).read(1n))).toEqual({ tag: 'closed' })
    const pollable = reading.subscribe()
    expect(pollable.ready()).toBe(true)
    const copy = guest.open('copy', { create: true }, RW).writeViaStream(0n)
    expect(copy.splice(reading, 100n)).toBe(6n)
    expect(guest.text('copy')).toBe('ef\0hij')
  })

  test('a stream outlives its descriptor and what the file was called', (guest) => {
    guest.put('f', 'still here')
    const file = guest.open('f', {}, RW)
    const reading = file.readViaStream(0n)
    const writing = file.writeViaStream(0n)
    file[Symbol.dispose]()
    guest.m.unlinkFileAt('f')
    writing.blockingWriteAndFlush(bytes('STILL'))
    expect(guest.drain(reading)).toBe('STILL here')
  })

  test('a full directory fails the stream, and filesystem-error-code() says why', (guest) => {
    const file = guest.open('f', { create: true }, RW)
    const stream = file.writeViaStream(2n ** 52n)
    stream.checkWrite()
    const payload = payloadOf(() => stream.write(bytes('x'))) as { tag: string; val: never }
    expect(payload.tag).toBe('last-operation-failed')
    const { filesystemErrorCode } = guest.imports['wasi:filesystem/types'] as { filesystemErrorCode: (error: never) => unknown }
    expect(filesystemErrorCode(payload.val)).toMatch(/^(insufficient-space|file-too-large)$/)
    expect(payloadOf(() => stream.checkWrite())).toEqual({ tag: 'closed' })
  })

  test('files are no directories, directories no files', (guest) => {
    guest.put('f', '')
    const [file, dir] = [guest.open('f', {}, RW), guest.m]
    const onFile: readonly (() => unknown)[] = [
      () => file.readDirectory(), () => file.createDirectoryAt('x'), () => file.statAt({}, 'x'), () => file.setTimesAt({}, 'x', NOW, NOW),
      () => file.linkAt({}, 'x', dir, 'y'), () => dir.linkAt({}, 'f', file, 'y'), () => file.openAt({}, 'x', {}, R), () => file.readlinkAt('x'),
      () => file.removeDirectoryAt('x'), () => file.renameAt('x', dir, 'y'), () => dir.renameAt('f', file, 'y'), () => file.symlinkAt('x', 'y'),
      () => file.unlinkFileAt('x'), () => file.metadataHashAt({}, 'x'),
    ]
    for (const act of onFile) expect([String(act), payloadOf(act)]).toEqual([String(act), 'not-directory'])
    for (const act of [() => dir.read(1n, 0n), () => dir.readViaStream(0n)]) expect(payloadOf(act)).toBe('is-directory')
    for (const act of [() => dir.write(bytes(''), 0n), () => dir.writeViaStream(0n), () => dir.appendViaStream(), () => dir.setSize(0n), () => dir.advise(0n, 0n, 'normal')]) {
      expect(payloadOf(act)).toBe('bad-descriptor')
    }
    for (const node of [file, dir]) {
      node.sync()
      node.syncData()
    }
  })

  test('read-directory() lists what is there, in order, each stream from the beginning', (guest) => {
    guest.put('b', '')
    guest.m.createDirectoryAt('c')
    guest.m.symlinkAt('b', 'a')
    guest.put('Ü', '')
    expect(guest.names()).toEqual(['a symbolic-link', 'b regular-file', 'c directory', 'Ü regular-file'])
    const stream = guest.m.readDirectory()
    expect(stream.readDirectoryEntry()).toEqual({ name: 'a', type: 'symbolic-link' })
    guest.m.unlinkFileAt('b')
    guest.put('d', '')
    expect(stream.readDirectoryEntry()).toEqual({ name: 'b', type: 'regular-file' })
    for (let i = 0; i < 2; i++) stream.readDirectoryEntry()
    for (let i = 0; i < 3; i++) expect(stream.readDirectoryEntry()).toBeUndefined()
    expect(guest.names()).toEqual(['a symbolic-link', 'c directory', 'd regular-file', 'Ü regular-file'])
    expect(guest.names(guest.open('c'))).toEqual([])
  })

  test('names are made and removed as POSIX says', (guest) => {
    const { m } = guest
    m.createDirectoryAt('d')
    m.createDirectoryAt('d/e/')
    guest.put('d/e/f', '1')
    expect(payloadOf(() => m.createDirectoryAt('d'))).toBe('exist')
    expect(payloadOf(() => m.createDirectoryAt('.'))).toBe('exist')
    expect(payloadOf(() => m.createDirectoryAt('none/x'))).toBe('no-entry')
    expect(payloadOf(() => m.createDirectoryAt('d/e/f'))).toBe('exist')
    expect(payloadOf(() => m.createDirectoryAt('d/e/f/x'))).toBe('not-directory')
    expect(payloadOf(() => m.removeDirectoryAt('d'))).toBe('not-empty')
    expect(payloadOf(() => m.removeDirectoryAt('d/e/f'))).toBe('not-directory')
    expect(payloadOf(() => m.removeDirectoryAt('none'))).toBe('no-entry')
    expect(payloadOf(() => m.removeDirectoryAt('.'))).toBe('invalid')
    expect(payloadOf(() => m.unlinkFileAt('d'))).toBe('is-directory')
    expect(payloadOf(() => m.unlinkFileAt('d/'))).toBe('is-directory')
    expect(payloadOf(() => m.unlinkFileAt('.'))).toBe('is-directory')
    expect(payloadOf(() => m.unlinkFileAt('d/e/f/'))).toBe('not-directory')
    expect(payloadOf(() => m.unlinkFileAt('none'))).toBe('no-entry')
    expect(payloadOf(() => m.unlinkFileAt('none/'))).toBe('no-entry')
    m.unlinkFileAt('d/e/f')
    m.removeDirectoryAt('d/e/')
    m.removeDirectoryAt('d')
    expect(guest.names()).toEqual([])
  })

  test('rename-at() follows POSIX, between descriptors too', (guest) => {
    const { m } = guest
    m.createDirectoryAt('d')
    m.createDirectoryAt('d/e')
    guest.put('f', 'f')
    guest.put('g', 'g')
    m.renameAt('f', m, 'g')
    expect(guest.text('g')).toBe('f')
    m.renameAt('g', m, 'g')
    const d = guest.open('d')
    m.renameAt('g', d, 'h')
    expect(guest.text('d/h')).toBe('f')
    d.renameAt('h', guest.open('d'), 'i')
    d.renameAt('i', m, 'g')
    expect(payloadOf(() => m.renameAt('g', m, 'd'))).toBe('is-directory')
    expect(payloadOf(() => m.renameAt('d', m, 'g'))).toBe('not-directory')
    expect(payloadOf(() => m.renameAt('d', m, 'd/e/x'))).toBe('invalid')
    expect(payloadOf(() => m.renameAt('none', m, 'x'))).toBe('no-entry')
    expect(payloadOf(() => m.renameAt('g', m, 'none/x'))).toBe('no-entry')
    expect(payloadOf(() => m.renameAt('g', m, 'x/'))).toBe('not-directory')
    expect(payloadOf(() => m.renameAt('.', m, 'x'))).toBe('busy')
    expect(payloadOf(() => m.renameAt('d', m, '.'))).toBe('busy')
    m.createDirectoryAt('empty')
    m.renameAt('d/', m, 'empty/')
    expect(guest.names()).toEqual(['empty directory', 'g regular-file'])
    // An open directory stays what it is, however it is called.
    guest.put('empty/k', 'k')
    expect(guest.names(d)).toEqual(['e directory', 'k regular-file'])
  })

  test('nothing is renamed or linked from one mount to another', (guest) => {
    guest.put('f', '')
    const n = guest.mount('/n')
    expect(payloadOf(() => guest.m.renameAt('f', n, 'f'))).toBe('cross-device')
    expect(payloadOf(() => guest.m.linkAt({}, 'f', n, 'f'))).toBe('cross-device')
    expect(payloadOf(() => n.renameAt('none', guest.m, 'f'))).toBe('cross-device')
    expect(guest.port.calls.at(-1)).toMatchObject({ operation: 'fs.rename', target: '/n/none -> /m/f', decision: 'allowed', reason: 'EXDEV' })
  })

  test('link-at() gives a file another name where the mount takes hard links', (guest) => {
    const { m } = guest
    guest.put('f', 'one')
    m.createDirectoryAt('d')
    if (!kind.hardlinks) return expect(payloadOf(() => m.linkAt({}, 'f', m, 'g'))).toBe('not-permitted')
    m.linkAt({}, 'f', guest.open('d'), 'g')
    expect(guest.text('d/g')).toBe('one')
    expect(guest.open('f').isSameObject(guest.open('d/g'))).toBe(true)
    expect(guest.open('f').stat().linkCount).toBe(2n)
    m.symlinkAt('nowhere', 'l')
    m.linkAt({}, 'l', m, 'k')
    m.unlinkFileAt('l')
    expect([m.readlinkAt('k'), m.statAt({}, 'k').linkCount]).toEqual(['nowhere', 1n])
    expect(payloadOf(() => m.linkAt({}, 'f', m, 'd'))).toBe('exist')
    expect(payloadOf(() => m.linkAt({}, 'd', m, 'e'))).toBe('not-permitted')
    expect(payloadOf(() => m.linkAt({}, 'none', m, 'e'))).toBe('no-entry')
    expect(payloadOf(() => m.linkAt({}, 'f/', m, 'e'))).toBe('not-directory')
    expect(payloadOf(() => m.linkAt({}, 'f', m, 'e/'))).toBe('no-entry')
    expect(payloadOf(() => m.linkAt(FOLLOW, 'f', m, 'e'))).toBe('invalid')
  })

  test('symbolic links are made, read and followed', (guest) => {
    const { m } = guest
    m.createDirectoryAt('d')
    guest.put('d/f', 'found')
    m.symlinkAt('d/f', 'l')
    m.symlinkAt('d', 'dl')
    m.symlinkAt('later', 'dangling')
    expect(m.readlinkAt('l')).toBe('d/f')
    expect(guest.text('l')).toBe('found')
    expect(guest.text('dl/f')).toBe('found')
    expect(m.statAt({}, 'l')).toMatchObject({ type: 'symbolic-link', size: 3n })
    expect(m.statAt(FOLLOW, 'l')).toMatchObject({ type: 'regular-file', size: 5n })
    expect(m.statAt({}, 'dl/')).toMatchObject({ type: 'directory' })
    expect(payloadOf(() => m.statAt(FOLLOW, 'dangling'))).toBe('no-entry')
    expect(payloadOf(() => m.readlinkAt('d/f'))).toBe('invalid')
    expect(payloadOf(() => m.readlinkAt('.'))).toBe('invalid')
    expect(payloadOf(() => m.readlinkAt('none'))).toBe('no-entry')
    expect(payloadOf(() => m.symlinkAt('x', 'l'))).toBe('exist')
    expect(payloadOf(() => m.symlinkAt('x', 'd/'))).toBe('exist')
    expect(payloadOf(() => m.symlinkAt('x', 'new/'))).toBe('no-entry')
    expect(payloadOf(() => m.symlinkAt('x', '.'))).toBe('exist')
    expect(payloadOf(() => m.symlinkAt('/etc/passwd', 'abs'))).toBe('not-permitted')
    guest.put('dangling', 'made')
    expect(guest.text('later')).toBe('made')
    m.unlinkFileAt('l')
    expect(guest.text('d/f')).toBe('found')
  })

  test('links that lead round in circles end', (guest) => {
    const { m } = guest
    m.symlinkAt('b', 'a')
    m.symlinkAt('a', 'b')
    m.symlinkAt('self/x', 'self')
    for (const path of ['a', 'b/', 'self', 'a/x']) {
      expect(payloadOf(() => m.openAt(FOLLOW, path, {}, R))).toBe('loop')
      expect(payloadOf(() => m.statAt(FOLLOW, path))).toBe('loop')
      expect(payloadOf(() => m.metadataHashAt(FOLLOW, path))).toBe('loop')
    }
    expect(m.statAt({}, 'a').type).toBe('symbolic-link')
  })

  test('set-times() and set-times-at() set what they say and nothing else', (guest) => {
    const { m } = guest
    guest.put('f', 'x')
    m.symlinkAt('f', 'l')
    m.createDirectoryAt('d')
    const file = guest.open('f')
    const times = (node: Descriptor): readonly unknown[] => [node.stat().dataAccessTimestamp, node.stat().dataModificationTimestamp]
    const started = { seconds: 946_684_800n, nanoseconds: 0 }
    file.setTimes(at(5n, 500_000_000), KEEP)
    expect(times(file)).toEqual([{ seconds: 5n, nanoseconds: 500_000_000 }, started])
    file.setTimes(KEEP, at(1_999_999_999n, 1_000_000))
    expect(times(file)).toEqual([{ seconds: 5n, nanoseconds: 500_000_000 }, { seconds: 1_999_999_999n, nanoseconds: 1_000_000 }])
    file.setTimes(NOW, NOW)
    expect(times(file)).toEqual([started, started])
    m.setTimesAt(FOLLOW, 'l', at(1n), at(2n))
    expect(times(file)).toEqual([{ seconds: 1n, nanoseconds: 0 }, { seconds: 2n, nanoseconds: 0 }])
    m.setTimesAt({}, 'l', at(3n), at(4n))
    expect(times(file)).toEqual([{ seconds: 1n, nanoseconds: 0 }, { seconds: 2n, nanoseconds: 0 }])
    expect(m.statAt({}, 'l').dataModificationTimestamp).toEqual({ seconds: 4n, nanoseconds: 0 })
    const dir = guest.open('d')
    dir.setTimes(at(7n), at(8n))
    expect(times(dir)).toEqual([{ seconds: 7n, nanoseconds: 0 }, { seconds: 8n, nanoseconds: 0 }])
    m.setTimesAt({}, 'd/', at(9n), KEEP)
    dir.setTimesAt({}, '.', KEEP, at(10n))
    expect(times(dir)).toEqual([{ seconds: 9n, nanoseconds: 0 }, { seconds: 10n, nanoseconds: 0 }])
    file.setTimes(at(1_795_387_119n, 861_999_901), KEEP)
    m.setTimesAt({}, 'f', KEEP, at(1_795_387_119n, 1))
    expect(times(file)).toEqual([{ seconds: 1_795_387_119n, nanoseconds: 861_999_901 }, { seconds: 1_795_387_119n, nanoseconds: 1 }])
    expect(m.statAt({}, 'f')).toEqual(file.stat())
    guest.open('f', {}, W).write(bytes('y'), 0n)
    expect(times(file)).toEqual([started, started])
    expect(payloadOf(() => m.setTimesAt({}, 'none', NOW, NOW))).toBe('no-entry')
    expect(payloadOf(() => m.setTimesAt({}, 'f/', NOW, NOW))).toBe('not-directory')
    expect(payloadOf(() => file.setTimes(at(1n, 1_000_000_000), KEEP))).toBe('invalid')
    expect(payloadOf(() => file.setTimes(KEEP, at(2n ** 64n - 1n)))).toBe('overflow')
  })

  test('stat tells type, size, links and times of the call, and nothing of the host', (guest) => {
    guest.put('f', 'four')
    const started = { seconds: 946_684_800n, nanoseconds: 0 }
    const expected = { type: 'regular-file', linkCount: 1n, size: 4n, dataAccessTimestamp: started, dataModificationTimestamp: started, statusChangeTimestamp: undefined }
    expect(guest.open('f').stat()).toEqual(expected)
    expect(guest.m.statAt({}, 'f')).toEqual(expected)
    expect(guest.m.stat()).toMatchObject({ type: 'directory', linkCount: 1n, size: 0n })
    expect(guest.m.statAt({}, '.')).toMatchObject({ type: 'directory' })
  })

  test('is-same-object() and metadata-hash() tell nodes apart, whatever they are called', (guest) => {
    const { m } = guest
    guest.put('f', 'x')
    guest.put('g', 'x')
    m.symlinkAt('f', 'l')
    const [f, again, g] = [guest.open('f'), guest.open('l'), guest.open('g')]
    expect([f.isSameObject(again), f.isSameObject(g), m.isSameObject(guest.open('.')), m.isSameObject(f)]).toEqual([true, false, true, false])
    expect(m.isSameObject(guest.mount('/n'))).toBe(false)
    const hash = f.metadataHash()
    expect(again.metadataHash()).toEqual(hash)
    expect(m.metadataHashAt({}, 'f')).toEqual(hash)
    expect(m.metadataHashAt(FOLLOW, 'l')).toEqual(hash)
    const hashes = [hash, g.metadataHash(), m.metadataHash(), m.metadataHashAt({}, 'l')]
    expect(new Set(hashes.flatMap(({ lower, upper }) => [lower, upper])).size).toBe(8)
    m.renameAt('f', m, 'h')
    expect(m.metadataHashAt({}, 'h')).toEqual(hash)
    guest.open('h', {}, RW).setSize(9n)
    expect(f.metadataHash().lower).toBe(hash.lower)
    expect(f.metadataHash().upper).not.toBe(hash.upper)
    expect(payloadOf(() => m.metadataHashAt({}, 'none'))).toBe('no-entry')
  })

  test('every act is one host call, under the name and target that the other guests\' acts have', (guest) => {
    const { m } = guest
    const ACTS: readonly (readonly [string, string, () => unknown])[] = [
      ['fs.mkdir', '/m/d', () => m.createDirectoryAt('d')],
      ['fs.open', '/m/d/f', () => m.openAt({}, 'd/../d/f', { create: true }, RW)],
      ['fs.stat', '/m/d/f', () => m.statAt({}, './d//f')],
      ['fs.stat', '/m/d/f', () => m.metadataHashAt({}, 'd/f')],
      ['fs.utimes', '/m/d/f', () => m.setTimesAt({}, 'd/f', NOW, NOW)],
      ['fs.symlink', '/m/l', () => m.symlinkAt('d/f', 'l')],
      ['fs.readlink', '/m/l', () => m.readlinkAt('l')],
      ['fs.rename', '/m/l -> /m/k', () => m.renameAt('l', m, 'k')],
      ['fs.unlink', '/m/k', () => m.unlinkFileAt('k')],
      ['fs.readdir', '/m', () => m.readDirectory().readDirectoryEntry()],
      ['fs.mkdir', '/m/e', () => m.createDirectoryAt('e')],
      ['fs.rmdir', '/m/e', () => m.removeDirectoryAt('e')],
      ['fs.fstat', '/m', () => m.stat()],
      ['fs.fstat', '/m', () => m.metadataHash()],
      ['fs.futimes', '/m', () => m.setTimes(NOW, NOW)],
      ['fs.fsync', '/m', () => m.sync()],
    ]
    for (const [operation, target, act] of ACTS) {
      guest.port.calls.length = 0
      act()
      expect(guest.port.calls.map((call) => [call.operation, call.target, call.decision])).toEqual([[operation, target, 'allowed']])
    }
    const file = guest.open('d/f', {}, RW)
    const ON_FILE: readonly (readonly [string, number, number, () => unknown])[] = [
      ['fs.write', 0, 3, () => file.write(bytes('abc'), 0n)],
      ['fs.read', 2, 0, () => file.read(2n, 0n)],
      ['fs.read', 2, 0, () => file.readViaStream(1n).read(9n)],
      ['fs.write', 0, 2, () => file.writeViaStream(0n).blockingWriteAndFlush(bytes('xy'))],
      ['fs.ftruncate', 0, 0, () => file.setSize(1n)],
    ]
    for (const [operation, into, out, act] of ON_FILE) {
      guest.port.calls.length = 0
      act()
      expect(guest.port.calls).toMatchObject([{ operation, target: '/m/d/f', in: into, out }])
    }
    expect(guest.port.calls.at(-1)?.sources).toEqual([])
    file.read(1n, 0n)
    expect(guest.port.calls.at(-1)?.sources).toEqual(['fs:/m'])
  })

  test('questions about a handle alone are no host calls', (guest) => {
    guest.put('f', '')
    const file = guest.open('f')
    guest.port.calls.length = 0
    file.getFlags()
    file.getType()
    file.isSameObject(guest.m)
    file.advise(0n, 0n, 'random')
    file.readViaStream(0n).subscribe().ready()
    expect(guest.port.calls).toEqual([])
  })
})
