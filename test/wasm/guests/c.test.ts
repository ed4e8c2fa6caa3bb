import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { GUESTS } from '../../../scripts/guests/recipes.ts'
import type { Component } from '../../../src/index.js'
import { memoryDir } from '../../../src/index.js'
import { useComponents } from '../../component/components.js'
import { PLACES, type Place } from '../../component/mounts/places.js'

const read = (name: string): Buffer => readFileSync(join(GUESTS, name))
const { sandbox } = useComponents()

describe('wasm/guests/wc.wasm', () => {
  let wc: Component
  beforeAll(async () => {
    wc = await sandbox().load(read('wc.wasm'))
  })

  it('counts what comes in', async () => {
    expect(await wc.run({ stdin: 'one two\nthree\n' })).toMatchObject({ exitCode: 0, stdout: '2 3 14\n' })
    expect(await wc.run({ args: ['-l'], stdin: 'line\n'.repeat(100_000), limits: { hostBytesIn: 1 << 20 } })).toMatchObject({ exitCode: 0, stdout: '100000\n' })
    expect(await wc.run()).toMatchObject({ exitCode: 0, stdout: '0 0 0\n' })
  })

  it('counts files it may read, and says which it may not', async () => {
    const fs = { '/data': memoryDir({ files: { 'a.txt': 'a b c\n' } }) }
    expect(await wc.run({ args: ['-w', '/data/a.txt'], grants: { fs } })).toMatchObject({ exitCode: 0, stdout: '3 /data/a.txt\n' })
    expect(await wc.run({ args: ['/data/a.txt', '/etc/passwd'], grants: { fs } })).toMatchObject({ exitCode: 1, stdout: '1 3 6 /data/a.txt\n', stderr: expect.stringContaining('wc: /etc/passwd: ') as string })
  })
})

describe.each(PLACES)('wasm/guests/files.wasm on %s', (_kind, open) => {
  let files: Component
  let place: Place
  beforeAll(async () => {
    files = await sandbox().load(read('files.wasm'))
  })
  beforeEach(async () => {
    place = await open()
  })
  afterEach(() => place[Symbol.dispose]())
  const run = async (...args: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await files.run({ args, grants: { fs: place.fs } })
    return exitCode === 0 ? stdout : `failed: ${stderr.trim()}`
  }

  it('lists, reads, writes, copies, moves and removes', async () => {
    expect(await run('find', '/in')).toBe('/in/a.txt\n/in/d/\n/in/d/b.txt\n')
    expect(await run('cp', '/in/a.txt', '/out/copy.txt')).toBe('')
    expect(await run('append', '/out/copy.txt', ' twice')).toBe('')
    expect(await run('cat', '/out/copy.txt', '/in/d/b.txt')).toBe('read me twicebelow')
    expect(await run('mkdir', '/out/new')).toBe('')
    expect(await run('mv', '/out/copy.txt', '/out/new/moved.txt')).toBe('')
    expect(await run('rm', '/out/a.txt')).toBe('')
    expect(await run('ls', '/out')).toBe('d/\nnew/\n')
    expect(place.read('out/new/moved.txt')).toBe('read me twice')
  })

  it('is told why it may not', async () => {
    expect(await run('put', '/in/a.txt', 'x')).toMatch(/^failed: files: \/in\/a\.txt: (?:Read-only file system|Operation not permitted|Permission denied)$/)
    expect(await run('rm', '/keep/a.txt')).toMatch(/^failed: files: \/keep\/a\.txt: /)
    expect(await run('cat', '/out/../../etc/passwd')).toMatch(/^failed: /)
    expect(await run('cat', '/in/none.txt')).toBe('failed: files: /in/none.txt: No such file or directory')
    expect(place.read('keep/a.txt')).toBe('keep me')
  })
})
