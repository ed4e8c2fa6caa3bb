import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writePrebuilt } from '../../../src/component/prebuilt.js'
import { component } from '../../../src/component/index.js'
import { createSandbox } from '../../../src/index.js'
import { compilerFromSources } from '../../support/compiler-platform.js'
import { componentFromSources, useComponents, valueOf, wat } from '../components.js'
import { lift, single } from '../fixtures.js'

const ONE = single('(func (export "one") (result i32) (i32.const 1))', lift('one', '(result u32)'))

let bytes: Uint8Array
let folder: string
let server: Server
beforeAll(async () => {
  bytes = await wat(ONE)
  folder = mkdtempSync(join(tmpdir(), 'glovebox-load-'))
  writeFileSync(join(folder, 'one.wasm'), bytes)
  server = createServer(({ url }, response) => {
    if (url === '/one.wasm') response.end(bytes)
    else response.writeHead(404).end()
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
})
afterAll(() => {
  server.close()
  rmSync(folder, { recursive: true, force: true })
})
const served = (path: string): URL => new URL(path, `http://127.0.0.1:${(server.address() as { port: number }).port}`)

describe('Sandbox.load()', () => {
  const { sandbox } = useComponents()

  it('takes bytes, a buffer, a file and a URL, all the same', async () => {
    const digest = createHash('sha256').update(bytes).digest('hex')
    const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
    for (const source of [bytes, buffer, pathToFileURL(join(folder, 'one.wasm')), served('/one.wasm')]) {
      await using tool = await sandbox().load(source, { sha256: digest.toUpperCase() })
      expect(tool).toMatchObject({ digest, imports: [], exports: ['one'], wit: expect.stringContaining('export one: func() -> u32') })
      expect(valueOf(await tool.call('one'))).toBe(1)
    }
  })

  it('looks at nothing that has another digest', async () => {
    await expect(sandbox().load(bytes, { sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'digest-mismatch' })
    await expect(sandbox().load(new Uint8Array([1, 2, 3]), { sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'digest-mismatch' })
  })

  it('refuses what is missing, or has another scheme', async () => {
    await expect(sandbox().load(pathToFileURL(join(folder, 'two.wasm')))).rejects.toMatchObject({ code: 'invalid-component', message: expect.stringMatching(/two\.wasm: ENOENT$/) })
    await expect(sandbox().load(served('/two.wasm'))).rejects.toMatchObject({ code: 'invalid-component', message: expect.stringMatching(/two\.wasm: status 404$/) })
    await expect(sandbox().load(new URL('data:application/wasm,x'))).rejects.toMatchObject({ code: 'invalid-component', message: 'Cannot load the component from data:application/wasm,x: the scheme "data:" is none this platform reads' })
    await expect(sandbox().load(new URL('http://127.0.0.1:1/x.wasm'))).rejects.toMatchObject({ code: 'invalid-component' })
  })

  it('refuses what is larger than it may be', async () => {
    await using narrow = await createSandbox({ engines: [componentFromSources({ maxBytes: 100 })] })
    for (const source of [bytes, pathToFileURL(join(folder, 'one.wasm')), served('/one.wasm')]) {
      await expect(narrow.load(source)).rejects.toMatchObject({ code: 'invalid-component', message: expect.stringContaining('raise maxBytes') })
    }
  })

  it.each<readonly [string, unknown, object, string]>([
    ['a text', 'one.wasm', {}, 'invalid-option'],
    ['nothing', null, {}, 'invalid-option'],
    ['an object', {}, {}, 'invalid-option'],
    ['no component', new Uint8Array([0, 97, 115, 109]), {}, 'invalid-component'],
    ['an unknown option', new Uint8Array(8), { sha: '' }, 'invalid-option'],
    ['a digest that is none', new Uint8Array(8), { sha256: 'abc' }, 'invalid-option'],
    ['something else made ahead of time', { kind: 'component' }, {}, 'invalid-option'],
  ])('refuses %s', async (_what, source, options, code) => {
    await expect(sandbox().load(source as never, options as never)).rejects.toMatchObject({ name: 'GloveboxError', code })
  })

  it('takes what was made ahead of time, under the same grants and limits', async () => {
    const made = join(folder, 'made')
    await writePrebuilt(await wat(single('(func (export "one") (result i32) (i32.const 1)) (func (export "spin") (loop (br 0)))', `${lift('one', '(result u32)')} ${lift('spin')}`)), made, { platform: compilerFromSources, mode: 'sync' })
    const { default: prebuilt } = await import(pathToFileURL(join(made, 'node.js')).href)
    await using tool = await sandbox().load(prebuilt)
    expect(valueOf(await tool.call('one'))).toBe(1)
    expect(await tool.call('spin', [], { limits: { fuel: 1_000_000 } })).toMatchObject({ outcome: 'stopped', reason: 'fuel', usage: { fuel: 1_000_000 } })
    await expect(sandbox().load(prebuilt, { sha256: '0'.repeat(64) })).rejects.toMatchObject({ code: 'digest-mismatch' })
  })

  it('is refused after the sandbox was disposed', async () => {
    const gone = await createSandbox({ engines: [componentFromSources()] })
    await gone[Symbol.asyncDispose]()
    await expect(gone.load(bytes)).rejects.toMatchObject({ code: 'disposed' })
  })
})

describe('component()', () => {
  it.each([[{ cache: 5 }], [{ mode: 'jspi' }], [{ maxKept: -1 }]])('refuses %o', (options) => {
    expect(() => component(options as never)).toThrow(expect.objectContaining({ code: 'invalid-option' }))
  })
})
