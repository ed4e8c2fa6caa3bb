import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { GloveboxError, createSandbox, defineTool, fixedClock, seededRandom, steppedClock } from '../../src/index.js'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

describe('run()', () => {
  it.each([
    ['an unknown option', { grant: {} }],
    ['an unknown language', { language: 'python' }],
    ['args that are no texts', { args: [1] }],
    ['a file name with a line break', { filename: 'a\nb' }],
    ['a signal of another kind', { signal: {} }],
  ])('refuses %s', async (_name, options) => {
    await expect(run('return 1', options as never)).rejects.toMatchObject({ name: 'GloveboxError', code: 'invalid-option' })
  })

  it.each([
    ['an unknown grant', { netwrok: [] }],
    ['an empty list for net', { net: [] }],
    ['a path for fs', { fs: '/tmp' }],
    ['a plain object for a directory', { fs: { '/a': {} } }],
    ['a relative guest path', { fs: { a: {} } }],
    ['a function for a tool', { tools: { f: () => 1 } }],
    ['a tool name that is no identifier', { tools: { 'a b': defineTool({ description: 'd', input: z.any(), execute: () => 1 }) } }],
    ['env with a number', { env: { A: 1 } }],
    ['an array', []],
    ['null', null],
  ])('refuses %s as grants', async (_name, grants) => {
    await expect(run('return 1', { grants: grants as never })).rejects.toMatchObject({ code: 'invalid-grant' })
  })

  it('refuses input that cannot cross', async () => {
    await expect(run('return 1', { input: { f: () => 1 } })).rejects.toMatchObject({ code: 'invalid-input', message: expect.stringContaining('$.f') })
  })

  it('refuses a program that is no text', async () => {
    await expect(run(42 as never)).rejects.toBeInstanceOf(GloveboxError)
  })

  it('rejects after dispose', async () => {
    const sandbox = await createSandbox()
    await sandbox[Symbol.asyncDispose]()
    await sandbox[Symbol.asyncDispose]()
    await expect(sandbox.run('return 1')).rejects.toMatchObject({ code: 'disposed' })
  })

  it('tells a promise that nothing can settle at once', async () => {
    const result = await run('await new Promise(() => {})')
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'deadlock' })
    expect(result.usage.wallMs).toBeLessThan(1000)
  })

  it('ends with an exit code', async () => {
    expect(await run('try { process.exit(7) } finally { console.log("never") }')).toMatchObject({ outcome: 'stopped', reason: 'exit', exitCode: 7, console: [] })
  })
})

describe('signal', () => {
  it('aborted before: nothing runs', async () => {
    expect(await run('console.log(1)', { signal: AbortSignal.abort() })).toMatchObject({ outcome: 'stopped', reason: 'aborted', console: [] })
  })

  it('aborted during: a waiting guest ends', async () => {
    const controller = new AbortController()
    const tool = defineTool({ description: 'd', input: z.undefined(), execute: () => (queueMicrotask(() => controller.abort()), new Promise(() => {})) })
    expect(await run('await tools.wait()', { signal: controller.signal, grants: { tools: { wait: tool } } })).toMatchObject({ outcome: 'stopped', reason: 'aborted' })
  })

  it('aborted during: the tool is told', async () => {
    const controller = new AbortController()
    let told = false
    const tool = defineTool({
      description: 'd', input: z.undefined(),
      execute: (_, { signal }) => new Promise(() => {
        signal.addEventListener('abort', () => { told = true })
        controller.abort()
      }),
    })
    await run('await tools.wait()', { signal: controller.signal, grants: { tools: { wait: tool } } })
    expect(told).toBe(true)
  })

  it('aborted after: nothing happens', async () => {
    const controller = new AbortController()
    expect(valueOf(await run('return 1', { signal: controller.signal }))).toBe(1)
    controller.abort()
  })
})

describe('what is not granted', () => {
  it('time stands still, randomness repeats, nothing is in the environment', async () => {
    const source = 'return [Date.now(), new Date().getTimezoneOffset(), performance.now(), Math.random(), process.env, process.argv.slice(2), process.cwd(), process.stdin.text()]'
    const [a, b] = [valueOf(await run(source)), valueOf(await run(source))]
    expect(a).toEqual([946684800000, 0, 0, expect.any(Number), {}, [], '/', ''])
    expect(b).toEqual(a)
  })

  it('timers run in order without waiting', async () => {
    const result = await run(`
      const order = []
      setTimeout(() => order.push('slow'), 60_000); setTimeout(() => order.push('fast'), 10)
      await new Promise((resolve) => setTimeout(resolve, 100_000))
      return order`)
    expect(valueOf(result)).toEqual(['fast', 'slow'])
    expect(result.usage.wallMs).toBeLessThan(1000)
  })

  it.each([
    ['a tool', 'return tools.deploy({})', 'tools: { "deploy"'],
    ['a file', 'return (await import("node:fs")).readFileSync("/etc/passwd", "utf8")', 'fs'],
    ['a host', 'return (await fetch("https://example.com/")).status', 'net'],
  ])('%s: denied with the grant that would allow it', async (_name, source, remedy) => {
    const result = await run(source)
    expect(result).toMatchObject({ outcome: 'threw', error: { name: 'PermissionDenied', code: 'denied', message: expect.stringContaining(remedy) } })
    expect(result.ledger.at(-1)).toMatchObject({ decision: 'denied', reason: expect.any(String) })
  })

  it('a denial can be caught', async () => {
    expect(valueOf(await run('try { await tools.x() } catch (e) { return [e.name, e.code, e instanceof PermissionDenied, e instanceof Error] }'))).toEqual(['PermissionDenied', 'denied', true, true])
  })

  it.each(["process.binding('fs')", "process.dlopen({}, '/x.node')"])('%s is refused', async (call) => {
    expect(await run(call)).toMatchObject({ outcome: 'threw', error: { message: expect.stringContaining('no native code') } })
  })

  it.each(['globalThis.Deno', 'globalThis.WebAssembly', 'process.mainModule', 'globalThis.std', 'globalThis.os'])('%s does not exist', async (name) => {
    expect(valueOf(await run(`return typeof ${name}`))).toBe('undefined')
  })
})

describe('small grants', () => {
  it('env, args and stdin are data', async () => {
    const result = await run('return [process.env.LANG, process.argv.slice(2), process.stdin.text()]', { args: ['-v'], grants: { env: { LANG: 'en' }, stdin: 'in' } })
    expect(valueOf(result)).toEqual(['en', ['-v'], 'in'])
  })

  it('a clock is what the guest sees, and one entry', async () => {
    const result = await run('return [new Date().toISOString(), Date.now() - Date.now()]', { grants: { clock: fixedClock('2026-10-01T12:00:00Z') } })
    expect(valueOf(result)).toEqual(['2026-10-01T12:00:00.000Z', 0])
    expect(result.ledger).toMatchObject([{ capability: 'clock', operation: 'now', decision: 'allowed' }])
  })

  it('a stepped clock moves', async () => {
    expect(valueOf(await run('const a = Date.now(); return Date.now() - a', { grants: { clock: steppedClock({ stepMs: 5 }) } }))).toBe(5)
  })

  it('seeded randomness starts anew in each call', async () => {
    const random = seededRandom(42)
    const [a, b] = [await run('return Math.random()', { grants: { random } }), await run('return Math.random()', { grants: { random } })]
    expect(valueOf(a)).toBe(valueOf(b))
    expect(valueOf(await run('return Math.random()', { grants: { random: seededRandom(43) } }))).not.toBe(valueOf(a))
  })
})

describe('onEvent', () => {
  it('tells host calls and console lines as they happen', async () => {
    const events: unknown[] = []
    await run('console.log("a"); try { await tools.x() } catch {} console.error("b")', { onEvent: (event) => events.push(event) })
    expect(events).toMatchObject([
      { type: 'console', line: { level: 'log', text: 'a' } },
      { type: 'host-call', entry: { capability: 'tool', target: 'x', decision: 'denied' } },
      { type: 'console', line: { level: 'error', text: 'b' } },
    ])
  })

  it('a call that is never answered is an entry nevertheless', async () => {
    const tool = defineTool({ description: 'd', input: z.any(), execute: () => new Promise(() => {}) })
    for (const rest of ['return 1', 'throw 1', 'for (;;);']) {
      const entries: unknown[] = []
      const result = await run(`tools.send({ leak: 1 }); await 0; ${rest}`, {
        grants: { tools: { send: tool } },
        limits: { fuel: 5_000_000 },
        onEvent: (event) => entries.push(event),
      })
      expect(result.ledger).toMatchObject([{ capability: 'tool', target: 'send', decision: 'allowed', reason: 'unfinished', bytesOut: 10 }])
      expect(entries).toHaveLength(1)
      expect(result.usage.hostCalls).toBe(1)
    }
  })

  it('a sink that throws closes every further host call', async () => {
    let called = 0
    const tool = defineTool({ description: 'd', input: z.any(), execute: () => ++called })
    const result = await run('const seen = []; for (let i = 0; i < 3; i++) await tools.t().then((v) => seen.push(v), (e) => seen.push(e.name)); return seen', {
      grants: { tools: { t: tool } },
      onEvent: (event) => {
        if (event.type === 'host-call') throw new Error('disk full')
      },
    })
    expect(valueOf(result)).toEqual(['PermissionDenied', 'PermissionDenied', 'PermissionDenied'])
    expect(called).toBe(1)
  })
})

describe('captured output', () => {
  it('keeps order and level', async () => {
    const result = await run('console.log("a", { b: 1 }); console.warn("w"); process.stdout.write("raw"); console.info("%s=%d", "n", 3)')
    expect(result.console).toEqual([{ level: 'log', text: 'a { b: 1 }' }, { level: 'warn', text: 'w' }, { level: 'info', text: 'n=3' }])
    expect(result.stdout).toBe('a { b: 1 }\nrawn=3\n')
    expect(result.stderr).toBe('w\n')
  })
})
