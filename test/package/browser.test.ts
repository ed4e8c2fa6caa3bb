import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
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

it("glovebox/web runs the README's first example in a page whose policy allows wasm and no eval", { timeout: 90_000 }, async ({ skip }) => {
  if (project === undefined) {
    const reason = 'chromium is not installed; .ci/run installs it with apt-get install chromium'
    console.log(`skipped: ${reason}`)
    return skip(reason)
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
