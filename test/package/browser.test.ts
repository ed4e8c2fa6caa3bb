import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { chromium, runPage } from '../support/chromium.js'
import { type Project, firstExample, installPacked } from '../support/packed.js'

const { javascript, output } = firstExample()

let project: Project | undefined
beforeAll(async () => {
  if (chromium !== undefined) project = await installPacked()
}, 120_000)
afterAll(() => project?.[Symbol.dispose]())

const IMPORTS = {
  glovebox: '/files/dist/index.js',
  'glovebox/web': '/files/dist/web.js',
  '#platform': '/files/dist/platform/web.js',
}

/** Runs the example, then what a page must not be able to do and what a guest may, and posts all of it. */
const MAIN = `
const printed = []
console.log = (...values) => void printed.push(values.join(' ') + '\\n')
const said = {}
try {
  await import('/example.js')
  said.printed = printed.join('')
  const { createSandbox } = await import('glovebox')
  const { http } = await import('glovebox/web')
  const sandbox = await createSandbox()
  const net = http([{ url: location.origin + '/data.js' }])
  const fetched = await sandbox.run('return (await fetch(input)).text()', { input: location.origin + '/data.js', grants: { net } })
  said.fetched = fetched.value ?? fetched
  const loop = await sandbox.run('for (;;);', { limits: { fuel: 3000000 } })
  said.loop = [loop.reason, loop.usage.fuel]
  await sandbox[Symbol.asyncDispose]()
  try { new Function('return 1')(); said.eval = 'allowed' } catch { said.eval = 'refused' }
} catch (error) {
  said.failure = String(error.stack ?? error)
}
await fetch('/done', { method: 'POST', body: JSON.stringify(said) })
`

const REASON = 'chromium is not installed; .ci/run installs it with apt-get install chromium'

it("glovebox/web runs the README's first example in a page whose policy allows wasm and no eval", { timeout: 90_000 }, async ({ skip }) => {
  if (project === undefined) {
    console.log(`skipped: ${REASON}`)
    return skip(REASON)
  }
  const nonce = randomUUID()
  const answer = await runPage({
    folder: join(project.folder, 'node_modules/glovebox'),
    html: `<!doctype html><title>glovebox</title><script type="importmap" nonce="${nonce}">${JSON.stringify({ imports: IMPORTS })}</script><script type="module" src="/main.js"></script>`,
    scripts: { '/main.js': MAIN, '/example.js': javascript.replaceAll('glovebox/node', 'glovebox/web'), '/data.js': 'some data' },
    policy: `default-src 'none'; script-src 'self' 'nonce-${nonce}' 'wasm-unsafe-eval'; connect-src 'self'`,
    timeoutMs: 60_000,
  })
  expect(JSON.parse(answer)).toEqual({ printed: output, fetched: 'some data', loop: ['fuel', 3_000_000], eval: 'refused' })
})

it('a bundler takes the engine along, and finds the platform of a browser', { timeout: 90_000 }, async ({ skip }) => {
  if (project === undefined) {
    console.log(`skipped: ${REASON}`)
    return skip(REASON)
  }
  const app = join(project.folder, 'app')
  mkdirSync(app)
  const example = javascript.replaceAll('glovebox/node', 'glovebox/web')
  const report = "const printed = []\nconsole.log = (...values) => void printed.push(values.join(' ') + '\\n')\n"
  writeFileSync(join(app, 'example.js'), `${example}\nexport {}`)
  writeFileSync(join(app, 'main.js'), `${report}await import('./example.js')\nawait fetch('/done', { method: 'POST', body: printed.join('') })`)
  writeFileSync(join(app, 'index.html'), '<!doctype html><title>app</title><script type="module" src="./main.js"></script>')
  await build({ root: app, base: '/files/', logLevel: 'error', configFile: false, build: { target: 'es2023', modulePreload: false, outDir: 'built', assetsInlineLimit: 0 } })
  const assets = readdirSync(join(app, 'built/assets'))
  expect(assets.filter((name) => name.endsWith('.wasm'))).toHaveLength(1)
  expect(assets.filter((name) => name.startsWith('__vite-browser-external'))).toEqual([])
  const entry = assets.find((name) => /^index-.*\.js$/.test(name))
  const answer = await runPage({
    folder: join(app, 'built'),
    html: `<!doctype html><title>app</title><script type="module" src="/files/assets/${entry}"></script>`,
    scripts: {},
    policy: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'",
    timeoutMs: 60_000,
  })
  expect(answer).toBe(output)
})
