import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { compilerFromSources } from '../../support/compiler-platform.js'
import { reusing } from './reusing.js'
import { compile as compileAlone, createLink, wat } from './support.js'

const reused = reusing(compilerFromSources)
afterAll(reused.end)

const compile: typeof compileAlone = (bytes, options) => compileAlone(bytes, { platform: reused.platform, ...options })

const TEXT = '(component (core module $m (memory 1) (func (export "x") (result i32) (i32.const 7))) (core instance $m (instantiate $m)) (func (export "t") (result u32) (canon lift (core func $m "x"))))'

/** The platform, with the threads it starts counted. */
function counting(): { readonly platform: typeof compilerFromSources; readonly started: () => number } {
  let started = 0
  return { started: () => started, platform: { ...compilerFromSources, startThread: (events) => (started += 1, reused.platform.startThread(events)) } }
}

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glovebox-store-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

describe('a directory of prepared components', () => {
  it('spares the second load its transpiling, and comes to the same', async () => {
    const { platform, started } = counting()
    const bytes = await wat(TEXT)
    const first = await compile(bytes, { platform, directory })
    const second = await compile(bytes, { platform, directory })
    expect(started()).toBe(1)
    const { instantiate: _, modules: made, ...rest } = first
    const { instantiate, modules: read, ...same } = second
    expect(same).toEqual(rest)
    expect(read.map(({ module: _module, ...file }) => file)).toEqual(made.map(({ module: _module, ...file }) => file))
    expect((instantiate({}, createLink()).exports['t'] as () => number)()).toBe(7)
  })

  it('is made anew for other options', async () => {
    const { platform, started } = counting()
    const bytes = await wat(TEXT)
    await compile(bytes, { platform, directory })
    await compile(bytes, { platform, directory, maxTableElements: 5 })
    await compile(bytes, { platform, directory, mode: 'jspi' })
    expect(started()).toBe(3)
  })

  it.each([
    ['is empty', () => new Uint8Array()],
    ['is cut short', (entry: Uint8Array) => entry.slice(0, entry.length - 1)],
    ['has a bit flipped in the glue', (entry: Uint8Array) => entry.map((byte, at) => (at === entry.length - 2000 ? byte ^ 1 : byte))],
    ['has another digest', (entry: Uint8Array) => entry.map((byte, at) => (at === 30 ? byte ^ 1 : byte))],
    ['holds something else', () => new TextEncoder().encode('{}')],
  ])('is not believed when a file %s', async (_, spoil) => {
    const { platform, started } = counting()
    const bytes = await wat(TEXT)
    await compile(bytes, { platform, directory })
    const [name] = await readdir(directory)
    const path = join(directory, name!)
    const entry = await readFile(path)
    await writeFile(path, spoil(entry))
    expect((await compile(bytes, { platform, directory })).sizes.memory).toBe(65_536)
    expect(started()).toBe(2)
    expect(await readFile(path)).toEqual(entry)
  })

  it('is not believed when the file of another component is in its place', async () => {
    const { platform, started } = counting()
    const one = await wat(TEXT)
    await compile(one, { platform, directory })
    const [name] = await readdir(directory)
    const foreign = await readFile(join(directory, name!))
    await rm(join(directory, name!))
    const two = await wat(TEXT.replace('const 7', 'const 8'))
    await compile(two, { platform, directory })
    const [own] = await readdir(directory)
    await writeFile(join(directory, own!), foreign)
    expect(((await compile(two, { platform, directory })).instantiate({}, createLink()).exports['t'] as () => number)()).toBe(8)
    expect(started()).toBe(3)
  })

  it('holds whole files only, however many write at once', async () => {
    const bytes = await wat(TEXT)
    await Promise.all(Array.from({ length: 4 }, () => compile(bytes, { directory })))
    const names = await readdir(directory)
    expect(names).toHaveLength(1)
    const { platform, started } = counting()
    await compile(bytes, { platform, directory })
    expect(started()).toBe(0)
  })

  it('is made for nobody else to write to', async () => {
    await compile(await wat(TEXT), { directory: join(directory, 'new') })
    expect((await stat(join(directory, 'new'))).mode & 0o077).toBe(0)
    const [name] = await readdir(join(directory, 'new'))
    expect((await stat(join(directory, 'new', name!))).mode & 0o077).toBe(0)
  })

  it('may fail to be written: the component is loaded all the same', async () => {
    const path = join(directory, 'file')
    await writeFile(path, '')
    await mkdir(join(directory, 'other'))
    expect((await compile(await wat(TEXT), { directory: path })).mode).toBe('sync')
  })

  it('is not looked at before the pinned digest is compared', async () => {
    const bytes = await wat(TEXT)
    await compile(bytes, { directory })
    await expect(compile(bytes, { directory, sha256: 'b'.repeat(64) })).rejects.toMatchObject({ code: 'digest-mismatch' })
  })
})
