import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { requireUndici } from '../../capabilities/net/node.js'
import { ERROR_CODES, type ErrorCode, GloveboxError, STOP_REASONS, type StopReason, createSandbox, defineTool, memoryDir } from '../../src/index.js'
import { grantsFromPolicy, openDir } from '../../src/node.js'
import type { RunOptions } from '../../src/options.js'
import { MeterError } from '../../wasm/meter/error.js'
import { meter } from '../../wasm/meter/index.js'
import { readMarkdown, sectionsOf } from '../support/markdown.js'
import { useSandbox } from '../support/sandbox.js'
import { readSource, sourceFiles } from '../support/source-files.js'

const { run, sandbox } = useSandbox()
const search = defineTool({ description: 'Search', input: z.string(), execute: (text) => text })
const later = (value: unknown) => value as never

/** Misuse that gives the message in the documentation; a text says why there is none here. */
const MISUSE: { readonly [K in ErrorCode]: (() => unknown) | string } = {
  'invalid-option': () => run('', later({ timeout: 5 })),
  'invalid-grant': () => run('', { grants: later({ fs: { '/data': './reports' } }) }),
  'invalid-policy': () => grantsFromPolicy({ fs: { '/data': { host: '.', mode: 'write' } } }, { baseDir: '/', env: {} }),
  'invalid-tool': () => defineTool(later({ input: z.string(), execute: () => 1 })),
  'invalid-module': () => run('', { modules: later({ './util.js': 1 }) }),
  'invalid-input': () => run('', { input: { callback: () => 1 } }),
  'exceeds-ceiling': async () => {
    await using narrow = await createSandbox({ ceiling: {} })
    await narrow.run('', { grants: { tools: { search } } })
  },
  'missing-engine': () => sandbox().load(new Uint8Array(8)),
  'missing-export': 'given by components, whose tests cover it',
  'missing-dependency': () => requireUndici(() => { throw new Error('not found') }),
  'unsupported-platform': 'given on other platforms only',
  'mount-failed': () => openDir(join(withoutDirectory(), 'missing')),
  disposed: async () => {
    const gone = await createSandbox()
    await gone[Symbol.asyncDispose]()
    await gone.run('')
  },
  'no-isolate': 'given when the host has no memory left, which no test should cause',
  'event-sink-failed': 'given by the command, whose tests cover it',
  'meter-refused': () => meter(new Uint8Array(8)),
  'invalid-component': 'given when components are loaded, whose tests cover it',
  'unknown-import': 'given when components are loaded, whose tests cover it',
  'digest-mismatch': 'given when components are loaded, whose tests cover it',
  'load-stopped': 'given when components are loaded, whose tests cover it',
  internal: 'a defect, which no caller can cause',
}

/** Programs that are stopped with the message in the documentation; a text says why there is none here. */
const STOPPED: { readonly [K in StopReason]: readonly [source: string, options: RunOptions] | string } = {
  fuel: ['for (;;);', { limits: { fuel: 1_000_000 } }],
  deadline: ['for (;;);', { limits: { deadlineMs: 20 } }],
  memory: ['const all = []; for (;;) all.push(new Uint8Array(1e5))', { limits: { memoryBytes: 8 << 20 } }],
  stack: 'depends on the host; test/run has the programs that may end so',
  'source-size': [' '.repeat(101), { limits: { sourceBytes: 100 } }],
  'result-size': ['return "x".repeat(101)', { limits: { resultBytes: 100 } }],
  output: ['console.log("x".repeat(101))', { limits: { outputBytes: 100 } }],
  'host-calls': ['for (;;) await tools.search("x")', { limits: { hostCalls: 3 }, grants: { tools: { search } } }],
  timers: ['for (let i = 0; i < 4; i++) setTimeout(() => {}, 1000)', { limits: { timers: 3 } }],
  resources: ['import { openSync } from "node:fs"\nfor (;;) openSync("/d/a", "w")', { limits: { resources: 2 }, grants: { fs: { '/d': memoryDir() } } }],
  deadlock: ['await new Promise(() => {})', {}],
  aborted: ['for (;;);', { signal: AbortSignal.abort() }],
  exit: ['import process from "node:process"\nprocess.exit(3)', {}],
  revoked: 'reserved',
  trap: 'no JavaScript program is known to trap',
  poisoned: 'only a guest that forges the prelude can cause it; test/codec and test/quickjs do',
  'needs-jspi': 'given to components, whose tests cover it',
}

const errors = new Map(sectionsOf(readMarkdown('docs/errors.md')).map((section) => [section.title, section]))
const reasons = new Map(sectionsOf(readMarkdown('docs/results.md')).map((section) => [section.title, section]))
const RESERVED = '**Reserved:** nothing in this version gives it.'

describe('docs/errors.md', () => {
  it('has one section for each code, in order', () => {
    expect([...errors.keys()]).toEqual([...ERROR_CODES])
  })

  it.each(ERROR_CODES)('says what causes and what cures %s', (code) => {
    const { text, blocks } = errors.get(code)!
    expect(text).toMatch(/^\*\*Cause:\*\* .+\.$/m)
    expect(text).toMatch(/^\*\*Remedy:\*\* .+\.$/m)
    expect(blocks.length === 1 || text.includes(RESERVED)).toBe(true)
  })

  it.each(ERROR_CODES.filter((code) => typeof MISUSE[code] === 'function'))('shows the message of %s as it is', async (code) => {
    const error = await Promise.resolve().then(MISUSE[code] as () => unknown).then(() => undefined, (thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(GloveboxError)
    expect(error).toMatchObject({ code })
    expect((error as Error).message.replace(new RegExp(`${tmpdir()}/[\\w-]+/`), '/srv/')).toBe(errors.get(code)!.blocks[0]!.code.trim())
  })

  it.each(ERROR_CODES.filter((code) => MISUSE[code] === 'reserved'))('calls %s reserved, and nothing gives it', (code) => {
    expect(errors.get(code)!.text).toContain(RESERVED)
    expect(sourceFiles('src', 'capabilities', 'wasm/meter').filter((path) => path !== 'src/errors.ts' && readSource(path).includes(`'${code}'`))).toEqual([])
  })
})

describe('docs/results.md', () => {
  it('has one section for each reason, in order', () => {
    expect([...reasons.keys()]).toEqual([...STOP_REASONS])
  })

  it.each(STOP_REASONS)('says what causes and what cures %s', (reason) => {
    const { text, blocks } = reasons.get(reason)!
    expect(text).toMatch(/^\*\*Cause:\*\* .+\.$/m)
    expect(text).toMatch(/^\*\*Remedy:\*\* .+\.$/m)
    expect(blocks.length === 1 || text.includes(RESERVED)).toBe(true)
  })

  it.each(STOP_REASONS.filter((reason) => typeof STOPPED[reason] !== 'string'))('shows the message of %s as it is', async (reason) => {
    const [source, options] = STOPPED[reason] as readonly [string, RunOptions]
    expect(await run(source, options)).toMatchObject({ outcome: 'stopped', reason, message: reasons.get(reason)!.blocks[0]!.code.trim() })
    expect(sandbox().stats().live).toBe(0)
  })

  it.each(STOP_REASONS.filter((reason) => STOPPED[reason] === 'reserved'))('calls %s reserved, and nothing gives it', (reason) => {
    expect(reasons.get(reason)!.text).toContain(RESERVED)
    expect(sourceFiles('src', 'capabilities').filter((path) => path !== 'src/result.ts' && readSource(path).includes(`'${reason}'`))).toEqual([])
  })
})

describe('every message in the documentation', () => {
  it.each([['docs/errors.md', errors], ['docs/results.md', reasons]] as const)('of %s has its remedy or its reason in one line', (_, sections) => {
    for (const { blocks } of sections.values()) for (const { code } of blocks) expect(code.trim().split('\n')).toHaveLength(1)
  })

  it('is of the type that its code says', () => {
    expect(new MeterError('malformed', 0, 'x')).toBeInstanceOf(GloveboxError)
  })
})

/** The name of a temporary directory that is gone. */
function withoutDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'glovebox-'))
  rmSync(path, { recursive: true })
  return path
}
