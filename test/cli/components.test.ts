import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { wat } from '../component/components.js'
import { lift, single } from '../component/fixtures.js'
import { withCustom } from '../component/pipeline/support.js'
import { command } from '../component/run/preview1.js'
import { ROOT } from '../support/source-files.js'
import { glovebox } from './glovebox.js'

const SLUGIFY = 'acme:text/slugify#slugify'

/** Prints everything from its input to its output. */
const CAT = command(
  `(local $n i32)
   (loop $again
     (i32.store (i32.const 32) (i32.const 1024)) (i32.store (i32.const 36) (i32.const 4096))
     (drop (call $fd_read (i32.const 0) (i32.const 32) (i32.const 1) (i32.const 40)))
     (local.set $n (i32.load (i32.const 40)))
     (if (local.get $n) (then (call $print (i32.const 1) (i32.const 1024) (local.get $n)) (br $again))))`,
  { imports: ['fd_read'] },
)
const ARGS = command(
  `(drop (call $args_sizes_get (i32.const 32) (i32.const 36))) (drop (call $args_get (i32.const 256) (i32.const 1024)))
   (call $print (i32.const 1) (i32.const 1024) (i32.load (i32.const 36)))`,
  { imports: ['args_sizes_get', 'args_get'] },
)
const exit = (code: number): string => command(`(call $print (i32.const 1) (i32.const 64) (i32.const 3)) (call $proc_exit (i32.const ${code}))`, { imports: ['proc_exit'], rest: '(data (i32.const 64) "out")' })
/** Ends with 0 when a directory is there. */
const MOUNTED = command('(call $proc_exit (call $fd_prestat_get (i32.const 3) (i32.const 64)))', { imports: ['fd_prestat_get', 'proc_exit'] })
const PRINTS = command('(call $print (i32.const 1) (i32.const 64) (i32.const 9)) (call $print (i32.const 2) (i32.const 80) (i32.const 5))', { rest: '(data (i32.const 64) "a\\1b[2Jz\\e2\\80\\ae") (data (i32.const 80) "\\1berr\\n")' })
const FAILS = single('(func (export "fail") (param i32) (result i32) (i32.store8 (i32.const 8) (local.get 0)) (i32.store (i32.const 12) (i32.const 64)) (i32.store (i32.const 16) (i32.const 3)) (i32.const 8)) (data (i32.const 64) "bad")',
  lift('fail', '(param "really" bool) (result (result (error string)))'))
const LOOPS = single('(func (export "loop") (loop (br 0)))', lift('loop'))

let folder = ''
beforeAll(async () => {
  await mkdir(join(ROOT, '.cache'), { recursive: true })
  // Within the repository, so that what is built can find the package.
  folder = await mkdtemp(join(ROOT, '.cache/cli-components-'))
  await copyFile(join(ROOT, 'wasm/guests/slugify.wasm'), join(folder, 'slugify.wasm'))
  const texts = { cat: CAT, args: ARGS, zero: exit(0), three: exit(3), mounted: MOUNTED, prints: PRINTS, fails: FAILS, loops: LOOPS, unknown: '(component (import "acme:host/kv" (instance (export "get" (func)))) (import "wasi:filesystem/preopens@0.2.3" (instance)))' }
  for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, `${name}.wasm`), await wat(text))
  await writeFile(join(folder, 'broken.wasm'), 'not WebAssembly')
  await writeFile(join(folder, 'args.json'), '["From a File"]')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const run = (...args: readonly string[]) => glovebox(args, { cwd: folder })

describe('glovebox run FILE.wasm', () => {
  it('prints what a command writes, controls written out, and nothing else to standard output', async () => {
    const { code, stdout, stderr } = await run('run', 'prints.wasm')
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'a\\u001b[2Jz\\u202e' })
    expect(stderr).toMatch(/^err {3}\| \\u001berr\nreturned in [\d.]+ ms; fuel [\d,]+; memory [\d.]+ MiB; 0 host calls\n$/)
  })

  it('passes arguments on', async () => {
    expect(await run('run', 'args.wasm', '--', '--json', 'a b')).toMatchObject({ code: 0, stdout: 'component\\u0000--json\\u0000a b\\u0000' })
  })

  it('has standard input only when it is granted', async () => {
    expect(await glovebox(['run', 'cat.wasm'], { cwd: folder, stdin: 'typed' })).toMatchObject({ code: 0, stdout: '' })
    expect(await glovebox(['run', 'cat.wasm', '--allow-stdin'], { cwd: folder, stdin: 'Grüße\n'.repeat(5000) })).toMatchObject({ code: 0, stdout: 'Grüße\n'.repeat(5000) })
  })

  it('exits with 0 when the command says so, and with 1 when it fails', async () => {
    expect(await run('run', 'zero.wasm')).toMatchObject({ code: 0, stdout: 'out', stderr: expect.stringMatching(/^returned in/) as string })
    expect(await run('run', 'three.wasm')).toMatchObject({ code: 1, stdout: 'out', stderr: expect.stringContaining('stopped (exit)') as string })
  })

  it('mounts what flags grant', async () => {
    expect((await run('run', 'mounted.wasm')).code).toBe(1)
    expect((await run('run', 'mounted.wasm', '--allow-read=.::/data')).code).toBe(0)
  })

  it('--json prints the whole result', async () => {
    const { code, stdout } = await run('run', 'three.wasm', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'stopped', reason: 'exit', exitCode: 1, stdout: 'out' })
  })

  it.each<readonly [args: readonly string[], words: string]>([
    [['run', 'missing.wasm'], 'cannot read the component "missing.wasm": ENOENT'],
    [['run', 'broken.wasm'], 'neither a component nor a core module'],
    [['run', 'slugify.wasm'], 'is no command'],
    [['run', 'cat.wasm', '--input=1'], '--input is for programs in JavaScript'],
    [['run', '-', '--allow-stdin'], 'standard input is the program itself'],
    [['run', 'unknown.wasm'], 'acme:host/kv'],
  ])('is 2 for %j', async (args, words) => {
    expect(await run(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) as string })
  })

  it('hands standard input to programs in JavaScript as well', async () => {
    await writeFile(join(folder, 'stdin.js'), `return (await import('node:fs')).readFileSync(0, 'utf8')`)
    expect(await glovebox(['run', 'stdin.js', '--allow-stdin'], { cwd: folder, stdin: 'typed' })).toMatchObject({ code: 0, stdout: 'typed\n' })
  })
})

describe('glovebox call', () => {
  it('calls a function with a list of arguments, from the command line or a file', async () => {
    expect(await run('call', 'slugify.wasm', SLUGIFY, '--args=["Hello, World!"]')).toMatchObject({ code: 0, stdout: 'hello-world\n' })
    expect(await run('call', 'slugify.wasm', SLUGIFY, '--args=@args.json', '--json')).toMatchObject({ code: 0, stdout: expect.stringContaining('"value":"from-a-file"') as string })
  })

  it('is 1 for the error of a function', async () => {
    expect(await run('call', 'fails.wasm', 'fail', '--args=[true]')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('threw | ComponentError: bad') as string })
    expect(await run('call', 'fails.wasm', 'fail', '--args=[false]')).toMatchObject({ code: 0, stdout: '' })
  })

  it('is 124 when time or fuel ran out', async () => {
    expect((await run('call', 'loops.wasm', 'loop', '--timeout=200ms')).code).toBe(124)
    expect((await run('call', 'loops.wasm', 'loop', '--fuel=100000')).code).toBe(124)
  })

  it.each<readonly [args: readonly string[], words: string]>([
    [[], 'the component is missing'],
    [['slugify.wasm'], 'the function is missing'],
    [['slugify.wasm', SLUGIFY, 'text'], 'arguments of a function are one list of JSON'],
    [['slugify.wasm', SLUGIFY, '--args={}'], '--args is no list'],
    [['slugify.wasm', SLUGIFY, '--args=[text]'], '--args is no JSON'],
    [['slugify.wasm', SLUGIFY, '--args=[1]'], '(invalid-input)'],
    [['slugify.wasm', 'other', '--args=[]'], `has no export "other"; it has acme:text/slugify@1.0.0#slugify`],
  ])('is 2 for %j', async (args, words) => {
    expect(await run('call', ...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) as string })
  })
})

describe('glovebox inspect', () => {
  it('says what can be called, in WIT too', async () => {
    const { code, stdout, stderr } = await run('inspect', 'slugify.wasm')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^slugify\.wasm: a component of 600 bytes\nsha256 [0-9a-f]{64}\n/)
    for (const words of [`glovebox call slugify.wasm 'acme:text/slugify@1.0.0#slugify'`, 'It needs no grant.', 'slugify: func(text: string) -> string;']) expect(stdout).toContain(words)
  })

  it('says which grants a command would need and for what', async () => {
    expect((await run('inspect', 'mounted.wasm')).stdout).toMatch(/glovebox run mounted\.wasm -- ARGUMENTS[^]*fs +for fd_prestat_get\n +granted with --allow-read/)
    const { code, stdout } = await run('inspect', 'cat.wasm', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'core module', needs: [{ grant: 'stdin', uses: ['fd_read'] }], offers: { command: true, requests: false, functions: [] }, sizes: { memory: expect.any(Number) as number } })
  })

  it('exits with 1 for what is refused, and still says what it imports', async () => {
    const { code, stdout } = await run('inspect', 'unknown.wasm', '--json')
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'component', refused: { code: 'unknown-import' }, needs: [{ grant: 'interface', uses: ['acme:host/kv#get'] }], wit: expect.stringContaining('import acme:host/kv') as string })
    expect(await run('inspect', 'unknown.wasm', '--interface=acme:host/kv')).toMatchObject({ code: 0, stdout: expect.stringContaining('interface for acme:host/kv#get') as string })
    expect(await run('inspect', 'broken.wasm')).toMatchObject({ code: 1, stdout: expect.stringContaining('Refused (invalid-component)') as string })
  })

  it('shows no controls of comments', async () => {
    const docs = JSON.stringify({ worlds: { root: { func_exports: { loop: { docs: '\u001b[2Jcleared\u202e' } } } } })
    await writeFile(join(folder, 'docs.wasm'), withCustom(await readFile(join(folder, 'loops.wasm')), 'package-docs', `\0${docs}`))
    const { stdout } = await run('inspect', 'docs.wasm')
    expect(stdout).toContain('/// [2Jcleared')
    expect(stdout).not.toMatch(/(?![\n])[\p{Cc}\p{Cf}]/u)
  })
})

describe('glovebox build', () => {
  it('writes what sandbox.load() takes, and writes it again', async () => {
    for (const flag of [['-o', 'edge/slugify'], ['--out=edge/slugify'], ['-o=edge/slugify', '--mode=sync']]) {
      expect(await run('build', 'slugify.wasm', ...flag)).toMatchObject({ code: 0, stdout: expect.stringMatching(/^edge\/slugify: 1 module, [\d,]+ bytes; import index\.js, or node\.js in Node\nsha256 [0-9a-f]{64}\n$/) as string })
    }
    const { default: prebuilt } = (await import(pathToFileURL(join(folder, 'edge/slugify/node.js')).href)) as { default: { kind: string; manifest: { mode: string } } }
    expect(prebuilt).toMatchObject({ kind: 'component', manifest: { mode: 'sync' } })
  })

  it('builds components that import interfaces of the embedder, all of which may wait', async () => {
    expect(await run('build', 'unknown.wasm', '-o', 'edge/unknown', '--interface=acme:host/kv')).toMatchObject({ code: 0 })
  })

  it.each<readonly [args: readonly string[], words: string]>([
    [['slugify.wasm'], 'the directory is missing'],
    [['slugify.wasm', '-o'], '-o needs a directory'],
    [['-o', 'edge/x'], 'the component is missing'],
    [['slugify.wasm', '-o', '.'], 'holds other files'],
    [['slugify.wasm', '-o', 'slugify.wasm'], 'cannot write to slugify.wasm'],
    [['slugify.wasm', '-o', 'edge/x', '--mode=fast'], '--mode is "fast"'],
    [['unknown.wasm', '-o', 'edge/y'], '(unknown-import)'],
  ])('is 2 for %j, with nothing written', async (args, words) => {
    expect(await run('build', ...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(words) as string })
    const written = await readdir(join(folder, 'edge/y')).catch(() => [])
    expect(written).toEqual([])
  })
})

describe('help of the commands of components', () => {
  it.each([['call', '--args=JSON|@FILE'], ['inspect', '--interface=NAME'], ['build', '--mode=jspi|sync'], ['run', '.wasm']])('glovebox %s --help', async (name, words) => {
    expect(await run(name, '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining(words) as string })
  })
})
