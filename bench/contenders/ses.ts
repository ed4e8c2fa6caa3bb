import { load } from '../packages.js'
import type { Contender } from '../suite.js'
import { endow } from './endowments.js'
import { type Room, waysOf } from './room.js'

type CompartmentClass = new (options: { readonly globals: object; readonly __options__: true }) => { evaluate(code: string): unknown }

/** Bounds what a guest can reach, not what it uses up. */
export const ses: Contender = {
  name: 'SES compartment',
  arm: 'contained',
  limits: 'none',
  pace: 'fast',
  package: 'ses',
  ...waysOf({
    room: 'isolate',
    parts: ['exists', 'lookup', 'console', 'files', 'http'],
    call: true,
    bytes: true,
    lacks: { modules: 'takes module sources only from a compiler of its own' },
    import: () => load('ses'),
    async prepare() {
      const Compartment = await lockDown()
      return (host, parts): Room => {
        const globals = endow(host, parts)
        for (const value of Object.values(globals)) Object.freeze(value)
        const compartment = new Compartment({ globals, __options__: true })
        return {
          evaluate: (program) => compartment.evaluate(program),
          call: (program, input) => (compartment.evaluate(`(${program})`) as (input: unknown) => unknown)(input),
          close() {},
        }
      }
    },
  }),
}

async function lockDown(): Promise<CompartmentClass> {
  await load('ses')
  const realm = globalThis as unknown as { lockdown(): void; readonly Compartment: CompartmentClass }
  // It can be done once in a process, and shows.
  if (!Object.isFrozen(Object.prototype)) realm.lockdown()
  return realm.Compartment
}
