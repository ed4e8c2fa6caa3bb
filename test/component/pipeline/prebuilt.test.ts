import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createHash } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadPrebuilt, type Prebuilt, writePrebuilt } from '../../../src/component/prebuilt.js'
import { platform as workerd } from '../../../src/component/platform/workerd.js'
import { compilerFromSources as platform } from '../../support/compiler-platform.js'
import { compile, createLink, wat } from './support.js'

const TEXT = '(component (core module $m (memory 1) (func (export "x") (param i32) (result i32) (i32.add (local.get 0) (i32.const 7)))) (core instance $m (instantiate $m)) (func (export "t") (param "n" u32) (result u32) (canon lift (core func $m "x"))))'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glovebox-prebuilt-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const imported = async (): Promise<Prebuilt> => ((await import(/* @vite-ignore */ pathToFileURL(join(directory, 'node.js')).href)) as { readonly default: Prebuilt }).default

describe('writePrebuilt()', () => {
  it('writes what loadPrebuilt() makes the same component of, without compiling text', async () => {
    const bytes = await wat(TEXT)
    const manifest = await writePrebuilt(bytes, directory, { platform })
    const compiled = loadPrebuilt(await imported(), { sha256: manifest.digest })
    const { instantiate: _, modules: __, ...same } = await compile(bytes)
    const { instantiate, modules, ...rest } = compiled
    expect(rest).toEqual(same)
    expect(modules).toHaveLength(1)
    expect((instantiate({}, createLink()).exports['t'] as (n: number) => number)(35)).toBe(42)
  })

  it('says the digests of all it wrote', async () => {
    await writePrebuilt(await wat(TEXT), directory, { platform })
    const { manifest } = await imported()
    expect(JSON.parse(await readFile(join(directory, 'component.json'), 'utf8'))).toEqual(manifest)
    expect((await readdir(directory)).sort()).toEqual(['component.core.wasm', 'component.json', 'glue.js', 'index.js', 'node.js'])
    const digest = async (name: string): Promise<string> => createHash('sha256').update(await readFile(join(directory, name))).digest('hex')
    expect(await digest('glue.js')).toBe(manifest.glueSha256)
    for (const { name, sha256 } of manifest.modules) expect(await digest(name)).toBe(sha256)
  })

  it('writes nothing of a component with hostile names', async () => {
    const bytes = await wat(`(component (core module $m (func (export "x'\\0a"))) (core instance $m (instantiate $m)) (func (export "t") (canon lift (core func $m "x'\\0a"))))`)
    await expect(writePrebuilt(bytes, directory, { platform })).rejects.toMatchObject({ code: 'invalid-component' })
    expect(await readdir(directory)).toEqual([])
  })
})

describe('loadPrebuilt()', () => {
  it('refuses another digest, other modules and other versions', async () => {
    await writePrebuilt(await wat(TEXT), directory, { platform })
    const prebuilt = await imported()
    expect(() => loadPrebuilt(prebuilt, { sha256: 'c'.repeat(64) })).toThrow(expect.objectContaining({ code: 'digest-mismatch' }))
    expect(() => loadPrebuilt({ ...prebuilt, modules: {} })).toThrow(expect.objectContaining({ code: 'invalid-component' }))
    expect(() => loadPrebuilt({ ...prebuilt, manifest: { ...prebuilt.manifest, toolchain: { ...prebuilt.manifest.toolchain, form: 'old' } } } as never)).toThrow(/another version/)
    expect(() => loadPrebuilt({} as never)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  })

  it('refuses modules that are not metered', async () => {
    await writePrebuilt(await wat(TEXT), directory, { platform })
    const prebuilt = await imported()
    const bare = new WebAssembly.Module(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))
    expect(() => loadPrebuilt({ ...prebuilt, modules: { 'component.core.wasm': bare } })).toThrow(/is not metered/)
  })
})

describe('a platform that compiles nothing at run time', () => {
  it('says so, and how to prepare a component for it', async () => {
    await expect(compile(await wat(TEXT), { platform: { ...workerd, digest: platform.digest } })).rejects.toMatchObject({ code: 'unsupported-platform', message: expect.stringContaining('glovebox build') as string })
  })
})

describe('the glue of a prebuilt component', () => {
  it('sees nothing of its surroundings', async () => {
    const { toModule } = await import('../../../src/component/glue.js')
    const text = toModule("function instantiate() { return ['process', 'require', 'fetch', 'Function', 'global', 'crypto', 'setImmediate', 'performance', 'structuredClone', 'Buffer'].filter((name) => typeof ({ process, require, fetch, Function, global, crypto, setImmediate, performance, structuredClone, Buffer })[name] !== 'undefined').concat(Object.keys(globalThis)) }")
    const { default: factory } = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(text)}`)) as { readonly default: (scope: object) => () => string[] }
    const { toScope } = await import('../../../src/component/glue.js')
    expect(factory(toScope({ WebAssembly: {} }))()).toEqual(['WebAssembly'])
  })
})
