import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { defineTool } from '../../src/index.js'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run, sandbox } = useSandbox()

describe('no state is shared between calls', () => {
  it('globals, prototypes and built-ins are new', async () => {
    await run('globalThis.leak = 1; Array.prototype.leak = 1; JSON.parse = () => "stolen"; Math.random = () => 4; return 1')
    expect(valueOf(await run('return [typeof leak, [].leak, JSON.parse("2"), Math.random() === 4]'))).toEqual(['undefined', undefined, 2, false])
  })

  it('two calls with different grants interleaved 1000 times never meet', async () => {
    const tool = (name: string) => defineTool({ description: name, input: z.number(), execute: async (n) => `${name}:${n}` })
    const a = tool('a')
    const b = tool('b')
    const source = 'const own = await tools[input](1); const other = await tools[input === "a" ? "b" : "a"](1).catch((e) => e.name); return [own, other]'
    for (let i = 0; i < 500; i++) {
      const [first, second] = await Promise.all([run(source, { input: 'a', grants: { tools: { a } } }), run(source, { input: 'b', grants: { tools: { b } } })])
      expect(valueOf(first)).toEqual(['a:1', 'PermissionDenied'])
      expect(valueOf(second)).toEqual(['b:1', 'PermissionDenied'])
    }
  }, 30_000)

  it('a grant that is changed after the call started changes nothing', async () => {
    const grants: Record<string, any> = { env: { A: '1' }, tools: {} }
    const started = run('await 0; return [process.env.A, process.env.B, await tools.late().catch((e) => e.name)]', { grants })
    grants['env'].B = '2'
    grants['tools'].late = defineTool({ description: 'd', input: z.any(), execute: () => 1 })
    expect(valueOf(await started)).toEqual(['1', undefined, 'PermissionDenied'])
  })
})

describe('the host is unchanged', () => {
  it('by guests that reach for it', async () => {
    const before = snapshot()
    const programs = [
      'return constructor.constructor("return process")().pid',
      'return (async () => {}).constructor("return globalThis")() === globalThis',
      'Object.prototype.polluted = 1; return { __proto__: null, a: 1 }',
      'return tools.t.constructor("return process")().pid',
      'return (await import("data:text/javascript,export default 1")).default',
      'return (await import("file:///etc/passwd")).default',
      'return (await import("https://example.com/x.js")).default',
      'return (await import("node:child_process")).execSync("id")',
      'return globalThis[Symbol.for("glovebox.library")]("nope")',
      'return globalThis[Symbol.for("glovebox.library")]("__proto__")',
      'Error.prepareStackTrace = (_, frames) => frames; return String(new Error().stack)',
    ]
    for (const source of programs) {
      const result = await run(source, { grants: { tools: { t: defineTool({ description: 'd', input: z.any(), execute: () => 1 }) } } })
      if (result.outcome === 'returned') expect(JSON.stringify(result.value)).not.toMatch(/\/(usr|root|home|work)|node_modules/)
    }
    expect(snapshot()).toEqual(before)
  })
})

describe('one sandbox under mixed hostile and friendly calls', () => {
  it('gives each its own outcome, shows none another, and keeps memory flat', async () => {
    const kinds: [source: string, outcome: string][] = [
      ['return input', 'returned'],
      ['globalThis.secret = input; return secret', 'returned'],
      ['throw new Error(String(input))', 'threw'],
      ['for (;;);', 'fuel'],
      ['const a = []; for (;;) a.push(new Uint8Array(1 << 20))', 'memory'],
      ['const f = (n) => (n === 0 ? null.x : f(n - 1)); f(500)', 'threw'],
      ['await new Promise(() => {})', 'deadlock'],
      ['let = ;', 'threw'],
      ['return () => 1', 'threw'],
      ['process.exit(1)', 'exit'],
    ]
    const rounds = 1000
    const measure = async (): Promise<number> => {
      for (let i = 0; i < rounds / 2; i++) {
        const batch = kinds.map(async ([source, outcome], k) => {
          const input = `${i}:${k}`
          const result = await run(source, { input, limits: { fuel: 300_000_000, memoryBytes: 8 << 20, ...(outcome === 'fuel' ? { fuel: 500_000 } : {}) } })
          expect(result.outcome === 'stopped' ? result.reason : result.outcome).toBe(outcome)
          if (result.outcome === 'returned') expect(result.value).toBe(input)
        })
        await Promise.all(batch)
      }
      globalThis.gc?.()
      return process.memoryUsage().rss
    }
    const first = await measure()
    const second = await measure()
    expect(sandbox().stats()).toMatchObject({ live: 0, running: 0 })
    expect(second - first).toBeLessThan(150 << 20)
  }, 180_000)
})

function snapshot(): unknown {
  return [Object.getOwnPropertyNames(globalThis).length, Object.getOwnPropertyNames(Object.prototype), Object.getOwnPropertyNames(Array.prototype).length, process.cwd(), Object.keys(process.env).length]
}
