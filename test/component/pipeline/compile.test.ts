import { componentEmbed, componentNew } from '@bytecodealliance/jco-transpile/wasm-tools'
import { afterAll, describe, expect, it } from 'vitest'
import { ComponentCache } from '../../../src/component/cache.js'
import { type CompileOptions, canSuspend } from '../../../src/component/compile.js'
import type { Compiled } from '../../../src/component/compiled.js'
import { compilerFromSources } from '../../support/compiler-platform.js'
import { reusing } from './reusing.js'
import { compile as compileAlone, createLink, fromWit, wat, withCustom } from './support.js'

const { platform, end } = reusing(compilerFromSources)
afterAll(end)

const compile = (bytes: Uint8Array, options: Partial<CompileOptions> = {}): Promise<Compiled> => compileAlone(bytes, { platform, ...options })
const compileText = async (text: string, options: Partial<CompileOptions> = {}): Promise<Compiled> => compile(await wat(text), options)

const ADD = `(component
  (core module $m (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add))
  (core instance $m (instantiate $m))
  (func $add (param "a" u32) (param "b-c" u32) (result u32) (canon lift (core func $m "add")))
  (instance $i (export "add-all" (func $add)))
  (export "acme:my/math@1.0.0" (instance $i))
  (export "plain-add" (func $add)))`

const WIT = `package acme:text@1.0.0;

interface other {
  record thing { x: u8 }
}

interface lists {
  use other.{thing};
  enum level { low, high }
  record opts { sep: string, max: option<u32> }
  resource doc {
    constructor(s: string);
    body: func() -> string;
    make: static func() -> doc;
  }
  variant shape { none, size(u32), names(list<string>) }
  flags perms { r, w }
  type count = u64;
  bytes: func() -> list<u8>;
  pairs: func(d: doc, t: thing, b: borrow<doc>) -> list<tuple<bool, f64>>;
  judge: func(o: opts, s: shape, p: perms, l: level) -> result<_, level>;
  %list: func(r: result, HTTP-x: result<count>);
}

world w {
  import lists;
  import plain-import: func(s: string) -> char;
  import local: interface { poke: func(); }
  export lists;
  export plain-export: func(a: s8, b: u16) -> s64;
}`

describe('compileComponent()', () => {
  it('makes instances whose exports are called by their JavaScript names', async () => {
    const compiled = await compileText(ADD)
    const { exports } = compiled.instantiate({}, createLink())
    expect((exports['acme:my/math@1.0.0'] as { addAll(a: number, b: number): number }).addAll(2, 3)).toBe(5)
    expect((exports['plainAdd'] as (a: number, b: number) => number)(40, 2)).toBe(42)
  })

  it('tells imports and exports with all their types', async () => {
    const { world, imports } = await compile(await fromWit(WIT), { interfaces: ['acme:text/lists', 'acme:text/other', 'plain-import', 'local'] })
    expect(imports).toEqual(['acme:text/lists@1.0.0', 'acme:text/other@1.0.0', 'local', 'plain-import'])
    expect(world.exports.map(({ name }) => name)).toEqual(['plain-export', 'acme:text/lists@1.0.0'])
    expect(world.exports[0]).toEqual({
      kind: 'function',
      name: 'plain-export',
      path: 'plainExport',
      params: [{ name: 'a', type: { kind: 's8' } }, { name: 'b', type: { kind: 'u16' } }],
      result: { kind: 's64' },
    })
    const lists = world.exports[1]!
    if (lists.kind !== 'interface') throw new Error('not an interface')
    expect(lists.resources).toEqual(['doc'])
    expect(lists.types).toContainEqual({ name: 'thing', from: 'acme:text/other@1.0.0', type: { kind: 'record', name: 'thing', fields: [{ name: 'x', type: { kind: 'u8' } }] } })
    expect(lists.types).toContainEqual({ name: 'count', type: { kind: 'u64', name: 'count' } })
    const byName = new Map(lists.functions.map((each) => [each.name, each]))
    expect(byName.get('[constructor]doc')).toMatchObject({ path: 'Doc', params: [{ name: 's', type: { kind: 'string' } }], result: { kind: 'own', resource: 'doc' } })
    expect(byName.get('[method]doc.body')).toMatchObject({ path: 'Doc#body', params: [{ name: 'self', type: { kind: 'borrow', resource: 'doc' } }], result: { kind: 'string' } })
    expect(byName.get('[static]doc.make')).toMatchObject({ path: 'Doc.make', result: { kind: 'own', resource: 'doc' } })
    expect(byName.get('judge')).toMatchObject({
      params: [
        { name: 'o', type: { name: 'opts', kind: 'record', fields: [{ name: 'sep', type: { kind: 'string' } }, { name: 'max', type: { kind: 'option', some: { kind: 'u32' } } }] } },
        { name: 's', type: { name: 'shape', kind: 'variant', cases: [{ name: 'none', type: undefined }, { name: 'size', type: { kind: 'u32' } }, { name: 'names', type: { kind: 'list', element: { kind: 'string' } } }] } },
        { name: 'p', type: { name: 'perms', kind: 'flags', names: ['r', 'w'] } },
        { name: 'l', type: { name: 'level', kind: 'enum', names: ['low', 'high'] } },
      ],
      result: { kind: 'result', ok: undefined, error: { name: 'level', kind: 'enum' } },
    })
  })

  it('tells the JavaScript names that the exports really have', async () => {
    const compiled = await compile(await fromWit(WIT.replace(/ {2}import .*\n/g, '')), { interfaces: ['acme:text/other'] })
    const { exports } = compiled.instantiate({ 'acme:text/other': {} }, createLink())
    for (const extern of compiled.world.exports) {
      if (extern.kind === 'function') expect(exports[extern.path]).toBeTypeOf('function')
      else {
        const found = exports[extern.name] as Record<string, { readonly prototype: object }>
        for (const { path } of extern.functions) {
          const [owner = '', kind, member = ''] = path.split(/([.#])/)
          expect(found[owner], path).toBeTypeOf('function')
          if (kind === '.') expect(Reflect.get(found[owner]!, member), path).toBeTypeOf('function')
          if (kind === '#') expect(Reflect.get(found[owner]!.prototype, member), path).toBeTypeOf('function')
        }
      }
    }
  })

  it('prints WIT that can be read back to the same', async () => {
    const options = { interfaces: ['acme:text/lists', 'acme:text/other', 'plain-import', 'local'] }
    const { wit } = await compile(await fromWit(WIT), options)
    const again = await compile((await componentNew(await componentEmbed({ witSource: wit, dummy: true, world: 'root' }), [])).slice(), options)
    expect(again.wit).toBe(wit)
  })

  it('puts comments to the functions they are about, where the component carries any', async () => {
    const root = {
      func_exports: { 'plain-export': { docs: 'Computes.\nAll of\u001b[1m it.' } },
      funcs: { 'plain-import': 'Asks.' },
      interfaces: { local: { docs: 'Local.', funcs: { poke: { docs: 'Pokes.' } } } },
    }
    const options = { interfaces: ['acme:text/lists', 'acme:text/other', 'plain-import', 'local'] }
    const { world, wit } = await compile(withCustom(await fromWit(WIT), 'package-docs', `\0${JSON.stringify({ worlds: { root } })}`), options)
    expect(world.exports[0]).toMatchObject({ name: 'plain-export', docs: 'Computes.\nAll of\u001b[1m it.' })
    expect(world.imports.find(({ name }) => name === 'plain-import')).toMatchObject({ docs: 'Asks.' })
    expect(world.imports.find(({ name }) => name === 'local')).toMatchObject({ functions: [{ name: 'poke', docs: 'Pokes.' }] })
    expect(wit).toContain('  /// Computes.\n  /// All of[1m it.\n  export plain-export: func(a: s8, b: u16) -> s64;')
  })

  it('adapts a command of WASI preview 1, and says what it needs', async () => {
    const command = await wat(`(module
      (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))
      (memory (export "memory") 1)
      (func (export "_start")))`)
    const { imports, world, sizes } = await compile(command)
    expect(imports).toContain('wasi:cli/stdout@0.2.12')
    expect(world.exports.map(({ name }) => name)).toEqual(['wasi:cli/run@0.2.12'])
    expect(sizes.memory).toBe(65_536)
  })

  it('makes a component of a core module that computes with numbers only', async () => {
    const compiled = await compile(await wat('(module (func (export "add") (param i32 i64) (result f64) (f64.const 1.5)) (func (export "notKebab")) (func (export "list") (param f32)))'))
    expect(compiled.wit).toContain('export add: func(p0: s32, p1: s64) -> f64;')
    expect(compiled.wit).not.toContain('otKebab')
    expect((compiled.instantiate({}, createLink()).exports['add'] as (a: number, b: bigint) => number)(1, 2n)).toBe(1.5)
  })

  it('counts memories and instances of core modules', async () => {
    const { modules, sizes } = await compileText(`(component
      (core module $m (memory 3) (func (export "x")))
      (core instance (instantiate $m))
      (core instance $m (instantiate $m))
      (func (export "t") (canon lift (core func $m "x"))))`)
    expect(modules).toMatchObject([{ instances: 2, memory: { initialPages: 3 } }])
    expect(sizes.memory).toBe(6 * 65_536)
  })

  it('shares one budget between the modules of a component', async () => {
    const compiled = await compileText(`(component
      (core module $a (func (export "spin") (param i32) (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if 0 (local.get 0)))))
      (core instance $a (instantiate $a))
      (core module $b (import "a" "spin" (func $spin (param i32)))
        (func (export "spin") (param i32) (call $spin (local.get 0)) (loop (local.set 0 (i32.sub (local.get 0) (i32.const 1))) (br_if 0 (local.get 0)))))
      (core instance $b (instantiate $b (with "a" (instance $a))))
      (func (export "once") (param "n" u32) (canon lift (core func $a "spin")))
      (func (export "twice") (param "n" u32) (canon lift (core func $b "spin"))))`)
    const used = (name: string): number => {
      const link = createLink()
      ;(compiled.instantiate({}, link).exports[name] as (n: number) => void)(1000)
      return link.used()
    }
    expect(used('once')).toBeGreaterThanOrEqual(1000)
    expect(used('twice')).toBeGreaterThanOrEqual(2 * used('once') - 10)
  })

  it.runIf(canSuspend())('suspends in imports that may wait, where the engine can', async () => {
    const text = `(component
      (import "wasi:io/poll@0.2.0" (instance $poll (export "poll" (func (result u32)))))
      (core func $poll (canon lower (func $poll "poll")))
      (core module $m (import "a" "poll" (func $poll (result i32))) (func (export "x") (result i32) (i32.add (call $poll) (i32.const 1))))
      (core instance $m (instantiate $m (with "a" (instance (export "poll" (func $poll))))))
      (func (export "x") (result u32) (canon lift (core func $m "x"))))`
    const compiled = await compileText(text, { asyncImports: ['wasi:io/poll#poll'] })
    expect(compiled.mode).toBe('jspi')
    const answers: ((value: number) => void)[] = []
    const { exports } = compiled.instantiate({ 'wasi:io/poll': { poll: () => new Promise((resolve) => answers.push(resolve)) } }, createLink())
    const result = (exports['x'] as () => Promise<number>)()
    await expect.poll(() => answers.length).toBe(1)
    answers[0]!(41)
    expect(await result).toBe(42)
    expect((await compileText(text, { asyncImports: ['wasi:io/poll#poll'], mode: 'sync' })).mode).toBe('sync')
    expect((await compileText(text)).mode).toBe('sync')
  })
})

describe('ComponentCache', () => {
  it('prepares what is asked for at once and again only once', async () => {
    const cache = new ComponentCache()
    const bytes = await wat(ADD)
    const [first, second] = await Promise.all([compile(bytes, { cache }), compile(bytes, { cache })])
    expect(second).toBe(first)
    expect(await compile(bytes, { cache })).toBe(first)
    expect(await compile(bytes, { cache, maxTableElements: 10 })).not.toBe(first)
  })

  it('forgets the least recently used first, and what failed at once', async () => {
    const cache = new ComponentCache({ maxEntries: 2 })
    const made: string[] = []
    const get = (key: string): Promise<unknown> =>
      cache.get(key, async () => {
        made.push(key)
        if (key === 'bad') throw new Error('bad')
        return { digest: key } as never
      })
    await get('a')
    await get('b')
    await get('a')
    await get('c')
    await get('a')
    await get('b')
    expect(made).toEqual(['a', 'b', 'c', 'b'])
    await expect(get('bad')).rejects.toThrow('bad')
    await expect(get('bad')).rejects.toThrow('bad')
    expect(made.filter((key) => key === 'bad')).toHaveLength(2)
    expect(cache.size).toBeLessThanOrEqual(2)
  })

  it('compares the pinned digest even when the component is known', async () => {
    const cache = new ComponentCache()
    const bytes = await wat(ADD)
    await compile(bytes, { cache })
    await expect(compile(bytes, { cache, sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'digest-mismatch' })
  })
})
