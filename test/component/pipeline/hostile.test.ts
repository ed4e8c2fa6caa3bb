import { createHash } from 'node:crypto'
import { afterAll, describe, expect, it } from 'vitest'
import { MeterError } from '../../../wasm/meter/index.js'
import type { CompileOptions } from '../../../src/component/compile.js'
import type { Compiled } from '../../../src/component/compiled.js'
import type { CompilerPlatform } from '../../../src/component/platform/platform.js'
import { GloveboxError } from '../../../src/errors.js'
import { compilerFromSources } from '../../support/compiler-platform.js'
import { reusing } from './reusing.js'
import { compile as compileAlone, createLink, wat, withCustom } from './support.js'

const { platform, end } = reusing(compilerFromSources)
afterAll(end)

const compile = (bytes: Uint8Array, options: Partial<CompileOptions> = {}): Promise<Compiled> => compileAlone(bytes, { platform, ...options })
const compileText = async (text: string, options: Partial<CompileOptions> = {}): Promise<Compiled> => compile(await wat(text), options)

/** A component of one core module with an export `x`, lifted as `t`. */
const around = (module: string): string => `(component ${module} (core instance $m (instantiate $m)) (func (export "t") (canon lift (core func $m "x"))))`
const GOOD = around('(core module $m (func (export "x")))')

const refusal = async (promise: Promise<unknown>): Promise<GloveboxError> => {
  const error: unknown = await promise.then(() => 'was loaded', (caught: unknown) => caught)
  expect(error).toBeInstanceOf(GloveboxError)
  return error as GloveboxError
}

describe('bytes that are no component', () => {
  it.each([
    ['none', new Uint8Array()],
    ['four', Uint8Array.of(0, 0x61, 0x73, 0x6d)],
    ['a text', new TextEncoder().encode('(component)')],
    ['a preamble of another version', Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0e, 0, 1, 0)],
  ])('are refused: %s', async (_, bytes) => {
    expect(await refusal(compile(bytes))).toMatchObject({ code: 'invalid-component' })
  })

  it('are refused by size before anything is read', async () => {
    const error = await refusal(compile(new Uint8Array(1001), { maxBytes: 1000, platform: { startThread: () => { throw new Error('a thread was started') } } as never }))
    expect(error).toMatchObject({ code: 'invalid-component', message: expect.stringContaining('raise maxBytes') as string })
  })

  it('are refused when they are no bytes', async () => {
    expect(await refusal(compile('text' as never))).toMatchObject({ code: 'invalid-option' })
  })
})

describe('a pinned digest', () => {
  it('is compared before anything is parsed', async () => {
    const bytes = await wat(GOOD)
    let started = 0
    const watched: CompilerPlatform = { ...compilerFromSources, startThread: (events) => (started += 1, compilerFromSources.startThread(events)) }
    expect(await refusal(compile(bytes, { platform: watched, sha256: 'a'.repeat(64) }))).toMatchObject({ code: 'digest-mismatch' })
    expect(started).toBe(0)
    const sha256 = createHash('sha256').update(bytes).digest('hex').toUpperCase()
    expect((await compile(bytes, { platform: watched, sha256 })).digest).toBe(sha256.toLowerCase())
    expect(started).toBe(1)
  })

  it('must be one', async () => {
    expect(await refusal(compile(await wat(GOOD), { sha256: 'abc' }))).toMatchObject({ code: 'invalid-option' })
  })

  it('holds for bytes that change while they are loaded', async () => {
    const bytes = await wat(GOOD)
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const loading = compile(bytes, { sha256 })
    bytes.fill(0)
    expect((await loading).digest).toBe(sha256)
  })
})

describe('imports', () => {
  const importing = (name: string, rest = '(export "f" (func))'): string => `(component (import "${name}" (instance ${rest})))`

  it.each([
    'fs', 'constructor', 'node:fs', 'acme:db/query@1.0.0', 'wasi:filesystem/types', 'wasi:filesystem/types@0.3.0', 'wasi:filesystem/types@0.2.0-rc.1', 'wasi:nn/tensor@0.2.0',
    'wasi:http/incoming-handler@0.2.0', 'wasi:keyvalue/store@0.2.0',
  ])('called %s are unknown', async (name) => {
    const bytes = await wat(importing('a:b/c')).catch(() => undefined)
    expect(bytes).toBeDefined()
    const text = importing(name)
    // Some of these are no names of the component model at all: the maker of test components refuses them as well.
    const made = await wat(text).catch(() => undefined)
    if (made === undefined) return expect(name).toMatch(/^node:/)
    const error = await refusal(compile(made))
    expect(error).toMatchObject({ code: 'unknown-import', message: expect.stringContaining(name) as string })
  })

  it('are all listed at once', async () => {
    const error = await refusal(compileText('(component (import "a:b/c" (instance)) (import "wasi:io/error@0.2.1" (instance)) (import "d-e" (func)) (import "wasi:io/streams@9.0.0" (instance)))'))
    expect(error.message).toMatch(/"a:b\/c", "d-e", "wasi:io\/streams@9\.0\.0" \(version 9\.0\.0 where/)
    expect(error.message).not.toContain('wasi:io/error')
  })

  it('of the embedder are given by name, with or without version', async () => {
    const text = importing('acme:db/query@1.0.0')
    for (const name of ['acme:db/query', 'acme:db/query@1.0.0']) await compileText(text, { interfaces: [name] })
    expect(await refusal(compileText(text, { interfaces: ['acme:db/query@2.0.0'] }))).toMatchObject({ code: 'unknown-import' })
  })

  it.each(['constructor', 'prototype', 'call', 'to-string', 'then'])('cannot reach what every class has: %s', async (name) => {
    for (const form of ['static', 'method']) {
      const self = form === 'method' ? '(param "self" (borrow $r))' : ''
      const text = importing('wasi:io/streams@0.2.0', `(export "input-stream" (type $r (sub resource))) (export "[${form}]input-stream.${name}" (func ${self} (param "code" string) (result string)))`)
      expect(await refusal(compileText(text))).toMatchObject({ code: 'unknown-import', message: expect.stringContaining(`.${name}`) as string })
    }
  })

  it('must be own properties of what is offered', async () => {
    const compiled = await compileText(`(component (import "acme:a/b" (instance $i (export "r" (type (sub resource))) (export "to-string" (func (result u32)))))
      (core func $f (canon lower (func $i "to-string")))
      (core module $m (import "a" "f" (func $f (result i32))) (func (export "x") (result i32) (call $f)))
      (core instance $m (instantiate $m (with "a" (instance (export "f" (func $f))))))
      (func (export "t") (result u32) (canon lift (core func $m "x"))))`, { interfaces: ['acme:a/b'] })
    const link = createLink()
    const missing = (imports: Record<string, Record<string, unknown>>): void => expect(() => compiled.instantiate(imports, link)).toThrow(expect.objectContaining({ code: 'unknown-import' }))
    missing({})
    missing({ 'acme:a/b': {} })
    missing({ 'acme:a/b': { R: class {} } })
    missing({ 'acme:a/b': { toString: () => 1 } })
    missing(Object.create({ 'acme:a/b': { R: class {}, toString: () => 1 } }) as Record<string, Record<string, unknown>>)
    const { exports } = compiled.instantiate({ 'acme:a/b': { R: class {}, toString: () => 7 } }, link)
    expect((exports['t'] as () => number)()).toBe(7)
  })
})

describe('names that reach the generated glue', () => {
  const HOSTILE = [
    `a'b`, `a"b`, 'a`b', '${x}', 'a\\u0027', `'];globalThis.pwned=1;['`, `'\n;globalThis.pwned=1;//`, '\u2028', '\u2029', '*/globalThis.pwned=1/*', '//', '__proto__', 'a b', 'é', '\u0000', '\u202e', ')', '{}',
    `"+import('node:fs')+"`, 'a [v2] ', 'a  [v2]', 'a [v2] [v3]', 'a [v2', 'a [v]', 'a [w2]', 'a [v2]b', 'a\n[v2]', 'a [v2]\n', 'a [v123456]', 'utf8-to-utf8 (mem0 => alert)', 'utf8-to-utf8 (mem0 => mem1) ', 'utf8-to-utf8 (mem0 => mem1);x', 'utf8-to-x (mem0 => mem1)', 'mem1 alert', 'mem1 I32Load ', 'mem1 I32Load;x', 'memx I32Load', `a' [v2]`,
  ].filter((name) => name !== '//')
  const quote = (name: string): string => [...new TextEncoder().encode(name)].map((byte) => `\\${byte.toString(16).padStart(2, '0')}`).join('')

  it.each(HOSTILE)('are refused as exports of core modules: %j', async (name) => {
    const error = await refusal(compileText(`(component (core module $m (func (export "${quote(name)}"))) (core instance $m (instantiate $m)) (func (export "t") (canon lift (core func $m "${quote(name)}"))))`))
    expect(error).toMatchObject({ code: 'invalid-component' })
    expect(error.message).toMatch(/^[\x20-\x7e]+$/)
    expect(Reflect.get(globalThis, 'pwned')).toBeUndefined()
  })

  it.each(HOSTILE)('are refused as imports of core modules: %j', async (name) => {
    for (const [from, as] of [[name, 'f'], ['m', name]] as const) {
      const error = await refusal(compileText(`(component
        (core module $l (func (export "${quote(as)}")))
        (core instance $l (instantiate $l))
        (core module $m (import "${quote(from)}" "${quote(as)}" (func)) (func (export "x")))
        (core instance $m (instantiate $m (with "${quote(from)}" (instance $l))))
        (func (export "t") (canon lift (core func $m "x"))))`))
      expect(error).toMatchObject({ code: 'invalid-component' })
      expect(Reflect.get(globalThis, 'pwned')).toBeUndefined()
    }
  })

  it.each(HOSTILE)('are refused as names of the component model: %j', async (name) => {
    const hostile = quote(name)
    const lifted = (type: string): string => `(component (core module $m (func (export "x") (param i32))) (core instance $m (instantiate $m)) ${type})`
    const texts = [
      around('(core module $m (func (export "x")))').replace('(export "t")', `(export "${hostile}")`),
      lifted(`(func (export "t") (param "${hostile}" u32) (canon lift (core func $m "x")))`),
      lifted(`(type $r (record (field "${hostile}" u32))) (export $e "r" (type $r)) (func (export "t") (param "p" $e) (canon lift (core func $m "x")))`),
      lifted(`(type $r (enum "${hostile}" "b")) (export $e "r" (type $r)) (func (export "t") (param "p" $e) (canon lift (core func $m "x")))`),
      lifted(`(type $r (flags "${hostile}")) (export $e "${hostile}" (type $r))`),
      lifted(`(instance $i) (export "a:b/${hostile}" (instance $i))`),
      `(component (import "wasi:io/error@0.2.0" (instance (export "${hostile}" (func)))))`,
      `(component (import "${hostile}" (func)))`,
    ]
    for (const text of texts) {
      // What the maker of test components refuses as well needs no further proof.
      const bytes = await wat(text).catch(() => undefined)
      if (bytes === undefined) continue
      expect((await refusal(compile(bytes, { interfaces: [name] }))).code).toMatch(/^(invalid-component|unknown-import|load-stopped)$/)
      expect(Reflect.get(globalThis, 'pwned')).toBeUndefined()
    }
  })

  it('do not come from comments, component names or producers', async () => {
    const evil = '*/globalThis.pwned=1;/*\u2028globalThis.pwned=1;//\n;globalThis.pwned=1;`${globalThis.pwned=1}`'
    const docs = JSON.stringify({ docs: evil, worlds: { root: { docs: evil, func_exports: { t: { docs: evil } } } } })
    let bytes = withCustom(await wat(GOOD), 'package-docs', `\0${docs}`)
    bytes = withCustom(bytes, evil, evil)
    const compiled = await compile(bytes)
    expect((compiled.instantiate({}, createLink()).exports['t'] as () => void)()).toBeUndefined()
    expect(compiled.world.exports).toMatchObject([{ docs: evil }])
    expect(compiled.wit.split('\n').filter((line) => line.includes('pwned')).every((line) => line.trim().startsWith('///'))).toBe(true)
    expect(Reflect.get(globalThis, 'pwned')).toBeUndefined()
  })

  it('are refused in modules that are never instantiated', async () => {
    const error = await refusal(compileText(around(`(core module $m (func (export "x")) (func (export "${quote(`'];1;['`)}")))`)))
    expect(error).toMatchObject({ code: 'invalid-component' })
  })

  it.each(['cabi_post_acme:text/slug@1.0.0#slugify', '[method]output-stream.write', 'cm32p2|acme:text/slug@1|doc_dtor', 'Array<i32>#push', '~lib/rt/__new', '$imports', '_ZN4core3fmtE', 'constructor', 'then', 'toString'])('are taken as tools make them: %j', async (name) => {
    const { instantiate } = await compileText(`(component (core module $m (func (export "${name}"))) (core instance $m (instantiate $m)) (func (export "t") (canon lift (core func $m "${name}"))))`)
    expect((instantiate({}, createLink()).exports['t'] as () => void)()).toBeUndefined()
  })

  it('have a count where a module imports a function twice, as the maker of components has it', async () => {
    const twice = '(import "wasi_snapshot_preview1" "sched_yield" (func (result i32)))'
    const bytes = await wat(`(module ${twice} ${twice} (memory (export "memory") 1) (func (export "_start") (drop (call 0)) (drop (call 1))))`)
    const compiled = await compile(bytes)
    expect(compiled.modules.flatMap(({ module }) => WebAssembly.Module.imports(module).map(({ name }) => name))).toContain('sched_yield [v2]')
    const named = around('(core module $n (func (export "a [v2]"))) (core instance $n (instantiate $n)) (core module $m (import "n" "a [v2]" (func)) (func (export "x") (call 0)))').replace('(instantiate $m)', '(instantiate $m (with "n" (instance $n)))')
    expect(((await compileText(named)).instantiate({}, createLink()).exports['t'] as () => void)()).toBeUndefined()
  })

  it('are those of the functions that carry text between the memories of a component', async () => {
    const memory = '(memory (export "memory") 1) (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 256))'
    const compiled = await compileText(`(component
      (component $inner
        (core module $m ${memory} (func (export "length") (param i32 i32) (result i32) (local.get 1)))
        (core instance $i (instantiate $m))
        (func (export "length") (param "text" string) (result u32) (canon lift (core func $i "length") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
      (instance $inner (instantiate $inner))
      (component $outer
        (import "length" (func $length (param "text" string) (result u32)))
        (core module $libc ${memory} (data (i32.const 16) "text"))
        (core instance $l (instantiate $libc))
        (core func $length (canon lower (func $length) (memory (core memory $l "memory")) (realloc (core func $l "realloc"))))
        (core module $m (import "i" "length" (func $length (param i32 i32) (result i32))) (func (export "x") (result i32) (call $length (i32.const 16) (i32.const 4))))
        (core instance $i (instantiate $m (with "i" (instance (export "length" (func $length))))))
        (func (export "t") (result u32) (canon lift (core func $i "x"))))
      (instance $outer (instantiate $outer (with "length" (func $inner "length"))))
      (export "t" (func $outer "t")))`)
    expect(compiled.modules.flatMap(({ module }) => WebAssembly.Module.imports(module).map(({ name }) => name)).filter((name) => name.includes(' '))).toEqual(expect.arrayContaining(['utf8-to-utf8 (mem1 => mem0)', 'mem1 MemorySize']))
    expect((compiled.instantiate({}, createLink()).exports['t'] as () => number)()).toBe(4)
  })

  it('may be words of JavaScript in the component model', async () => {
    const names = ['delete', 'await', 'eval', 'instantiate', 'imports', 'map', 'promise', 'object', 'then', 'constructor', 'proto', 'scope', 'lift', 'undefined', 'global-this']
    const compiled = await compileText(`(component (core module $m (func (export "x") (result i32) (i32.const 5))) (core instance $m (instantiate $m)) ${names.map((name) => `(func (export "${name}") (result u32) (canon lift (core func $m "x")))`).join('')})`)
    const { exports } = compiled.instantiate({}, createLink())
    for (const { path, kind } of compiled.world.exports.map((extern) => ({ kind: extern.kind, path: extern.kind === 'function' ? extern.path : '' }))) {
      expect(kind).toBe('function')
      expect((exports[path] as () => number)(), path).toBe(5)
    }
  })

  it.each(['arguments', 'exports0'])('are refused where the glue has them for itself: %s', async (name) => {
    const error = await refusal(compileText(`(component (core module $m (func (export "x"))) (core instance $m (instantiate $m)) (func (export "${name}") (canon lift (core func $m "x"))))`))
    expect(error).toMatchObject({ code: 'invalid-component', message: expect.stringContaining('clash') as string })
  })

  it('cannot make a resource that JavaScript takes for a promise', async () => {
    const error = await refusal(compileText(`(component (type $r (resource (rep i32)))
      (core module $m (func (export "x") (param i32)))
      (core instance $m (instantiate $m))
      (func $then (param "self" (borrow $r)) (canon lift (core func $m "x")))
      (component $shim (import "r" (type $r (sub resource))) (import "f" (func $f (param "self" (borrow $r)))) (export $e "r" (type $r)) (export "[method]r.then" (func $f) (func (param "self" (borrow $e)))))
      (instance $i (instantiate $shim (with "r" (type $r)) (with "f" (func $then))))
      (export "a:b/c" (instance $i)))`))
    expect(error).toMatchObject({ code: 'invalid-component', message: expect.stringContaining('[method]r.then') as string })
  })
})

describe('core modules that ask for too much', () => {
  it.each([
    ['a memory of 4 GiB', around('(core module $m (memory 65536) (func (export "x")))'), 'memory-limit'],
    ['memories of 1.5 GiB together', `(component (core module $m (memory 12000) (func (export "x"))) (core instance (instantiate $m)) (core instance $m (instantiate $m)) (func (export "t") (canon lift (core func $m "x"))))`, 'memory-limit'],
    ['a table of 4 billion elements', around('(core module $m (table 4294967295 funcref) (func (export "x")))'), 'table-limit'],
    ['tables of 300,000 elements', around('(core module $m (table 100000 funcref) (table 100000 funcref) (table 100000 funcref) (func (export "x")))'), 'table-limit'],
    ['threads', around('(core module $m (memory 1 1 shared) (func (export "x")))'), 'threads'],
    ['memory64', around('(core module $m (memory i64 1) (func (export "x")))'), 'memory64'],
    ['exceptions', around('(core module $m (tag) (func (export "x") (throw 0)))'), 'exceptions'],
    ['garbage collection', around('(core module $m (type (struct (field i32))) (func (export "x")))'), 'gc'],
    ['typed function references', around('(core module $m (type $f (func)) (func (export "x") (local (ref null $f))))'), 'function-references'],
    ['several memories', around('(core module $m (memory 1) (memory 1) (func (export "x")))'), 'multi-memory'],
    ['relaxed SIMD', around('(core module $m (func (export "x") (drop (i8x16.relaxed_swizzle (v128.const i32x4 0 0 0 0) (v128.const i32x4 0 0 0 0)))))'), 'relaxed-simd'],
    ['a page size of its own', around('(core module $m (memory 1 (pagesize 1)) (func (export "x")))'), 'custom-page-sizes'],
  ])('are refused by name: %s', async (_, text, feature) => {
    const error = await refusal(compileText(text))
    expect(error).toBeInstanceOf(MeterError)
    expect(error).toMatchObject({ code: 'meter-refused', feature })
  })

  it('are refused when they are too many', async () => {
    expect(await refusal(compileText(`(component ${'(core module)'.repeat(257)})`))).toMatchObject({ code: 'invalid-component', message: expect.stringContaining('256 core modules') as string })
    expect(await refusal(compileText(`(component (core module $m) ${'(core instance (instantiate $m))'.repeat(257)})`))).toMatchObject({ code: 'invalid-component', message: expect.stringContaining('257 instances') as string })
  })

  it('are refused when they import what is the host\'s own', async () => {
    const text = (name: string, type: string, item: string): string => `(component (core module $l ${item}) (core instance $l (instantiate $l))
      (core module $m (import "glovebox" "${name}" ${type}) (func (export "x"))) (core instance $m (instantiate $m (with "glovebox" (instance $l)))) (func (export "t") (canon lift (core func $m "x"))))`
    expect(await refusal(compileText(text('refill', '(func (result i32))', '(func (export "refill") (result i32) (i32.const 1))')))).toMatchObject({ feature: 'reserved-name' })
    expect(await refusal(compileText(text('fuel', '(global (mut i32))', '(global (export "fuel") (mut i32) (i32.const 1))')))).toMatchObject({ feature: 'reserved-name' })
    expect(await refusal(compileText(text('other', '(func)', '(func (export "other"))')))).toMatchObject({ code: 'invalid-component' })
  })

  it('load with 4000 exports, and all can be called', async () => {
    const names = Array.from({ length: 4000 }, (_, index) => `f${index}`)
    const compiled = await compileText(`(component (core module $m (func (export "x") (result i32) (i32.const 3))) (core instance $m (instantiate $m)) ${names.map((name) => `(func (export "${name}") (result u32) (canon lift (core func $m "x")))`).join('')})`)
    const { exports } = compiled.instantiate({}, createLink())
    expect(names.reduce((sum, name) => sum + (exports[name] as () => number)(), 0)).toBe(12_000)
  })

  it('are refused with more exports than anyone needs', async () => {
    const names = Array.from({ length: 10_001 }, (_, index) => `(func (export "f${index}") (canon lift (core func $m "x")))`).join('')
    expect(await refusal(compileText(`(component (core module $m (func (export "x"))) (core instance $m (instantiate $m)) ${names})`))).toMatchObject({ code: 'invalid-component' })
  })

  it('are refused with types that double at every level', async () => {
    const types = Array.from({ length: 40 }, (_, index) => `(type $t${index + 1} (tuple $t${index} $t${index}))`).join('')
    const text = `(component (type $t0 (tuple u8 u8)) ${types} (import "acme:a/b" (instance (export "f" (func (param "x" u8))))) (import "g" (func (param "x" $t40))))`
    expect(await refusal(compileText(text, { interfaces: ['g', 'acme:a/b'] }))).toMatchObject({ code: expect.stringMatching(/^(invalid-component|load-stopped)$/) as string })
  })

  it('run their start function on fuel', async () => {
    const compiled = await compileText(around('(core module $m (func $spin (loop (br 0))) (start $spin) (func (export "x")))'))
    expect(() => compiled.instantiate({}, createLink({ fuel: 3_000_000 }))).toThrow(WebAssembly.RuntimeError)
  })
})

describe('what a guest makes the host copy', () => {
  const list = (type: string, pointer: number, length: number, align = ''): string => `(component
    (core module $m (memory (export "memory") 1) (data (i32.const 0) "${[pointer, length].map((word) => [0, 8, 16, 24].map((shift) => `\\${((word >>> shift) & 255).toString(16).padStart(2, '0')}`).join('')).join('')}")
      (func (export "x") (result i32) (i32.const 0)))
    (core instance $m (instantiate $m)) ${align}
    (func (export "t") (result ${type}) (canon lift (core func $m "x") (memory (core memory $m "memory")))))`

  it.each(['(list u8)', '(list u32)', 'string', '(list string)', '(list (tuple u8 u8))'])('is refused beyond its memory: %s', async (type) => {
    const compiled = await compileText(list(type, 65_528, 100))
    expect(() => (compiled.instantiate({}, createLink()).exports['t'] as () => unknown)()).toThrow()
  })

  it('is counted, lists of lists of the same bytes too', async () => {
    const counted: number[] = []
    const link = createLink()
    const lift = (bytes: number): void => void counted.push(bytes)
    for (const [type, length, least] of [['(list u32)', 1000, 4000], ['(list char)', 1000, 4000], ['(list (list u8))', 500, 4000]] as const) {
      counted.length = 0
      const compiled = await compileText(list(type, 1024, length))
      expect((compiled.instantiate({}, { ...link, globals: { ...link.globals, lift } }).exports['t'] as () => unknown[])()).toHaveLength(length)
      expect(counted.reduce((sum, bytes) => sum + bytes, 0)).toBeGreaterThanOrEqual(least)
    }
  })
})

describe('the transpiler', () => {
  it('is stopped at its deadline, and the next load works', async () => {
    expect(await refusal(compileText(GOOD, { deadlineMs: 1 }))).toMatchObject({ code: 'load-stopped', message: expect.stringContaining('1 ms') as string })
    expect((await compileText(GOOD)).mode).toBe('sync')
  })

  it('is stopped when it makes too much', async () => {
    expect(await refusal(compileText(GOOD, { maxOutputBytes: 1000 }))).toMatchObject({ code: 'load-stopped', message: expect.stringContaining('maxOutputBytes') as string })
  })

  it.each(['deadlineMs', 'maxBytes', 'maxOutputBytes', 'maxMemoryBytes', 'maxTableElements'])('is bounded by numbers only: %s', async (name) => {
    for (const value of [0, -1, 1.5, NaN, Infinity, '5']) expect(await refusal(compileText(GOOD, { [name]: value }))).toMatchObject({ code: 'invalid-option' })
  })
})
