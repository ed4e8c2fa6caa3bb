import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSandbox, quickjs } from '../../src/index.js'
import { bundle } from '../../src/node.js'
import { valueOf } from '../support/sandbox.js'

const FILES: Record<string, string> = {
  'node_modules/esm/package.json': '{"name":"esm","type":"module","exports":{".":{"node":"./node.js","browser":"./web.js"},"./part":"./part.js"}}',
  'node_modules/esm/web.js': 'export { part } from "./part.js"\nexport const where = "web"\nexport const mode = process.env.NODE_ENV',
  'node_modules/esm/node.js': 'export const where = "node"',
  'node_modules/esm/part.js': 'export const part = { shared: true }',
  'node_modules/classes/package.json': '{"name":"classes","type":"module","main":"main.js"}',
  'node_modules/classes/main.js': 'export class Matrix { static one = new Matrix() }\nexport class MissingError extends Error { static of = () => new MissingError() }',
  'node_modules/old/package.json': '{"name":"old","main":"main.js"}',
  'node_modules/old/main.js': 'const { basename } = require("path")\nexports.base = basename\nexports.n = 5',
}

describe('bundle()', () => {
  let from: string
  beforeAll(() => {
    from = mkdtempSync(join(tmpdir(), 'glovebox-bundle-'))
    for (const [name, text] of Object.entries(FILES)) {
      mkdirSync(join(from, name, '..'), { recursive: true })
      writeFileSync(join(from, name), text)
    }
  })
  afterAll(() => rmSync(from, { recursive: true, force: true }))

  it('makes sets that engines keep, what is shared only once', async () => {
    const packages = await bundle(['esm', 'esm/part', 'old'], { from })
    await using sandbox = await createSandbox({ engines: [quickjs({ packages })] })
    const source = 'import { part, where, mode } from "esm"\nimport { part as same } from "esm/part"\nimport old, { base, n } from "old"\nexport default [where, mode, part === same, base("/a/b"), n, old.n]'
    expect(valueOf(await sandbox.run(source))).toEqual(['web', 'production', true, 'b', 5, 5])
  })

  it('keeps the names of classes, from a folder beside the working directory', async () => {
    const packages = await bundle(['classes'], { from: relative(process.cwd(), from) })
    await using sandbox = await createSandbox({ engines: [quickjs({ packages })] })
    const source = 'import { Matrix, MissingError } from "classes"\nexport default [Matrix.one.constructor.name, MissingError.of().constructor.name]'
    expect(valueOf(await sandbox.run(source))).toEqual(['Matrix', 'MissingError'])
  })

  it('names no path of the host', async () => {
    expect(JSON.stringify(await bundle(['esm', 'old'], { from }))).not.toContain(from)
  })

  it.each([
    ['a package that is not there', ['nowhere'], {}, 'nowhere'],
    ['a path', ['./x'], {}, 'expected names'],
    ['nothing', [], {}, 'expected names'],
    ['an unknown option', ['esm'], { form: 'x' }, 'unknown option "form"'],
  ])('refuses %s', async (_name, names, options, message) => {
    await expect(bundle(names, { from, ...options } as never)).rejects.toMatchObject({ code: 'invalid-option', message: expect.stringContaining(message) })
  })
})
