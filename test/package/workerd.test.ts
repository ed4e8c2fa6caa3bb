import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { type TestContext, afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Project, firstExample, installPacked } from '../support/packed.js'
import { ROOT } from '../support/source-files.js'
import { type Deployment, deploy, installWorkerd } from '../support/workerd.js'

const node = promisify(execFile)
const { javascript, output } = firstExample()

/** Work whose fuel depends on every step of it. */
const SORT = 'const all = []; for (let i = 0; i < 2000; i++) all.push(input * Math.random()); return all.sort()[1000].toString()'

const SAME = `
import { createSandbox } from 'glovebox'
const sandbox = await createSandbox()
console.log(JSON.stringify(await sandbox.run(${JSON.stringify(SORT)}, { input: 21 })))
await sandbox[Symbol.asyncDispose]()
`

const MAIN = `
import { example } from './example.js'
import { createWorker } from './worker.ts'
export default createWorker(example)
`

let project: Project | undefined
let deployment: Deployment | undefined
let reason = ''
beforeAll(async () => {
  const workerd = await installWorkerd((line) => console.log(line))
  if ('reason' in workerd) {
    reason = workerd.reason
    console.log(`skipped: ${reason}`)
    return
  }
  project = await installPacked()
  deployment = await deploy(workerd.path, await bundle(project.folder))
}, 240_000)
afterAll(async () => {
  await deployment?.[Symbol.asyncDispose]()
  project?.[Symbol.dispose]()
})

/** As the platform's own tool bundles a worker: with its conditions, and modules of WebAssembly left beside the code. */
async function bundle(folder: string): Promise<string> {
  const built = join(folder, 'built')
  mkdirSync(built)
  const lines = javascript.split('\n')
  const isImport = (line: string): boolean => line.startsWith('import ')
  const imports = lines.filter(isImport).join('\n').replaceAll('glovebox/node', 'glovebox/web')
  writeFileSync(join(folder, 'example.js'), `${imports}\nexport const example = async (console) => {\n${lines.filter((line) => !isImport(line)).join('\n')}\n}\n`)
  writeFileSync(join(folder, 'main.js'), MAIN)
  writeFileSync(join(folder, 'same.mjs'), SAME)
  copyFileSync(join(ROOT, 'test/edge/worker.ts'), join(folder, 'worker.ts'))
  await build({
    absWorkingDir: folder, entryPoints: { worker: 'main.js' }, outdir: 'built', bundle: true, format: 'esm', target: 'es2023', platform: 'browser', logLevel: 'error',
    conditions: ['workerd', 'worker', 'browser'], loader: { '.wasm': 'copy' }, assetNames: '[name]',
  })
  return built
}

function deployed({ skip }: TestContext): Deployment {
  return deployment ?? skip(reason)
}

const run = (to: Deployment, source: string, options?: object): Promise<unknown> => to.call('run', { source, options })

describe('the installed package on workerd', () => {
  it("runs the README's first example", async (context) => {
    expect(await deployed(context).call('example')).toBe(output)
  })

  it('gives what Node gives, fuel included', async (context) => {
    const to = deployed(context)
    const { stdout } = await node(process.execPath, ['same.mjs'], { cwd: project!.folder, timeout: 20_000 })
    const { value, usage } = JSON.parse(stdout) as { readonly value: string; readonly usage: { readonly fuel: number } }
    expect(value).toMatch(/^[\d.]+$/)
    expect(await run(to, SORT, { input: 21 })).toMatchObject({ outcome: 'returned', value, usage: { fuel: usage.fuel } })
  })

  it('takes the types out of TypeScript, and writes what was granted', async (context) => {
    const source = `
      import { writeFileSync } from 'node:fs'
      enum Tea { Green = 40 }
      export default (more: number): number => {
        writeFileSync('/out/report.txt', 'tea: ' + (Tea.Green + more))
        return Tea.Green + more
      }`
    const answer = await deployed(context).call('draft', { source, options: { language: 'ts', input: 2 } })
    expect(answer).toMatchObject({ result: { outcome: 'returned', value: 42, sources: [] }, written: 'tea: 42' })
  })

  it('denies every request without a grant', async (context) => {
    const answer = await run(deployed(context), "await fetch('https://example.com/')")
    expect(answer).toMatchObject({ outcome: 'threw', error: { name: 'PermissionDenied' }, ledger: [{ capability: 'net', decision: 'denied' }] })
  })

  it('sends a granted request and no other, nor where it is redirected to', async (context) => {
    const to = deployed(context)
    const seen: string[] = []
    const server = createServer((request, response) => {
      seen.push(request.url!)
      if (request.url === '/granted/away') response.writeHead(302, { location: '/other' }).end()
      else response.end(`hello ${request.headers['x-who']}`)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    try {
      const answer = (await to.call('net', { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })) as { value: readonly string[] }
      expect(answer).toMatchObject({ value: ['hello ana', expect.not.stringContaining('hello'), 'PermissionDenied'] })
      expect(seen).toEqual(['/granted/hello', '/granted/away'])
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })

  it('stops loops at exactly their fuel, native ones included', async (context) => {
    const to = deployed(context)
    for (const source of ['for (;;);', 'Array.prototype.reverse.call({ length: 2 ** 53 - 1 })']) {
      expect(await run(to, source, { limits: { fuel: 3_000_000 } })).toMatchObject({ outcome: 'stopped', reason: 'fuel', usage: { fuel: 3_000_000 } })
    }
  })

  it('stops a program that waits at its deadline', async (context) => {
    expect(await deployed(context).call('wait')).toMatchObject({ outcome: 'stopped', reason: 'deadline' })
  })

  it('serves requests that come at once from one sandbox, each on its own', async (context) => {
    const to = deployed(context)
    const source = 'const before = globalThis.mark; globalThis.mark = input; await undefined; return [before, mark]'
    const answers = await Promise.all(Array.from({ length: 20 }, (_, input) => run(to, source, { input })))
    expect(answers.map((answer) => (answer as { readonly value: unknown }).value)).toEqual(answers.map((_, input) => [null, input]))
  })

  it("takes the platform's own exceptions as input", async (context) => {
    expect(await deployed(context).call('exception')).toMatchObject({ value: ['AbortError', 'gone', 20] })
  })

  it('needs no compiler, runs outside of a request, and refuses what the platform lacks', async (context) => {
    expect(await deployed(context).call('surroundings')).toMatchObject({
      compile: 'refused', eval: 'refused', atStart: { outcome: 'returned', value: 42 }, waitingAtStart: 'unsupported-platform', threads: 'unsupported-platform',
    })
  })
})
