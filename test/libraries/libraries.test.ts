import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Grants, type RunOptions, type Sandbox, createSandbox, quickjs, readOnly } from '../../src/index.js'
import { bundle, openDir, systemClock, systemRandom } from '../../src/node.js'
import { valueOf } from '../support/sandbox.js'
import { FOLDER, type Library, libraries } from './catalogue.js'
import { toDocument } from './document.js'
import { installLibraries } from './install.js'

const all = libraries()
const fileOf = ({ name }: Library): string => join(FOLDER, 'programs', `${name}.mjs`)

let skipped: string | undefined
let inNode: Readonly<Record<string, string>> = {}

beforeAll(async () => {
  const say = (line: string): void => void process.stderr.write(`test/libraries: ${line}\n`)
  skipped = installLibraries(FOLDER, say)
  if (skipped !== undefined) return say(`skipping ${all.length} libraries: ${skipped}`)
  const { stdout } = await promisify(execFile)(process.execPath, [join(FOLDER, 'run-in-node.mjs'), ...all.map(fileOf)], {
    env: { PATH: process.env['PATH'], TZ: 'UTC', LANG: 'en_US.UTF-8' },
    timeout: 60_000,
    maxBuffer: 1 << 24,
  })
  inNode = JSON.parse(stdout) as Record<string, string>
}, 300_000)

/** Runs a library's program, which must come to what it does in Node, or must not where something is missing. */
async function check(library: Library, way: 'bundle' | 'mount', start: () => Promise<unknown>): Promise<void> {
  const expected = inNode[fileOf(library)]!
  expect(expected).not.toMatch(/^threw /)
  const why = library.missing[way]
  if (why === undefined) return expect(JSON.stringify(await start())).toBe(expected)
  const outcome = await start().then(JSON.stringify, () => 'failed')
  expect(outcome, `${library.name} runs after all, which was said to lack this: ${why}`).not.toBe(expected)
}

const options = (library: Library, grants: Grants = {}): RunOptions => ({
  filename: `/app/programs/${library.name}.mjs`,
  grants: { clock: systemClock(), random: systemRandom(), ...grants },
  // Memory and time are the defaults.
  limits: { hostCalls: 2000, hostBytesIn: 32 << 20 },
})

describe('docs/libraries.md', () => {
  it('is what runs here', async () => {
    expect(all.length).toBeGreaterThanOrEqual(70)
    await expect(toDocument(all)).toMatchFileSnapshot('../../docs/libraries.md')
  })
})

describe('as mounted packages', () => {
  let sandbox: Sandbox
  let grants: Grants = {}
  beforeAll(async () => {
    sandbox = await createSandbox()
    grants = { fs: { '/app': readOnly(await openDir(FOLDER)) } }
  })
  afterAll(() => sandbox[Symbol.asyncDispose]())

  it.for(all.map((library) => [library.name, library] as const))('%s', async ([, library], context) => {
    context.skip(skipped !== undefined, skipped)
    await check(library, 'mount', async () => valueOf(await sandbox.run(library.source, options(library, grants))))
  })
})

describe.each([...Map.groupBy(all, (library) => library.bundle)])('as bundles: %s', (_bundle, members) => {
  let sandbox: Sandbox | undefined
  beforeAll(async () => {
    if (skipped !== undefined) return
    const packages = await bundle([...new Set(members.flatMap(({ imports }) => imports))], { from: FOLDER })
    sandbox = await createSandbox({ engines: [quickjs({ packages })] })
  })
  afterAll(() => sandbox?.[Symbol.asyncDispose]())

  it.for(members.map((library) => [library.name, library] as const))('%s', async ([, library], context) => {
    context.skip(skipped !== undefined, skipped)
    await check(library, 'bundle', async () => valueOf(await sandbox!.run(library.source, options(library))))
  })
})
