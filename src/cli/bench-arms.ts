import { compileFunction, createContext, runInContext, runInNewContext } from 'node:vm'
import { memoryDir } from '../../capabilities/fs/memory.js'
import { defineTool } from '../../capabilities/tool/tool.js'
import type { RunOptions } from '../options.js'
import type { Sandbox } from '../sandbox.js'

/** One way of doing the same work. `node:vm` and a plain function hold nobody; they show what the work costs by itself. */
export interface Arm {
  readonly name: 'glovebox' | 'node:vm' | 'plain function'
  evaluate(program: string): unknown
}

/** What is measured, as data: every arm is handed the same expressions. */
export interface Work {
  readonly name: string
  readonly about: string
  readonly program: string
  readonly expected: unknown
  readonly operations: number
  /** The same without the operations; its time is taken off. @default nothing is taken off */
  readonly twin?: string
  readonly arms: readonly Arm[]
}

interface Item {
  readonly id: number
}

const HOST_CALLS = 500
const TOOL_CALLS = 200
const LIMITS = { hostCalls: 10_000 }

const exists = (path: string): boolean => path === '/data/a.txt'
const lookup = async (item: Item): Promise<object> => ({ ...item, found: true })
const item = { '~standard': { version: 1, vendor: 'glovebox', validate: (value: unknown) => ({ value: { id: Number((value as Item).id) } }) } } as const

export function createWorks(sandbox: Sandbox): readonly Work[] {
  const hostLoop = `((n, exists) => { let hits = 0; for (let i = 0; i < n; i++) if (exists('/data/a.txt')) hits++; return hits })`
  const toolLoop = '(async (n, lookup) => { let found = 0; for (let i = 0; i < n; i++) if ((await lookup({ id: i })).found) found++; return found })'
  const fs = { '/data': memoryDir({ files: { 'a.txt': 'text' } }) }
  const tools = { lookup: defineTool({ description: 'Looks an item up', input: item, execute: lookup }) }
  return [
    {
      name: 'fresh isolate', about: 'make an isolate, evaluate 1 + 1, end it', program: '1 + 1', expected: 2, operations: 1,
      arms: [
        ours(sandbox, (program) => `return ${program}`),
        { name: 'node:vm', evaluate: (program) => runInNewContext(program) as unknown },
        plain({}),
      ],
    },
    {
      name: 'host call', about: 'ask whether a file exists, synchronously', operations: HOST_CALLS,
      program: `${hostLoop}(${HOST_CALLS}, exists)`, expected: HOST_CALLS, twin: `${hostLoop}(${HOST_CALLS}, () => true)`,
      arms: [ours(sandbox, (program) => `import { existsSync as exists } from 'node:fs'\nexport default ${program}`, { grants: { fs }, limits: LIMITS }), inContext({ exists }), plain({ exists })],
    },
    {
      name: 'tool call', about: 'await a host function that takes and gives a small object', operations: TOOL_CALLS,
      program: `${toolLoop}(${TOOL_CALLS}, lookup)`, expected: TOOL_CALLS, twin: `${toolLoop}(${TOOL_CALLS}, async (item) => ({ ...item, found: true }))`,
      arms: [ours(sandbox, (program) => `const { lookup } = tools\nexport default ${program}`, { grants: { tools }, limits: LIMITS }), inContext({ lookup }), plain({ lookup })],
    },
  ]
}

function ours(sandbox: Sandbox, toSource: (program: string) => string, options: RunOptions = {}): Arm {
  return {
    name: 'glovebox',
    async evaluate(program) {
      const result = await sandbox.run(toSource(program), options)
      if (result.outcome !== 'returned') throw new Error(`glovebox did not return: ${result.outcome === 'threw' ? result.error.message : result.message}`)
      return result.value
    },
  }
}

function inContext(functions: Readonly<Record<string, unknown>>): Arm {
  const context = createContext({ ...functions })
  return { name: 'node:vm', evaluate: (program) => runInContext(program, context) as unknown }
}

function plain(functions: Readonly<Record<string, unknown>>): Arm {
  return { name: 'plain function', evaluate: (program) => (compileFunction(`return ${program}`, Object.keys(functions)) as (...given: unknown[]) => unknown)(...Object.values(functions)) }
}
