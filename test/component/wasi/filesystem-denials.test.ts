import { linkSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { appendOnly, copyOnWrite, limited, memoryDir, noDelete, readOnly, subdir } from '../../../capabilities/fs/index.js'
import type { Dir } from '../../../capabilities/fs/index.js'
import { openDir } from '../../../capabilities/fs/node.js'
import { Descriptor } from '../../../src/component/wasi/filesystem-descriptor.js'
import { DirectoryEntryStream } from '../../../src/component/wasi/filesystem-entries.js'
import { IoError } from '../../../src/component/wasi/io-error.js'
import { openDescriptors, temporary } from '../../capabilities/fs/temporary.js'
import { payloadOf } from './fake-port.js'
import { Guest } from './filesystem-kinds.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const FOLLOW = { symlinkFollow: true }
const RW = { read: true, write: true }
const NOW = { tag: 'now' } as const
const FILES = { 'f': 'old', 'g': 'other', 'd/e': 'deep', 'empty': '' }

type Act = (guest: Guest) => unknown

/** Writes through a stream; what fails it is told by its error resource. */
function streamed(guest: Guest, act: () => unknown): unknown {
  const payload = payloadOf(act)
  if (payload === null || typeof payload !== 'object' || !('val' in payload)) return payload
  const { filesystemErrorCode } = guest.imports['wasi:filesystem/types'] as { filesystemErrorCode: (error: unknown) => unknown }
  return filesystemErrorCode(payload.val)
}

/** Every way to change something through WASI, and two to look. */
const ACTS: Readonly<Record<string, Act>> = {
  'read': (guest) => payloadOf(() => guest.text('f')),
  'list': (guest) => payloadOf(() => guest.names()),
  'create a file': (guest) => payloadOf(() => guest.open('new', { create: true }, RW)),
  'create a file to read': (guest) => payloadOf(() => guest.open('new', { create: true })),
  'create exclusively': (guest) => payloadOf(() => guest.open('new', { create: true, exclusive: true }, RW)),
  'create-directory-at': (guest) => payloadOf(() => guest.m.createDirectoryAt('new')),
  'symlink-at': (guest) => payloadOf(() => guest.m.symlinkAt('f', 'new')),
  'link-at': (guest) => payloadOf(() => guest.m.linkAt({}, 'f', guest.m, 'new')),
  'open to write': (guest) => payloadOf(() => guest.open('f', {}, { write: true })),
  'append-via-stream': (guest) => payloadOf(() => guest.open('f', {}, RW)) === 'nothing thrown'
    ? streamed(guest, () => guest.open('f', {}, RW).appendViaStream().blockingWriteAndFlush(bytes('x'))) : 'closed to writing',
  'write at the end': (guest) => payloadOf(() => guest.open('f', {}, RW).write(bytes('x'), 3n)),
  'write over the start': (guest) => payloadOf(() => guest.open('f', {}, RW).write(bytes('X'), 0n)),
  'write-via-stream over the start': (guest) => streamed(guest, () => guest.open('f', {}, RW).writeViaStream(0n).blockingWriteAndFlush(bytes('X'))),
  'truncate on opening': (guest) => payloadOf(() => guest.open('f', { truncate: true }, RW)),
  'truncate on opening to read': (guest) => payloadOf(() => guest.open('f', { truncate: true })),
  'create and truncate what is there': (guest) => payloadOf(() => guest.open('f', { create: true, truncate: true }, RW)),
  'set-size to shrink': (guest) => payloadOf(() => guest.open('f', {}, RW).setSize(1n)),
  'set-size to grow': (guest) => payloadOf(() => guest.open('f', {}, RW).setSize(9n)),
  'unlink-file-at': (guest) => payloadOf(() => guest.m.unlinkFileAt('f')),
  'unlink-file-at what is missing': (guest) => payloadOf(() => guest.m.unlinkFileAt('none')),
  'remove-directory-at': (guest) => payloadOf(() => guest.m.removeDirectoryAt('void')),
  'rename away': (guest) => payloadOf(() => guest.m.renameAt('f', guest.m, 'new')),
  'rename over': (guest) => payloadOf(() => guest.m.renameAt('f', guest.m, 'g')),
  'rename a directory': (guest) => payloadOf(() => guest.m.renameAt('d', guest.m, 'new')),
  'set-times of a file': (guest) => payloadOf(() => guest.open('f').setTimes(NOW, NOW)),
  'set-times of a directory': (guest) => payloadOf(() => guest.open('d').setTimes(NOW, NOW)),
  'set-times-at': (guest) => payloadOf(() => guest.m.setTimesAt({}, 'f', NOW, NOW)),
  'open a directory to mutate it': (guest) => payloadOf(() => guest.open('d', { directory: true }, { read: true, mutateDirectory: true })),
}

const READS = ['read', 'list']
const ADDS = [
  ...READS, 'create a file', 'create a file to read', 'create exclusively', 'create-directory-at', 'symlink-at', 'link-at', 'open to write',
  'append-via-stream', 'write at the end', 'open a directory to mutate it',
]
const KEEPS = [...ADDS, 'write over the start', 'write-via-stream over the start', 'set-times of a file', 'set-times of a directory', 'set-times-at']
const MISSING = { 'unlink-file-at what is missing': 'no-entry' }

/** What each mode lets through; all else fails as `refusal`, whether or not the thing exists. */
const MODES: Readonly<Record<string, { readonly make: (dir: Dir) => Dir; readonly passes: readonly string[]; readonly refusal: string }>> = {
  'memoryDir()': { make: (dir) => dir, passes: Object.keys(ACTS), refusal: 'none' },
  'readOnly()': { make: readOnly, passes: READS, refusal: 'read-only' },
  'noDelete()': { make: noDelete, passes: KEEPS, refusal: 'not-permitted' },
  'appendOnly()': { make: appendOnly, passes: ADDS, refusal: 'not-permitted' },
  'limited(noDelete())': { make: (dir) => limited(noDelete(dir), {}), passes: KEEPS, refusal: 'not-permitted' },
  'readOnly(appendOnly())': { make: (dir) => readOnly(appendOnly(dir)), passes: READS, refusal: 'read-only' },
  'appendOnly(readOnly())': { make: (dir) => appendOnly(readOnly(dir)), passes: READS, refusal: '(?:read-only|not-permitted)' },
  'copyOnWrite(readOnly())': { make: (dir) => copyOnWrite(readOnly(dir)), passes: Object.keys(ACTS), refusal: 'none' },
}

describe('modes of a mount', () => {
  it.each(Object.entries(MODES))('%s: every act passes or is refused with its code, and on record', (_, { make, passes, refusal }) => {
    for (const [title, act] of Object.entries(ACTS)) {
      const base = memoryDir({ files: { ...FILES, 'void/x': '' } })
      using setup = new Guest({ '/m': base })
      setup.m.unlinkFileAt('void/x')
      setup.port.settle()
      using guest = new Guest({ '/m': make(base) })
      const before = guest.port.calls.length
      const outcome = act(guest)
      if (passes.includes(title)) {
        const expected = (MISSING as Record<string, string>)[title] ?? (title === 'link-at' && _.startsWith('copyOnWrite') ? 'unsupported' : 'nothing thrown')
        expect([title, outcome]).toEqual([title, expected])
        continue
      }
      expect(`${title}: ${String(outcome)}`).toMatch(new RegExp(`: ${title === 'append-via-stream' ? 'closed to writing' : refusal}$`))
      const denials = guest.port.calls.slice(before).filter(({ decision }) => decision === 'denied')
      expect([title, denials.length]).toEqual([title, 1])
      expect(denials[0]?.reason).toMatch(/^mount "\/m" /)
      expect(denials[0]?.target).toMatch(/^\/m(\/|$)/)
      expect([base.readFile('f'), base.readFile('g')]).toEqual([bytes('old'), bytes('other')])
    }
  })

  it('get-flags tells what a mount permits', () => {
    using guest = new Guest({ '/r': readOnly(memoryDir()), '/a': appendOnly(memoryDir()), '/w': memoryDir() })
    expect([...guest.mounts].map(([path, descriptor]) => [path, descriptor.getFlags().mutateDirectory])).toEqual([['/r', false], ['/a', true], ['/w', true]])
    const inner = guest.mount('/w').openAt({}, '.', { directory: true }, { read: true })
    expect(inner.getFlags()).toEqual({ read: true, mutateDirectory: true })
  })

  it('a name that host tools obey stays as it is, also through a descriptor of the directory around it', async () => {
    using place = temporary()
    mkdirSync(place.at('.git', 'hooks'), { recursive: true })
    writeFileSync(place.at('.git', 'config'), 'safe')
    using dir = await openDir(place.path, { mode: 'read-write' })
    using guest = new Guest({ '/m': dir })
    const git = guest.open('.git')
    for (const act of [
      () => git.openAt({}, 'config', {}, RW), () => git.openAt({}, 'hooks/pre-commit', { create: true }, RW), () => git.createDirectoryAt('x'),
      () => git.unlinkFileAt('config'), () => git.renameAt('config', git, 'old'), () => git.setTimes(NOW, NOW), () => guest.m.renameAt('.git', guest.m, 'x'),
      () => guest.open('package.json', { create: true }, RW), () => guest.m.createDirectoryAt('.GIT '),
    ]) expect([String(act), payloadOf(act)]).toEqual([String(act), 'not-permitted'])
    expect(guest.text('.git/config')).toBe('safe')
    expect(payloadOf(() => guest.m.renameAt('none', git, 'config'))).toMatch(/^(no-entry|cross-device|not-permitted)$/)
  })
})

describe('the way out of a mount', () => {
  const OUT = ['/', '/etc/passwd', '/m/f', '..', '../', '../secret', 'd/../../secret', 'd/e/../../../x', './../..', 'up', 'up/x', 'abs', 'abs/x', 'd/upper/x']

  async function onHost(act: (guest: Guest, place: ReturnType<typeof temporary>) => void): Promise<void> {
    using place = temporary()
    writeFileSync(place.at('secret'), 'SECRET')
    mkdirSync(place.at('m', 'd', 'e'), { recursive: true })
    writeFileSync(place.at('m', 'f'), 'f')
    symlinkSync('../secret', place.at('m', 'up'))
    symlinkSync(place.at('secret'), place.at('m', 'abs'))
    symlinkSync('../../secret', place.at('m', 'd', 'upper'))
    using dir = await openDir(place.at('m'), { mode: 'read-write', symlinks: 'descending' })
    using guest = new Guest({ '/m': dir })
    act(guest, place)
  }

  it.each(OUT)('%s is not permitted, whatever is done with it, and whether or not it exists', async (path) => {
    await onHost(({ m, port }) => {
      const before = port.calls.length
      const acts: readonly (() => unknown)[] = [
        () => m.openAt(FOLLOW, path, {}, { read: true }), () => m.openAt(FOLLOW, path, { create: true }, RW), () => m.openAt(FOLLOW, path, { directory: true }, { read: true }),
        () => m.statAt(FOLLOW, path), () => m.setTimesAt(FOLLOW, path, NOW, NOW), () => m.metadataHashAt(FOLLOW, path),
      ]
      for (const act of acts) expect([path, String(act), payloadOf(act)]).toEqual([path, String(act), 'not-permitted'])
      expect(port.calls.slice(before).every(({ decision }) => decision === 'denied')).toBe(true)
    })
  })

  it.each(OUT.filter((path) => path.startsWith('/') || path.includes('..')))('%s cannot be named to be changed', async (path) => {
    await onHost(({ m }) => {
      const acts: readonly (() => unknown)[] = [
        () => m.createDirectoryAt(path), () => m.removeDirectoryAt(path), () => m.unlinkFileAt(path), () => m.symlinkAt('f', path), () => m.readlinkAt(path),
        () => m.renameAt(path, m, 'x'), () => m.renameAt('f', m, path),
      ]
      for (const act of acts) expect([path, String(act), payloadOf(act)]).toEqual([path, String(act), 'not-permitted'])
    })
  })

  it('a link that leads out is not read either: it would name what is around the mount', async () => {
    await onHost(({ m }) => {
      expect(payloadOf(() => m.readlinkAt('up'))).toBe('not-permitted')
      expect(payloadOf(() => m.readlinkAt('abs'))).toBe('not-permitted')
      expect(payloadOf(() => m.readlinkAt('d/upper'))).toBe('not-permitted')
      expect(m.statAt({}, 'up').type).toBe('symbolic-link')
    })
  })

  it('a descriptor is a root of its own: what lies above it within the mount is out of its reach, but links are read', () => {
    const dir = memoryDir({ files: { 'd/e/f': 'x', 'top': 'y' } })
    using guest = new Guest({ '/m': dir })
    guest.m.symlinkAt('../top', 'd/l')
    const d = guest.open('d')
    expect(payloadOf(() => d.openAt(FOLLOW, '../top', {}, { read: true }))).toBe('not-permitted')
    expect(payloadOf(() => d.openAt(FOLLOW, 'l', {}, { read: true }))).toBe('not-permitted')
    expect(d.readlinkAt('l')).toBe('../top')
    expect(guest.text('d/l')).toBe('y')
    const e = guest.open('d').openAt({}, 'e', { directory: true }, { read: true })
    expect(payloadOf(() => e.openAt(FOLLOW, '..', { directory: true }, { read: true }))).toBe('not-permitted')
  })

  it('an open directory that is moved and replaced by a link stays the old directory', async () => {
    await onHost((guest, place) => {
      const d = guest.open('d')
      renameSync(place.at('m', 'd'), place.at('m', 'moved'))
      symlinkSync('..', place.at('m', 'd'))
      expect(payloadOf(() => d.openAt(FOLLOW, 'secret', {}, { read: true }))).toBe('no-entry')
      d.openAt({}, 'new', { create: true }, RW).write(bytes('here'), 0n)
      expect(guest.text('moved/new')).toBe('here')
      expect(payloadOf(() => guest.open('d/secret'))).toBe('not-permitted')
    })
  })

  it('hard links to outside, FIFOs and devices are not opened', async () => {
    await onHost(({ m }, place) => {
      linkSync(place.at('secret'), place.at('m', 'hard'))
      expect(payloadOf(() => m.openAt({}, 'hard', {}, { read: true }))).toBe('not-permitted')
      expect(payloadOf(() => m.setTimesAt({}, 'hard', NOW, NOW))).toBe('not-permitted')
    })
    const dev = await openDir('/dev')
    using guest = new Guest({ '/m': dev })
    expect(payloadOf(() => guest.open('zero'))).toBe('not-permitted')
    expect(guest.names().some((name) => name.startsWith('zero'))).toBe(false)
    dev[Symbol.dispose]()
  })

  it('nothing a guest can read names the host', async () => {
    await onHost((guest, place) => {
      const seen: unknown[] = [guest.names(), guest.m.stat(), guest.m.statAt({}, 'f'), guest.m.getFlags(), guest.open('f').stat(), [...guest.mounts.keys()]]
      for (const path of ['none', '../x', 'up', 'f/x', `${'n'.repeat(300)}`]) seen.push(payloadOf(() => guest.open(path)))
      seen.push(guest.port.calls)
      const told = JSON.stringify(seen, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
      expect(told).not.toContain(place.path)
      expect(told).not.toContain('SECRET')
      expect(told).not.toContain('/proc/')
    })
  })

  it('subdir() is left neither by a path nor through a preopen around it', () => {
    const whole = memoryDir({ files: { 'in/f': '1', 'out': '2' } })
    using guest = new Guest({ '/m': subdir(whole, 'in') })
    expect(guest.names()).toEqual(['f regular-file'])
    expect(payloadOf(() => guest.open('../out'))).toBe('not-permitted')
  })
})

describe('names no path may have', () => {
  it.each<[string, string]>([
    ['', 'no-entry'], ['a\0b', 'invalid'], ['\0', 'invalid'], ['\ud800', 'illegal-byte-sequence'], ['n'.repeat(256), 'name-too-long'],
    ['ü'.repeat(128), 'name-too-long'], ['d/'.repeat(3000), 'name-too-long'], [`${'x/'.repeat(2047)}x`, 'no-entry'],
  ])('%j', (path, code) => {
    using guest = new Guest({ '/m': memoryDir({ files: FILES }) })
    const { m } = guest
    const acts: readonly (() => unknown)[] = [
      () => m.openAt({}, path, {}, RW), () => m.statAt({}, path), () => m.createDirectoryAt(path), () => m.unlinkFileAt(path), () => m.removeDirectoryAt(path),
      () => m.renameAt(path, m, 'x'), () => m.renameAt('f', m, path), () => m.readlinkAt(path), () => m.linkAt({}, path, m, 'x'), () => m.setTimesAt({}, path, NOW, NOW),
      () => m.metadataHashAt({}, path),
    ]
    for (const act of acts) expect([path.slice(0, 9), String(act), payloadOf(act)]).toEqual([path.slice(0, 9), String(act), code])
    if (!path.startsWith('x/')) expect(payloadOf(() => m.symlinkAt(path === '' ? '' : 'f', path === '' ? 'new' : path))).toBe(code)
  })

  it('names that mean something to JavaScript are names', () => {
    using guest = new Guest({ '/m': memoryDir() })
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(payloadOf(() => guest.open(name))).toBe('no-entry')
      guest.put(name, name)
      expect(guest.text(name)).toBe(name)
    }
    expect(guest.names()).toHaveLength(4)
  })
})

describe('handles of files', () => {
  const forged = Object.create(Descriptor.prototype) as Descriptor
  const METHODS: readonly (readonly [string, (descriptor: Descriptor) => unknown])[] = [
    ['readViaStream', (d) => d.readViaStream(0n)], ['writeViaStream', (d) => d.writeViaStream(0n)], ['appendViaStream', (d) => d.appendViaStream()],
    ['advise', (d) => d.advise(0n, 0n, 'normal')], ['syncData', (d) => d.syncData()], ['getFlags', (d) => d.getFlags()], ['getType', (d) => d.getType()],
    ['setSize', (d) => d.setSize(0n)], ['setTimes', (d) => d.setTimes(NOW, NOW)], ['read', (d) => d.read(1n, 0n)], ['write', (d) => d.write(bytes(''), 0n)],
    ['readDirectory', (d) => d.readDirectory()], ['sync', (d) => d.sync()], ['createDirectoryAt', (d) => d.createDirectoryAt('x')], ['stat', (d) => d.stat()],
    ['statAt', (d) => d.statAt({}, 'x')], ['setTimesAt', (d) => d.setTimesAt({}, 'x', NOW, NOW)], ['linkAt', (d) => d.linkAt({}, 'x', d, 'y')],
    ['openAt', (d) => d.openAt({}, 'x', {}, {})], ['readlinkAt', (d) => d.readlinkAt('x')], ['removeDirectoryAt', (d) => d.removeDirectoryAt('x')],
    ['renameAt', (d) => d.renameAt('x', d, 'y')], ['symlinkAt', (d) => d.symlinkAt('x', 'y')], ['unlinkFileAt', (d) => d.unlinkFileAt('x')],
    ['isSameObject', (d) => d.isSameObject(d)], ['metadataHash', (d) => d.metadataHash()], ['metadataHashAt', (d) => d.metadataHashAt({}, 'x')],
  ]

  it.each(METHODS)('%s of a forged handle is a trap', (_, act) => {
    expect(() => act(forged)).toThrow(WebAssembly.RuntimeError)
  })

  it('has every method of the WIT', () => {
    const own = Object.getOwnPropertyNames(Descriptor.prototype).filter((name) => name !== 'constructor')
    expect(METHODS.map(([name]) => name).sort()).toEqual(own.sort())
  })

  it('a forged handle as an argument is a trap, and nothing happens', () => {
    const dir = memoryDir({ files: FILES })
    using guest = new Guest({ '/m': dir })
    for (const act of [() => guest.m.renameAt('f', forged, 'x'), () => guest.m.linkAt({}, 'f', forged, 'x'), () => guest.m.isSameObject(forged)]) {
      expect(act).toThrow(WebAssembly.RuntimeError)
    }
    expect(() => (Object.create(DirectoryEntryStream.prototype) as DirectoryEntryStream).readDirectoryEntry()).toThrow(WebAssembly.RuntimeError)
    const { filesystemErrorCode } = guest.imports['wasi:filesystem/types'] as { filesystemErrorCode: (error: unknown) => unknown }
    expect(() => filesystemErrorCode(Object.create(IoError.prototype))).toThrow(WebAssembly.RuntimeError)
    expect(dir.list()).toHaveLength(5)
  })

  it('a dropped descriptor is closed, and dropping it twice closes nothing else', () => {
    using guest = new Guest({ '/m': memoryDir({ files: FILES }) })
    const [one, two] = [guest.open('f'), guest.open('f')]
    const held = guest.port.resources
    one[Symbol.dispose]()
    one[Symbol.dispose]()
    expect(guest.port.resources).toBe(held - 1)
    expect(payloadOf(() => one.stat())).toBe('bad-descriptor')
    expect(payloadOf(() => one.read(1n, 0n))).toBe('bad-descriptor')
    expect(two.stat().size).toBe(3n)
  })

  it('after the call settled, every handle is dead', () => {
    const dir = memoryDir({ files: FILES })
    const guest = new Guest({ '/m': dir })
    const [file, { m }] = [guest.open('f', {}, RW), guest]
    const stream = file.writeViaStream(0n)
    guest.port.settle()
    for (const act of [() => file.read(1n, 0n), () => file.write(bytes('x'), 0n), () => m.openAt({}, 'f', {}, RW), () => m.readDirectory(), () => m.unlinkFileAt('f')]) {
      expect(payloadOf(act)).toBe('bad-descriptor')
    }
    expect(payloadOf(() => stream.checkWrite())).toEqual({ tag: 'closed' })
    expect(dir.readFile('f')).toEqual(bytes('old'))
  })
})

describe('limits of files', () => {
  it('more descriptors than the limit of resources stop the call, and none stays open', () => {
    const guest = new Guest({ '/m': memoryDir({ files: FILES }) }, { limits: { resources: 5 } })
    expect(() => {
      for (;;) guest.open('f')
    }).toThrow()
    expect([guest.port.halt.stop?.reason, guest.port.resources]).toEqual(['resources', 5])
    guest.port.settle()
    expect(guest.port.resources).toBe(0)
  })

  it('a stream or descriptor too many leaves no descriptor of the host open', async () => {
    using place = temporary()
    writeFileSync(place.at('f'), 'x')
    const before = openDescriptors()
    for (const act of [
      (guest: Guest) => guest.open('f', {}, RW).readViaStream(0n), (guest: Guest) => guest.open('f', {}, RW).writeViaStream(0n),
      (guest: Guest) => guest.open('f', {}, RW).appendViaStream(), (guest: Guest) => guest.open('f') && guest.open('.'),
    ]) {
      using dir = await openDir(place.path, { mode: 'read-write' })
      using guest = new Guest({ '/m': dir }, { limits: { resources: 2 } })
      expect(() => act(guest)).toThrow('More than 2 resources')
    }
    expect(openDescriptors()).toBe(before)
  })

  it('bytes read and written are spent from the call\'s budgets', () => {
    using reads = new Guest({ '/m': memoryDir({ files: { f: 'x'.repeat(100) } }) }, { limits: { hostBytesIn: 250 } })
    const file = reads.open('f')
    file.read(100n, 0n)
    file.readViaStream(0n).read(100n)
    expect(() => file.read(100n, 0n)).toThrow('bytes in')
    using writes = new Guest({ '/m': memoryDir() }, { limits: { hostBytesOut: 10 } })
    writes.put('f', '0123456789')
    expect(() => writes.put('g', 'x')).toThrow('bytes out')
    using lists = new Guest({ '/m': memoryDir({ files: Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, ''])) }) }, { limits: { hostBytesIn: 400 } })
    expect(() => lists.names()).toThrow('bytes in')
  })

  it('a read never makes the host hold more than a mebibyte', () => {
    using guest = new Guest({ '/m': memoryDir({ files: { f: new Uint8Array(3 << 20) } }) })
    const file = guest.open('f')
    expect(file.read(2n ** 40n, 0n)[0].length).toBe(1 << 20)
    expect(file.readViaStream(0n).read(2n ** 64n - 1n).length).toBe(1 << 20)
  })

  it('nothing is granted: there are no preopens', () => {
    using guest = new Guest({})
    expect(guest.mounts.size).toBe(0)
    expect(guest.port.calls).toEqual([])
  })
})
