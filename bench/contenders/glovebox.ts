import { loadGlovebox } from '../packages.js'
import type { Contender, Evaluate, HostFunctions, Item } from '../suite.js'

/** More host calls than a call may make by default; the rest of the limits are the defaults. */
const LIMITS = { hostCalls: 100_000 }

export const glovebox: Contender = {
  name: 'glovebox',
  arm: 'contained',
  limits: 'fuel, time, memory',
  pace: 'fast',
  package: 'glovebox',
  open: {
    async 'fresh-isolate'() {
      const { createSandbox } = await loadGlovebox()
      const sandbox = await createSandbox()
      return async (program) => toValue(await sandbox.run(`return (${program})`))
    },
    'host-call': openHostCall,
    'tool-call': openToolCall,
  },
}

async function openHostCall(): Promise<Evaluate> {
  const { createSandbox, memoryDir } = await loadGlovebox()
  const sandbox = await createSandbox()
  const grants = { fs: { '/data': memoryDir({ files: { 'a.txt': 'text' } }) } }
  return async (program) => {
    const source = `import { existsSync as exists } from 'node:fs'\nexport default ${program}`
    return toValue(await sandbox.run(source, { grants, limits: LIMITS }))
  }
}

async function openToolCall(host: HostFunctions): Promise<Evaluate> {
  const { createSandbox, defineTool } = await loadGlovebox()
  const sandbox = await createSandbox()
  const validate = (value: unknown) => {
    const { id, name } = value as Item
    return typeof id === 'number' && typeof name === 'string' ? { value: { id, name } } : { issues: [{ message: 'expected an item' }] }
  }
  const lookup = defineTool<Item, Item>({
    description: 'Looks an item up',
    input: { '~standard': { version: 1, vendor: 'bench', validate } },
    execute: (item) => host.lookup(item),
  })
  return async (program) => toValue(await sandbox.run(`const { lookup } = tools\nexport default ${program}`, { grants: { tools: { lookup } }, limits: LIMITS }))
}

function toValue(result: { readonly outcome: string; readonly value?: unknown }): unknown {
  if (result.outcome !== 'returned') throw new Error(`glovebox: ${JSON.stringify(result)}`)
  return result.value
}
