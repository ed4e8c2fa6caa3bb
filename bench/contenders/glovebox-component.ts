import { GUESTS, IO, findGuest, readGuest } from '../guests/index.js'
import { loadGlovebox } from '../packages.js'
import type { Contender, Evaluate, HostFunctions } from '../suite.js'
import { readSize } from './host-files.js'
import { toValue } from './result-value.js'

type Component = Awaited<ReturnType<Awaited<ReturnType<typeof createSandbox>>['load']>>

const COUNTED = { hostCalls: 1_000_000, hostBytesIn: 1 << 30, hostBytesOut: 1 << 30, outputBytes: 64 << 20 }

/** Each call has an instance of its own, so instantiating and calling are one. */
export const componentWays: Contender['open'] = {
  async 'component-load'() {
    return async (name, { input }) => {
      // An engine keeps what it made of a component, so each time has one of its own.
      await using sandbox = await createSandbox()
      await using tool = await sandbox.load(readGuest(findGuest(name).file))
      return await call(tool, name, input)
    }
  },
  'component-instantiate': openCalls,
  'component-call': openCalls,
  async 'component-files'({ folder }: HostFunctions) {
    const { openDir } = await loadGlovebox('glovebox/node')
    const command = await (await createSandbox()).load(readGuest(IO))
    const grants = { fs: { '/data': await openDir(folder, { mode: 'read-write' }) } }
    return async (line) => {
      toValue(await command.run({ args: line.split(' '), grants, limits: COUNTED }))
      return readSize(folder)
    }
  },
}

async function openCalls(): Promise<Evaluate> {
  const sandbox = await createSandbox()
  const tools = new Map<string, Component>()
  for (const [name, { file }] of Object.entries(GUESTS)) tools.set(name, await sandbox.load(readGuest(file)))
  return (name, { input }) => call(tools.get(name)!, name, input)
}

async function call(tool: Component, name: string, input: unknown): Promise<unknown> {
  const { interface: within } = findGuest(name)
  return toValue(await tool.call(within === undefined ? name : `${within}#${name}`, input as readonly unknown[]))
}

async function createSandbox() {
  const { component } = await loadGlovebox('glovebox/component')
  return (await loadGlovebox()).createSandbox({ engines: [component()] })
}
