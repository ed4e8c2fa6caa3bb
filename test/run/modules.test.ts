import { describe, expect, it } from 'vitest'
import { memoryDir, readOnly } from '../../src/index.js'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

describe('modules', () => {
  it('come from the option, TypeScript too', async () => {
    const result = await run('import { double } from "./lib/math.ts"\nimport config from "config"\nexport default double(config)', {
      modules: { './lib/math.ts': 'import { two } from "../two.js"\nexport const double = (n: number): number => n * two', './two.js': 'export const two = 2', config: 'export default 21' },
    })
    expect(valueOf(result)).toBe(42)
  })

  it('come from mounts, each read an entry', async () => {
    const src = readOnly(memoryDir({ files: { 'a.ts': 'import { b } from "./sub/b.js"\nexport const a: string = "a" + b', 'sub/b.js': 'export const b = "b"' } }))
    const result = await run('import { a } from "/src/a.ts"\nexport default a', { grants: { fs: { '/src': src } } })
    expect(valueOf(result)).toBe('ab')
    expect(result.ledger.map(({ operation, target }) => [operation, target])).toEqual([['readFile', '/src/a.ts'], ['readFile', '/src/sub/b.js']])
    expect(result.sources).toEqual(['fs:/src'])
  })

  it('can be imported while running', async () => {
    expect(valueOf(await run('return (await import("./x.js")).default', { modules: { './x.js': 'export default 5' } }))).toBe(5)
  })

  it.each([
    ['a bare name', 'lodash'], ['a URL', 'https://example.com/a.js'], ['a data URL', 'data:text/javascript,1'], ['a host path', '/etc/passwd'],
    ['a missing file', './none.js'], ['a file URL', 'file:///etc/passwd'], ['a NUL', 'a\\0b'],
  ])('%s that is not there is an error that says what to do', async (_name, specifier) => {
    const result = await run(`import x from "${specifier}"\nexport default x`)
    expect(result).toMatchObject({ outcome: 'threw', error: { code: 'ERR_MODULE_NOT_FOUND', message: expect.stringContaining('modules[') } })
    if (!specifier.includes('\\0')) expect(result.ledger).toMatchObject([{ capability: 'module', operation: 'load', decision: 'denied' }])
  })

  it('a flood of imports is bounded like any host call', async () => {
    const result = await run('for (let i = 0; ; i++) await import("./x" + i + ".js").catch(() => {})', { limits: { hostCalls: 20 } })
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'host-calls' })
    expect(result.ledger).toHaveLength(20)
  })

  it('a syntax error in a module names its place', async () => {
    const result = await run('import "./bad.ts"', { modules: { './bad.ts': 'const a = 1\nconst b: = 2' } })
    expect(result).toMatchObject({ outcome: 'threw', error: { name: 'SyntaxError', message: expect.stringContaining('/bad.ts:2') } })
  })

  it('an error in a module has its frame', async () => {
    const result = await run('import { f } from "./lib.js"\nf()', { modules: { './lib.js': 'export function f() {\n  null.x\n}' } })
    expect(result).toMatchObject({ outcome: 'threw', error: { frame: expect.stringContaining('2 |   null.x') } })
  })

  it('cycles of modules end', async () => {
    const result = await run('import { a } from "./a.js"\nexport default a()', { modules: { './a.js': 'import { b } from "./b.js"\nexport const a = () => b', './b.js': 'import { a } from "./a.js"\nexport const b = typeof a' } })
    expect(result.outcome).not.toBe('stopped')
  })

  it.each([['a text', 'x'], ['an array', []], ['a number inside', { './a.js': 1 }], ['an empty name', { '': 'x' }]])('refuses %s as modules', async (_name, modules) => {
    await expect(run('return 1', { modules: modules as never })).rejects.toMatchObject({ code: 'invalid-module' })
  })
})
