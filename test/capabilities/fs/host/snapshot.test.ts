import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { snapshotDir } from '../../../../capabilities/fs/host/snapshot/node.js'
import { FakeRun } from '../fake-run.js'
import { temporary } from '../temporary.js'

describe('snapshotDir()', () => {
  it('copies files, directories and relative links, for reading, as they are at the moment', () => {
    using place = temporary()
    mkdirSync(place.at('in', 'd'), { recursive: true })
    writeFileSync(place.at('in', 'd', 'f'), 'x'.repeat(200_000))
    utimesSync(place.at('in', 'd', 'f'), 10, 20)
    writeFileSync(place.at('secret'), 'secret')
    symlinkSync('d/f', place.at('in', 'l'))
    symlinkSync('../secret', place.at('in', 'out'))
    symlinkSync(place.at('secret'), place.at('in', 'absolute'))
    execFileSync('mkfifo', [place.at('in', 'fifo')])
    const dir = snapshotDir(place.at('in'), ['private'], {})
    using run = new FakeRun({ '/m': dir })
    writeFileSync(place.at('in', 'd', 'f'), 'later')
    expect(String(run.text('/m/l'))).toHaveLength(200_000)
    expect(run.call('fs.stat', '/m/d/f')).toMatchObject({ modifiedMs: 20_000 })
    expect(run.call('fs.readdir', '/m')).toEqual({ names: ['d', 'l', 'out'], types: 'dss' })
    expect(run.fails('fs.readFile', '/m/out')).toBe('denied')
    expect(run.fails('fs.writeFile', '/m/d/f', '')).toBe('denied')
    expect(dir.reach()).toEqual([{ capability: 'fs', target: '.', acts: 'read', labels: ['private'] }])
  })

  it('fails when the directory is too large, or none', () => {
    using place = temporary()
    writeFileSync(place.at('f'), 'x'.repeat(100))
    expect(() => snapshotDir(place.path, [], { maxBytes: 99 })).toThrow(expect.objectContaining({ code: 'mount-failed', message: expect.stringContaining('ENOSPC') }))
    expect(() => snapshotDir(place.path, [], { maxEntries: 0 })).toThrow(expect.objectContaining({ code: 'mount-failed' }))
    expect(() => snapshotDir(place.at('none'), [], {})).toThrow(expect.objectContaining({ code: 'mount-failed' }))
    expect(() => snapshotDir(place.at('f'), [], {})).toThrow(expect.objectContaining({ code: 'mount-failed' }))
  })
})
