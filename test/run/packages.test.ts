import { describe, expect, it } from 'vitest'
import { memoryDir, readOnly } from '../../src/index.js'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

const app = (files: Record<string, string>) => ({ grants: { fs: { '/app': readOnly(memoryDir({ files })) } } })

/** Runs the module `main` as if it lay in the mount. */
const runIn = (files: Record<string, string>, main: string) => run(main, { ...app(files), filename: '/app/main.js' })

describe('a package in a mount', () => {
  it.each<[string, Record<string, string>, string, unknown]>([
    ['an ES module by `exports`', { 'node_modules/a/package.json': '{"type":"module","exports":"./lib.js"}', 'node_modules/a/lib.js': 'export const x = 1' }, 'import { x } from "a"\nexport default x', 1],
    ['conditions in their order', { 'node_modules/a/package.json': '{"exports":{".":{"node":"./node.js","import":"./esm.mjs","require":"./cjs.cjs"}}}', 'node_modules/a/esm.mjs': 'export default "esm"', 'node_modules/a/cjs.cjs': 'module.exports = "cjs"' }, 'import a from "a"\nexport default [a, require("a")]', ['esm', 'cjs']],
    ['a subpath pattern', { 'node_modules/a/package.json': '{"type":"module","exports":{"./f/*":"./src/*.js"}}', 'node_modules/a/src/one.js': 'export default 1' }, 'import one from "a/f/one"\nexport default one', 1],
    ['`main`, without `exports`', { 'node_modules/a/package.json': '{"main":"lib/index"}', 'node_modules/a/lib/index.js': 'exports.y = 2' }, 'import { y } from "a"\nexport default y', 2],
    ['`module`, which is an ES module without saying so', { 'node_modules/a/package.json': '{"main":"c.js","module":"m.js"}', 'node_modules/a/m.js': 'export default "m"', 'node_modules/a/c.js': 'module.exports = "c"' }, 'import a from "a"\nexport default a', 'm'],
    ['no package.json at all', { 'node_modules/a/index.js': 'module.exports = () => 3' }, 'import a from "a"\nexport default a()', 3],
    ['a scope', { 'node_modules/@s/a/package.json': '{"type":"module","main":"i.js"}', 'node_modules/@s/a/i.js': 'export default 4' }, 'import a from "@s/a"\nexport default a', 4],
    ['a path behind the name', { 'node_modules/a/package.json': '{}', 'node_modules/a/deep/x.js': 'module.exports = 5' }, 'import x from "a/deep/x"\nexport default x', 5],
    ['a package of a package', { 'node_modules/a/package.json': '{"type":"module","main":"i.js"}', 'node_modules/a/i.js': 'export { default } from "b"', 'node_modules/a/node_modules/b/index.js': 'module.exports = "inner"', 'node_modules/b/index.js': 'module.exports = "outer"' }, 'import a from "a"\nimport b from "b"\nexport default [a, b]', ['inner', 'outer']],
    ['`imports` of its own', { 'node_modules/a/package.json': '{"type":"module","main":"i.js","imports":{"#x":"./x.js","#fs":"node:path"}}', 'node_modules/a/i.js': 'import x from "#x"\nimport { basename } from "#fs"\nexport default x + basename("/q/r")', 'node_modules/a/x.js': 'export default "x"' }, 'import a from "a"\nexport default a', 'xr'],
    ['the variant for pages of a file behind its entry', { 'node_modules/a/package.json': '{"type":"module","main":"i.js","browser":{"./i.js":"./no.js","./lib/node.js":"./lib/page.js","./lib/gone":"../../secret.js","b":false}}', 'node_modules/a/i.js': 'import at from "./lib/node.js"\nimport gone from "./lib/gone.js"\nimport b from "b"\nexport default [at, gone, b]', 'node_modules/a/lib/node.js': 'export default "node"', 'node_modules/a/lib/page.js': 'export default "page"', 'node_modules/a/lib/gone.js': 'export default "own"', 'node_modules/b/index.js': 'export default "b"', 'secret.js': 'export default "secret"' }, 'import a from "a"\nexport default a', ['page', 'own', 'b']],
    ['itself by its name', { 'package.json': '{"name":"app","type":"module","exports":{"./u":"./u.js"}}', 'u.js': 'export default 6' }, 'import u from "app/u"\nexport default u', 6],
    ['JSON', { 'data.json': '{"a":[1,2]}' }, 'import data from "./data.json" with { type: "json" }\nexport default data.a', [1, 2]],
    ['a path without extension', { 'util.ts': 'export const n: number = 7' }, 'import { n } from "./util"\nexport default n', 7],
    ['a folder', { 'lib/index.js': 'export default 8' }, 'import n from "./lib"\nexport default n', 8],
    ['CommonJS with lines like those of modules', { 'l.js': 'const text = `\nimport x from "y"\n`\nmodule.exports = () => {\n  importNode: for (;;) break\n  return text.length\n}' }, 'import l from "./l.js"\nexport default l()', 19],
    ['a module that speaks of require()', { 'l.js': 'import { a } from "./a.js"\n// as require() does\nexport default a', 'a.js': 'export const a = 1' }, 'import l from "./l.js"\nexport default l', 1],
    ['TypeScript in CommonJS', { 'a.cts': 'const n: number = 9\nmodule.exports = n' }, 'import n from "./a.cts"\nexport default n', 9],
  ])('is found: %s', async (_name, files, main, expected) => {
    expect(valueOf(await runIn(files, main))).toEqual(expected)
  })

  it.each([
    ['what `exports` does not name', { 'node_modules/a/package.json': '{"exports":{".":"./i.js"}}', 'node_modules/a/i.js': '', 'node_modules/a/secret.js': 'export default 1' }, 'import x from "a/secret.js"', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
    ['a target outside its folder', { 'node_modules/a/package.json': '{"exports":{".":"./../../secret.js"}}', 'secret.js': 'export default 1' }, 'import x from "a"', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
    ['a manifest that is no JSON', { 'node_modules/a/package.json': '{' }, 'import x from "a"', 'ERR_INVALID_PACKAGE_CONFIG'],
    ['a package that is not there', { 'x.js': '' }, 'import x from "nowhere"', 'ERR_MODULE_NOT_FOUND'],
    ['a shut condition', { 'node_modules/a/package.json': '{"exports":{".":{"browser":null,"default":"./i.js"}}}', 'node_modules/a/i.js': '' }, 'import x from "a"', 'ERR_PACKAGE_PATH_NOT_EXPORTED'],
  ])('is refused: %s', async (_name, files, main, code) => {
    expect(await runIn(files as unknown as Record<string, string>, main)).toMatchObject({ outcome: 'threw', error: { code } })
  })

  it('outside every mount is never looked for', async () => {
    const result = await run('import x from "lodash"\nexport default x', app({ 'x.js': '' }))
    expect(result).toMatchObject({ outcome: 'threw', error: { code: 'ERR_MODULE_NOT_FOUND', message: expect.stringContaining('modules["lodash"]') } })
    expect(result.ledger).toMatchObject([{ capability: 'module', operation: 'load', target: 'lodash', decision: 'denied' }])
  })

  it('is read through the same door as any file', async () => {
    const result = await runIn({ 'node_modules/a/package.json': '{"main":"i.js"}', 'node_modules/a/i.js': 'module.exports = 1' }, 'import a from "a"\nexport default a')
    expect(result.sources).toEqual(['fs:/app'])
    expect(result.ledger.map(({ operation, target }) => `${operation} ${target}`)).toContain('readFile /app/node_modules/a/package.json')
  })

  it('is found where it is mounted itself', async () => {
    const fs = { '/node_modules/a': memoryDir({ files: { 'index.js': 'module.exports = "a"' } }) }
    expect(valueOf(await run('import a from "a"\nexport default a', { grants: { fs }, filename: '/deep/down/main.js' }))).toBe('a')
  })

  it('is looked for once, however many modules ask for it', async () => {
    const many = Array.from({ length: 20 }, (_, index) => index)
    const files = Object.fromEntries(many.map((index) => [`node_modules/a/deep/er/${index}.js`, 'import b from "b"\nimport c from "./c"\nexport default b + c']))
    const result = await runIn(
      { ...files, 'node_modules/a/deep/er/c.js': 'export default 1', 'node_modules/b/index.js': 'export default 2' },
      `${many.map((index) => `import m${index} from "a/deep/er/${index}.js"`).join('\n')}\nexport default ${many.map((index) => `m${index}`).join(' + ')}`,
    )
    expect(valueOf(result)).toBe(60)
    const asked = result.ledger.map(({ operation, target }) => `${operation} ${target}`)
    expect(new Set(asked).size).toBe(asked.length)
    expect(asked.length).toBeLessThan(80)
  })

  it('that pollutes prototypes changes nothing about how others are found', async () => {
    const files = {
      'node_modules/bad/index.js': 'Object.prototype.exports = "./../../../secret.js"; Object.prototype.main = "../../secret.js"; module.exports = 1',
      'node_modules/good/package.json': '{"name":"good"}',
      'node_modules/good/index.js': 'module.exports = "good"',
      'secret.js': 'module.exports = "secret"',
    }
    const result = await runIn(files, 'require("bad")\nconst good = await import("good").catch((error) => error.code)\nexport default typeof good === "string" ? good : good.default')
    expect(['good', 'ERR_PACKAGE_PATH_NOT_EXPORTED']).toContain(valueOf(result))
  })
})

describe('require()', () => {
  it.each<[string, Record<string, string>, string, unknown]>([
    ['built-in modules', {}, 'return require("fs") === require("node:fs") && typeof require("path").join', 'function'],
    ['JSON', { 'a.json': '[1]' }, 'return require("/app/a.json")', [1]],
    ['a cycle, half loaded', { 'a.js': 'exports.first = 1; exports.b = require("./b").seen', 'b.js': 'exports.seen = Object.keys(require("./a"))' }, 'return require("/app/a").b', ['first']],
    ['the same module once', { 'n.js': 'globalThis.n = (globalThis.n ?? 0) + 1; module.exports = {}' }, 'return [require("/app/n") === require("/app/n.js"), n]', [true, 1]],
    ['__filename and __dirname', { 'd/f.js': 'module.exports = [__filename, __dirname, require.resolve("./f")]' }, 'return require("/app/d/f")', ['/app/d/f.js', '/app/d', '/app/d/f.js']],
    ['createRequire of node:module', { 'q.js': 'module.exports = "q"' }, 'const { createRequire } = require("module"); return createRequire("/app/x.js")("./q")', 'q'],
    ['`this`, which is the exports', { 't.js': 'this.a = 1' }, 'return require("/app/t").a', 1],
    ['what it cannot compile as an error to catch', { 'x.js': 'module.exports = (', 'y.js': 'module.exports = 2' }, 'let name\ntry { require("/app/x") } catch (error) { name = error.name }\nreturn [name, require("/app/y")]', ['SyntaxError', 2]],
    ['sloppy code', { 's.js': 'undeclared = 5; module.exports = undeclared' }, 'return require("/app/s")', 5],
  ])('gives %s', async (_name, files, source, expected) => {
    expect(valueOf(await run(source, app(files)))).toEqual(expected)
  })

  it('gives what was passed as modules', async () => {
    expect(valueOf(await run('return [require("./a.cjs").x, require("./b")]', { modules: { './a.cjs': 'exports.x = 1', './b.json': '2' } }))).toEqual([1, 2])
  })

  it.each([
    ['an ES module', { 'm.mjs': 'export default 1' }, 'require("/app/m.mjs")', { code: 'ERR_REQUIRE_ESM', message: expect.stringContaining('await import(') }],
    ['what is not there', {}, 'require("nope")', { code: 'ERR_MODULE_NOT_FOUND' }],
    ['no text', {}, 'require(1)', { code: 'ERR_INVALID_ARG_TYPE' }],
    ['a host path', {}, 'require("/etc/passwd")', { code: 'ERR_MODULE_NOT_FOUND' }],
    ['broken text', { 'x.js': 'module.exports = (' }, 'require("/app/x")', { name: 'SyntaxError' }],
    ['broken JSON', { 'x.json': '{' }, 'require("/app/x.json")', { name: 'SyntaxError', message: expect.stringContaining('/app/x.json') }],
  ])('throws for %s', async (_name, files, source, error) => {
    expect(await run(source, app(files as unknown as Record<string, string>))).toMatchObject({ outcome: 'threw', error })
  })

  it('a module that throws can be loaded anew', async () => {
    const files = { 'x.js': 'if (!globalThis.again) { globalThis.again = true; throw new Error("first") } module.exports = "second"' }
    expect(valueOf(await run('try { require("/app/x") } catch {} return require("/app/x")', app(files)))).toBe('second')
  })

  it('an error in a module has its frame', async () => {
    const result = await run('require("/app/x")', app({ 'x.js': 'const a = 1\nnull.x' }))
    expect(result).toMatchObject({ outcome: 'threw', error: { stack: expect.stringContaining('/app/x.js:2'), frame: expect.stringContaining('2 | null.x') } })
  })
})

describe('a program written as CommonJS', () => {
  it.each([
    ['module.exports = { a: 1 }', { a: 1 }],
    ['exports.b = 2', { b: 2 }],
    ['const path = require("path")\nmodule.exports = path.basename("/x/y.z")', 'y.z'],
    ['module.exports = Promise.resolve(3)', 3],
    ['function main() { module.exports = 4 }\nif (require.main === module) main()', 4],
    ['require("path")', undefined],
  ])('%s', async (source, expected) => {
    expect(valueOf(await run(source))).toEqual(expected)
  })

  it('gives what it returns rather than what it exports', async () => {
    expect(valueOf(await run('module.exports = 1; return 2'))).toBe(2)
  })
})
