import { createContext, runInContext } from 'node:vm'
import * as vm from 'node:vm'
import { type Contender, type HostFunctions, Stopped } from '../suite.js'
import { endow } from './endowments.js'
import { type Room, waysOf } from './room.js'

type Module = InstanceType<typeof vm.SourceTextModule>

/** Documented as no security boundary; here for its cost. */
export const nodeVm: Contender = {
  name: 'node:vm',
  arm: 'contained',
  limits: 'time',
  pace: 'fast',
  nodeFlags: ['--experimental-vm-modules'],
  ...waysOf({
    room: 'isolate',
    parts: ['exists', 'lookup', 'console', 'files', 'http'],
    call: true,
    bytes: true,
    load: true,
    open: { hostile: openHostile },
    async prepare({ limits }) {
      const timeout = limits.deadlineMs
      return (host, parts): Room => {
        const context = createContext(endow(host, parts))
        const evaluate = (program: string): unknown => runInContext(program, context, { timeout })
        return {
          evaluate,
          call: (program, input) => (evaluate(`(${program})`) as (input: unknown) => unknown)(input),
          async load(program, modules) {
            const toModule = (source: string, identifier: string): Module => new vm.SourceTextModule(source, { context, identifier })
            const made = new Map(Object.entries(modules).map(([name, source]) => [name, toModule(source, name)]))
            const entry = toModule(program, 'main.js')
            await entry.link((name) => made.get(name)!)
            await entry.evaluate({ timeout })
            return (entry.namespace as { default: unknown }).default
          },
          close() {},
        }
      }
    },
  }),
}

/** With `afterEvaluate` the time limit covers promise jobs too; then promises settle only inside, so the value is left in a box. */
async function openHostile({ limits }: HostFunctions) {
  return (program: string): unknown => {
    const box = { value: undefined as unknown, error: undefined as unknown, done: false }
    const context = createContext({ box }, { microtaskMode: 'afterEvaluate' })
    try {
      runInContext(`(async () => (${program}))().then((v) => { box.value = v; box.done = true }, (e) => { box.error = e; box.done = true })`, context, { timeout: limits.deadlineMs })
    } catch (error) {
      throw (error as { code?: string }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? new Stopped('deadline') : error
    }
    if (!box.done) throw new Error('never settled')
    if (box.error !== undefined) throw box.error
    return box.value
  }
}
