import { mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Component, GloveboxEvent } from '../../../src/index.js'
import { GUESTS } from '../../../scripts/guests/recipes.ts'
import { useComponents } from '../components.js'
import { PLACES, type Place, SECRET } from './places.js'

/** Mounts, as `wasm/guests/c/attempt.c` numbers them. */
const IN = 0
const OUT = 1
const KEEP = 2

const { sandbox } = useComponents()
let attempt: Component
beforeAll(async () => {
  attempt = await sandbox().load(readFileSync(join(GUESTS, 'attempt.wasm')))
})

/** Runs steps in one call of a real program, and gives what came of each. */
async function steps(place: Place, list: readonly string[], onEvent?: (event: GloveboxEvent) => void): Promise<readonly string[]> {
  const result = await attempt.run({ args: list, grants: { fs: place.fs }, limits: { hostCalls: 200_000, outputBytes: 1 << 20 }, ...(onEvent === undefined ? {} : { onEvent }) })
  expect(result).toMatchObject({ outcome: 'returned', exitCode: 0 })
  expect(result.stdout).not.toContain(SECRET)
  const lines = result.stdout.trimEnd().split('\n')
  expect(lines).toHaveLength(list.length)
  expect(lines).not.toContain('no such step')
  return lines
}

describe.each(PLACES)('a program in C on %s', (_kind, open) => {
  let place: Place
  beforeEach(async () => {
    place = await open()
  })
  afterEach(() => place[Symbol.dispose]())

  it('reads and writes where it may', async () => {
    expect(await steps(place, [`open 5 ${IN} r a.txt`, 'read 5', `open 6 ${OUT} rwc d/new.txt`, 'write 6 written', 'read 6', `open 7 ${IN} rd .`, 'list 7'])).toEqual([
      'ok', 'ok read me', 'ok', 'ok', 'ok written', 'ok', expect.stringMatching(/^ok .*a\.txt/),
    ])
    expect(place.read('out/d/new.txt')).toBe('written')
  })

  it.each([
    '../secret.txt', '../../../../../../etc/passwd', '/etc/passwd', '/in/../secret.txt', './../secret.txt', 'd/../../secret.txt', 'd/./../../secret.txt', 'd//..//..//secret.txt', '..', '../', '../out/../secret.txt',
    'a.txt/../../secret.txt', 'none/../../secret.txt', 'd/../d/../../secret.txt', '..\\secret.txt', '%2e%2e/secret.txt', '/', '//secret.txt', '/proc/self/root', '../in/../secret.txt',
  ])('does not leave by the path %j', async (path) => {
    const tried = [IN, OUT, KEEP].flatMap((dir) => [`open 5 ${dir} rf ${path}`, `open 5 ${dir} r ${path}`, `open 5 ${dir} rd ${path}`, `stat ${dir} ${path}`, `lstat ${dir} ${path}`, `readlink ${dir} ${path}`])
    for (const line of await steps(place, tried)) expect(line).not.toMatch(/^ok/)
    const writes = [`open 5 ${OUT} rwcf ${path}`, `unlink ${OUT} ${path}`, `rmdir ${OUT} ${path}`, `rename ${OUT} a.txt ${OUT} ${path}`, `link ${OUT} a.txt ${OUT} ${path}`, `link ${OUT} ${path} ${OUT} stolen`]
    // A name that only looks like a way is a name.
    if (/^(?:\.\.\\|%2e)/.test(path)) return
    for (const line of await steps(place, writes)) expect(line).not.toMatch(/^ok/)
    expect(place.read('secret.txt')).toBe(SECRET)
    expect(place.read('out/a.txt')).toBe('write me')
  })

  it.each([
    ['up', '../secret.txt'], ['absolute', '/etc/passwd'], ['up from below', 'd/../../secret.txt'], ['to the other mount', '../in/a.txt'], ['to the directory above', '..'], ['far up', '../../../../../../../../etc'],
  ])('makes no link that leads %s, or finds nothing behind it', async (_way, target) => {
    const made = await steps(place, [
      `symlink ${target} ${OUT} l`, `open 5 ${OUT} rf l`, 'read 5', `open 5 ${OUT} rf l/secret.txt`, `open 5 ${OUT} rf l/passwd`, `stat ${OUT} l`, `open 5 ${OUT} rwf l`, `open 5 ${OUT} rwtf l`,
      `symlink l ${OUT} m`, `open 5 ${OUT} rf m`, `open 5 ${OUT} rf m/secret.txt`, `open 5 ${OUT} rwctf l`,
    ])
    // Where there is no link, its name is free for a file.
    const last = made[0] === 'ok' ? made.length : made.length - 1
    for (const line of [...made.slice(1, 8), ...made.slice(9, last)]) expect(line).not.toMatch(/^ok/)
    expect(place.read('secret.txt')).toBe(SECRET)
  })

  it('does not climb by a link that was made deep and moved up', async () => {
    const lines = await steps(place, [
      `symlink ../../a.txt ${OUT} d/e/l`, `rename ${OUT} d/e/l ${OUT} l`, `open 5 ${OUT} rf l`, `open 5 ${OUT} rwtf l`,
      `mkdir ${OUT} x`, `mkdir ${OUT} x/y`, `symlink ../../secret.txt ${OUT} x/y/m`, `rename ${OUT} x/y ${OUT} y`, `open 5 ${OUT} rf y/m`,
      `symlink d ${OUT} k`, `open 5 ${OUT} rf k/../../secret.txt`, `open 5 ${OUT} rf k/../a.txt/../../secret.txt`,
    ])
    for (const at of [2, 3, 8, 10, 11]) expect(lines[at]).not.toMatch(/^ok/)
    expect(place.read('secret.txt')).toBe(SECRET)
  })

  it('goes round in no circle of links', async () => {
    const lines = await steps(place, [`symlink b ${OUT} a`, `symlink a ${OUT} b`, `open 5 ${OUT} rf a`, `symlink . ${OUT} c`, `open 5 ${OUT} rf ${'c/'.repeat(200)}a.txt`, `symlink s ${OUT} s`, `stat ${OUT} s`])
    expect(lines[2]).not.toMatch(/^ok/)
    expect(lines[6]).not.toMatch(/^ok/)
  })

  it('stays below a directory that is moved while it is open', async () => {
    const lines = await steps(place, [
      `open 5 ${OUT} rd d/e`, `rename ${OUT} d/e ${OUT} f`, 'open 6 5 rf ../secret.txt', 'open 6 5 rf ../../secret.txt', 'open 6 5 rf ..', 'open 6 5 rd ../..', 'stat 5 ../../secret.txt', 'rename 5 b.txt 5 ../../stolen.txt',
      `rename ${OUT} f ${OUT} d/f`, 'open 6 5 rf ../../../secret.txt', `rename ${OUT} d ${OUT} d2`, 'open 6 5 rf ../../secret.txt',
    ])
    expect([lines[0], lines[1], lines[8], lines[10]]).toEqual(['ok', 'ok', 'ok', 'ok'])
    for (const at of [2, 3, 4, 5, 6, 7, 9, 11]) expect(lines[at]).not.toMatch(/^ok/)
  })

  it('finds nothing by a directory that was removed and made again as a link', async () => {
    const lines = await steps(place, [
      `mkdir ${OUT} x`, `open 5 ${OUT} rd x`, `rmdir ${OUT} x`, `symlink .. ${OUT} x`, 'open 6 5 rf secret.txt', 'open 6 5 rf ../secret.txt', 'open 6 5 rwc new.txt', `open 6 ${OUT} rf x/secret.txt`,
    ])
    expect(lines.slice(0, 3)).toEqual(['ok', 'ok', 'ok'])
    for (const line of lines.slice(4)) expect(line).not.toMatch(/^ok/)
  })

  it('moves and links nothing from one mount to another', async () => {
    const across = [[IN, OUT], [OUT, IN], [KEEP, OUT], [OUT, KEEP], [KEEP, IN]].flatMap(([from, to]) => [`rename ${from} a.txt ${to} moved.txt`, `rename ${from} d ${to} moved`, `rename ${from} a.txt ${to} a.txt`, `link ${from} a.txt ${to} linked.txt`])
    for (const line of await steps(place, across)) expect(line).toMatch(/^(?:xdev|rofs|perm|acces|notcapable)$/)
    expect([place.read('in/a.txt'), place.read('out/a.txt'), place.read('keep/a.txt'), place.read('keep/d/b.txt')]).toEqual(['read me', 'write me', 'keep me', 'keep this'])
  })

  it('writes nothing through what it opened to read', async () => {
    const lines = await steps(place, [`open 5 ${OUT} r a.txt`, 'write 5 XXXX', 'trunc 5 0', `open 6 ${IN} r a.txt`, 'write 6 XXXX', 'trunc 6 0', `open 7 ${OUT} rd d`, 'write 7 XXXX', 'trunc 7 0'])
    expect(lines.filter((_line, at) => at % 3 === 0)).toEqual(['ok', 'ok', 'ok'])
    for (const [at, line] of lines.entries()) if (at % 3 !== 0) expect(line).not.toMatch(/^ok/)
    expect([place.read('out/a.txt'), place.read('in/a.txt')]).toEqual(['write me', 'read me'])
  })

  it('changes nothing in a mount that is read-only', async () => {
    const tried = [
      `open 5 ${IN} rw a.txt`, `open 5 ${IN} w a.txt`, `open 5 ${IN} a a.txt`, `open 5 ${IN} rc new.txt`, `open 5 ${IN} rcx new.txt`, `open 5 ${IN} rt a.txt`, `open 5 ${IN} rwct a.txt`, `unlink ${IN} a.txt`, `rmdir ${IN} d`,
      `mkdir ${IN} new`, `rename ${IN} a.txt ${IN} b.txt`, `symlink a.txt ${IN} l`, `link ${IN} a.txt ${IN} l`, `rename ${IN} d/b.txt ${IN} a.txt`,
    ]
    for (const line of await steps(place, tried)) expect(line).toMatch(/^(?:rofs|perm|acces|notcapable)$/)
    const below = await steps(place, [`open 5 ${IN} rd d`, 'open 6 5 rw b.txt', 'unlink 5 b.txt', 'mkdir 5 new', 'open 6 5 rt b.txt', 'rename 5 b.txt 5 c.txt'])
    for (const line of below.slice(1)) expect(line).not.toMatch(/^ok/)
    expect([place.read('in/a.txt'), place.read('in/d/b.txt')]).toEqual(['read me', 'below'])
  })

  it('removes, replaces and cuts short nothing in a mount that keeps what it has', async () => {
    const lines = await steps(place, [
      `open 5 ${KEEP} rwt a.txt`, `open 5 ${KEEP} rwct a.txt`, `unlink ${KEEP} a.txt`, `rmdir ${KEEP} d`, `rename ${KEEP} a.txt ${KEEP} b.txt`, `rename ${KEEP} d ${KEEP} d2`, `rename ${KEEP} d/b.txt ${KEEP} a.txt`, `rename ${OUT} a.txt ${KEEP} a.txt`,
    ])
    for (const line of lines) expect(line).not.toMatch(/^ok/)
    const open = await steps(place, [`open 5 ${KEEP} rw a.txt`, 'trunc 5 3', 'trunc 5 0', `open 6 ${KEEP} a a.txt`, 'write 6 ,more', `open 7 ${KEEP} rwc new.txt`, 'write 7 new', 'trunc 7 0'])
    expect([open[1], open[2]].join()).not.toContain('ok')
    expect(place.read('keep/a.txt')).toMatch(/^keep me/)
    expect(place.read('keep/d/b.txt')).toBe('keep this')
    expect(place.read('out/a.txt')).toBe('write me')
  })

  it('is one of many: calls at once that swap a directory for a link, and look into it', async () => {
    const swap = Array.from({ length: 60 }, () => [`rename ${OUT} d ${OUT} gone`, `symlink .. ${OUT} d`, `symlink ../in ${OUT} d`, `unlink ${OUT} d`, `rename ${OUT} gone ${OUT} d`]).flat()
    const look = Array.from({ length: 20 }, () => [`race 100 ${OUT} d/secret.txt ${SECRET.slice(0, 10)}`, `race 10 ${OUT} d/a.txt read`]).flat()
    const [, ...found] = await Promise.all([steps(place, swap), steps(place, look), steps(place, look)])
    for (const line of found.flat()) expect(line).toBe('found 0')
  })
})

/** A thread that puts a link in place of a directory and back until it is told to stop; it counts how often. */
const SWAP = `
  const { renameSync, symlinkSync, unlinkSync } = require('node:fs')
  const { workerData: { path, stop } } = require('node:worker_threads')
  const word = new Int32Array(stop)
  for (let n = 0; Atomics.load(word, 0) === 0; n++) {
    renameSync(path + '/out/d', path + '/aside/d')
    symlinkSync('..', path + '/out/d')
    unlinkSync(path + '/out/d')
    renameSync(path + '/aside/d', path + '/out/d')
    Atomics.store(word, 1, n)
  }`

describe('a program in C on a host mount that the host changes', () => {
  let place: Place & { readonly path: string }
  beforeEach(async () => {
    place = (await PLACES[1]![1]()) as typeof place
  })
  afterEach(() => place[Symbol.dispose]())

  /** Does something on the host when the guest asks for a file of this name. */
  const whenAsked = (name: string, act: () => void) => (event: GloveboxEvent): void => {
    if (event.type === 'host-call' && event.entry.target.endsWith(`/${name}`)) act()
  }

  it('stays where it was when a directory is moved out from under an open descriptor', async () => {
    const { path } = place
    const lines = await steps(place, [
      `open 5 ${OUT} rd d`, `stat ${OUT} now`, 'open 6 5 rf ../secret.txt', 'open 6 5 rf ../../secret.txt', 'open 6 5 rf secret.txt', `open 6 ${OUT} rf d/secret.txt`, `open 6 ${OUT} rd d`, 'rename 5 e 5 ../stolen', 'stat 5 ../secret.txt',
    ], whenAsked('now', () => {
      renameSync(join(path, 'out/d'), join(path, 'moved'))
      symlinkSync(path, join(path, 'out/d'))
    }))
    expect(lines.slice(0, 2)).toEqual(['ok', 'noent'])
    for (const line of lines.slice(2)) expect(line).not.toMatch(/^ok/)
  })

  it('does not follow links that the host puts in place of files and directories', async () => {
    const { path } = place
    const lines = await steps(place, [
      `open 5 ${OUT} rd d/e`, `stat ${OUT} now`, 'open 6 5 rf b.txt', `open 6 ${OUT} rf d/e/b.txt`, `open 6 ${OUT} rwctf a.txt`, `stat ${OUT} a.txt`, `open 6 ${IN} rf d/secret.txt`,
    ], whenAsked('now', () => {
      renameSync(join(path, 'out/d/e/b.txt'), join(path, 'out/d/e/c.txt'))
      symlinkSync(join(path, 'secret.txt'), join(path, 'out/d/e/b.txt'))
      renameSync(join(path, 'out/a.txt'), join(path, 'out/b.txt'))
      symlinkSync('../secret.txt', join(path, 'out/a.txt'))
      renameSync(join(path, 'in/d'), join(path, 'in/d2'))
      symlinkSync('..', join(path, 'in/d'))
    }))
    expect(lines.slice(0, 2)).toEqual(['ok', 'noent'])
    for (const line of lines.slice(2)) expect(line).not.toMatch(/^ok/)
    expect(place.read('secret.txt')).toBe(SECRET)
  })

  it('wins no race against a thread that swaps a directory for a link', { timeout: 60_000 }, async () => {
    const { path } = place
    mkdirSync(join(path, 'aside'))
    const stop = new Int32Array(new SharedArrayBuffer(8))
    const racing = new Worker(SWAP, { eval: true, workerData: { path, stop: stop.buffer } })
    const ended = new Promise((resolve, reject) => racing.once('exit', resolve).once('error', reject))
    try {
      const found = await steps(place, [`race 2000 ${OUT} d/secret.txt ${SECRET.slice(0, 10)}`, `race 1000 ${OUT} d/../secret.txt ${SECRET.slice(0, 10)}`, `race 1000 ${OUT} d/out/../secret.txt ${SECRET.slice(0, 10)}`])
      expect(found).toEqual(['found 0', 'found 0', 'found 0'])
    } finally {
      Atomics.store(stop, 0, 1)
      await ended
    }
    expect(Atomics.load(stop, 1)).toBeGreaterThan(10)
  })
})
