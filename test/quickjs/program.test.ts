import { describe, expect, it } from 'vitest'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

describe('program dialects', () => {
  it.each([
    ['a function body', 'return 1 + 1', 2],
    ['a function body with await', 'const x = await Promise.resolve(3); return x * 2', 6],
    ['a function body without return', '1 + 1', undefined],
    ['an empty program', '', undefined],
    ['only a comment', '// nothing to see', undefined],
    ['an async arrow', 'async () => 4', 4],
    ['an async arrow with a semicolon', 'async () => { return 4 };\n', 4],
    ['an arrow with destructuring', '({ a = 5 } = {}) => a', 5],
    ['a default export', 'export default 6', 6],
    ['a default export of a promise', 'export default Promise.resolve(7)', 7],
    ['a default export of a function', 'export default function () { return 8 }', 8],
    ['a default export of an async function', 'export default async () => 9', 9],
    ['a module without default export', 'export const a = 1', undefined],
    ['a module with top-level await', 'const x = await Promise.resolve(10); export default x', 10],
    ['a body that only mentions export in a text', 'return "export default 1"', 'export default 1'],
    ['a body with a line that looks like a module in a comment', '/*\nexport default 3\n*/\nreturn 4', 4],
    ['a body behind imports', 'import { join } from "node:path"\nimport fs from "fs"; // the file system\nif (join("a", "b") === "a/b") return typeof fs.readFileSync', 'function'],
    ['a body behind imports of many lines', '/* a */ import {\n  join,\n  sep as s,\n} from "node:path"\nreturn await join("x", s)', 'x/'],
    ['a body that starts with a grouped expression', '(1, 2); return 3', 3],
  ])('%s', async (_name, source, value) => {
    expect(valueOf(await run(source))).toEqual(value)
  })

  it.each(['return input.a', 'async ({ a }) => a', 'export default (input) => input.a'])('%s gets the input', async (source) => {
    expect(valueOf(await run(source, { input: { a: 'x' } }))).toBe('x')
  })

  it('a body behind imports keeps its lines', async () => {
    const result = await run('import { join } from "node:path"\n\nreturn join(1, 2)')
    expect(result).toMatchObject({ outcome: 'threw', error: { stack: expect.stringContaining('main.js:3:') } })
  })

  it('what an arrow expression throws while it is evaluated is never run twice', async () => {
    const result = await run('x => x, console.log("once"), null.x')
    expect(result).toMatchObject({ outcome: 'threw', error: { name: 'TypeError' }, stdout: 'once\n' })
  })

  it('a program that returns nothing ends when nothing is left to do', async () => {
    const result = await run('setTimeout(() => console.log("later"), 1000)')
    expect(result.outcome).toBe('returned')
    expect(result.console).toEqual([{ level: 'log', text: 'later' }])
  })

  it('a program that returns a value ends at once', async () => {
    const result = await run('setInterval(() => console.log("tick"), 1); return "done"')
    expect(valueOf(result)).toBe('done')
    expect(result.console).toEqual([])
  })
})

describe('TypeScript', () => {
  it('loses its types, keeps enums and parameter properties', async () => {
    const source = `
      enum Color { Red = 3, Green }
      interface Point { readonly x: number }
      class Named<T extends object> { constructor(private readonly name: string, public value?: T) {} get(): string { return this.name } }
      const p = { x: 1 } satisfies Point as const
      function id<T,>(v: T): T { return v! }
      return [Color.Green, new Named<Point>('n', p).get(), id<number>(p.x), Color[3]]`
    expect(valueOf(await run(source, { language: 'ts' }))).toEqual([4, 'n', 1, 'Red'])
  })

  it('is told by the name of the file', async () => {
    expect(valueOf(await run('const x: number = 1; return x', { filename: 'job.ts' }))).toBe(1)
  })

  it('keeps positions in the source as written', async () => {
    const result = await run('const a: unknown = null\nconst b: string = (a as { c: string }).c', { language: 'ts' })
    expect(result).toMatchObject({ outcome: 'threw', error: { name: 'TypeError' } })
    const { error } = result as { error: { stack: string; frame: string } }
    expect(error.stack).toContain('main.ts:2:')
    expect(error.frame).toContain('2 | const b: string = (a as { c: string }).c\n')
    // The expression starts at column 19 as written and at 11 as run.
    const column = Number(/main\.ts:2:(\d+)/.exec(error.stack)![1])
    expect(column).toBeGreaterThanOrEqual(19)
    expect(column).toBeLessThanOrEqual(42)
  })

  it('reports a syntax error at its place', async () => {
    const result = await run('const a = 1\nconst b: = 2', { language: 'ts' })
    expect(result).toMatchObject({ outcome: 'threw', error: { name: 'SyntaxError' } })
    expect((result as { error: { stack: string } }).error.stack).toContain('main.ts:2:')
  })

  it('costs the program the same fuel whether or not its text was seen before', async () => {
    const source = 'const a: number = 41; return a + 1 /* once more */'
    const first = await run(source, { language: 'ts' })
    const second = await run(source, { language: 'ts' })
    expect(second.usage.fuel).toBe(first.usage.fuel)
  })

  it('stops stripping a hostile text by its deadline', async () => {
    const source = `${'a?(b:'.repeat(3000)}1`
    const result = await run(source, { language: 'ts', limits: { deadlineMs: 500 } })
    expect(['threw', 'stopped']).toContain(result.outcome)
    expect(result.usage.wallMs).toBeLessThan(1500)
  })
})

describe('errors of a program', () => {
  it('shows file, line, column and a frame', async () => {
    const result = await run('const a = 1\nfunction f() {\n  return a.b.c\n}\nf()', { filename: 'job.js' })
    expect(result).toMatchObject({
      outcome: 'threw',
      error: { name: 'TypeError', stack: expect.stringContaining('at f (job.js:3:'), frame: expect.stringContaining('3 |   return a.b.c') },
    })
  })

  it('keeps causes', async () => {
    const result = await run('throw new Error("outer", { cause: new RangeError("inner") })')
    expect(result).toMatchObject({ outcome: 'threw', error: { message: 'outer', cause: { name: 'RangeError', message: 'inner' } } })
  })

  it.each([
    ['null', 'throw null', { name: 'Thrown', message: 'null' }],
    ['a text', 'throw "plain"', { name: 'Thrown', message: 'plain' }],
    ['an object', 'throw { a: 1 }', { name: 'Thrown', message: '{"a":1}' }],
    ['an error with a hostile getter', 'const e = new Error("m"); Object.defineProperty(e, "stack", { get() { throw 1 } }); throw e', { name: 'Error', message: 'm' }],
    ['a rejected promise', 'return Promise.reject(new RangeError("no"))', { name: 'RangeError', message: 'no' }],
    ['an unhandled rejection', 'Promise.reject(new Error("lost")); await 0; return 1', { name: 'Error', message: 'lost' }],
    ['an error in a timer', 'setTimeout(() => { throw new Error("late") }, 5); await new Promise(() => {})', { name: 'Error', message: 'late' }],
    ['a syntax error', 'let = ;', { name: 'SyntaxError' }],
    ['binary rubbish', '\u0000\u0001\ufffd\u{1f4a9}', { name: 'SyntaxError' }],
  ])('%s is threw', async (_name, source, error) => {
    expect(await run(source)).toMatchObject({ outcome: 'threw', error })
  })

  it('a rejection that is handled in time is none', async () => {
    expect(valueOf(await run('const p = Promise.reject(1); await 0; p.catch(() => {}); return 2').catch((e) => e))).toBe(2)
  })

  it('has no frame of the host or of the prelude', async () => {
    const result = await run('function f() { throw new Error("x") }\n[1].forEach(f)')
    const { error } = result as { error: { stack: string } }
    expect(error.stack).not.toMatch(/glovebox|node:|\/src\/|file:/)
  })
})
