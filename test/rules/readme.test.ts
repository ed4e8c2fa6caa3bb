import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { transformSync } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../src/index.js'
import { blocksOf, readMarkdown } from '../support/markdown.js'
import { ROOT } from '../support/source-files.js'

const run = promisify(execFile)
const readme = readMarkdown('README.md')
const blocks = blocksOf(readme)
const snippets = blocks.flatMap((block, index) => {
  if (block.language !== 'ts') return []
  const next = blocks[index + 1]
  return [{ ...block, name: `line ${block.line}`, output: next?.language === 'text' ? next.code : undefined }]
})

// Within the repository, so that the package is found by its own name.
let folder = ''
beforeAll(() => {
  mkdirSync(join(ROOT, '.cache'), { recursive: true })
  folder = mkdtempSync(join(ROOT, '.cache/readme-'))
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data/prices.json'), '{"green tea":4,"black tea":3}')
  mkdirSync(join(folder, 'project'))
  writeFileSync(join(folder, 'project/notes.md'), '# Notes\n')
  writeFileSync(join(folder, 'report.ts'), "import { readdirSync } from 'node:fs'\nexport default (input: { year: number }) => [input.year, ...readdirSync('/data')]\n")
  writeFileSync(join(folder, 'fetch.js'), "return 'nothing was asked for'")
  copyFileSync(join(ROOT, 'wasm/guests/slugify.wasm'), join(folder, 'slugify.wasm'))
  writeFileSync(join(folder, 'policy.json'), '{"fs":{"/data":{"host":"data"}}}')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('TypeScript in the README', () => {
  it('is there', () => {
    expect(snippets.length).toBeGreaterThan(3)
  })

  it.each(snippets.filter(({ note }) => note === undefined))('runs and prints what is shown: $name', async ({ code, line, output }) => {
    const file = join(folder, `snippet-${line}.mjs`)
    writeFileSync(file, transformSync(code, { loader: 'ts', target: 'node20', format: 'esm' }).code)
    const { stdout } = await run(process.execPath, [file], { cwd: folder, timeout: 15_000, env: { API_TOKEN: 'a-token-of-the-test' } })
    expect(stdout).toBe(output ?? '')
  })

  it.each(snippets.filter(({ note }) => note !== undefined))('says why it is not run: $name', ({ note }) => {
    expect(note).toMatch(/^only type-checked: .{10}/)
  })

  it('is well typed', { timeout: 60_000 }, async () => {
    for (const { code, line } of snippets) writeFileSync(join(folder, `snippet-${line}.ts`), code)
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.json', compilerOptions: { rootDir: ROOT }, include: ['snippet-*.ts'], exclude: [] }))
    const { stdout } = await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], { cwd: ROOT, timeout: 50_000 }).catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
  })
})

describe('the command in the README', () => {
  const lines = blocks.filter(({ language, code }) => language === 'sh' && code.includes('glovebox ')).flatMap(({ code }) => code.trim().split('\n')).filter((line) => /(?:^|\| )glovebox /.test(line))

  it('is there', () => {
    expect(lines.length).toBeGreaterThan(2)
  })

  it.each(lines)('runs: %s', async (line) => {
    const command = line.replace(/(^|\| )glovebox /, `$1"${process.execPath}" "${join(ROOT, 'dist/cli.js')}" `)
    const { stdout } = await run('sh', ['-c', command], { cwd: folder, timeout: 15_000 })
    expect(stdout).not.toBe('')
  })
})

describe('tables in the README', () => {
  it('limits are the defaults, in order', () => {
    const rows = [...readme.matchAll(/^\| `(\w+)` \| ([\d,]+) \|/gm)].map(([, name, value]) => [name, Number(value!.replaceAll(',', ''))])
    expect(rows).toEqual(Object.entries(DEFAULT_LIMITS))
  })
})
