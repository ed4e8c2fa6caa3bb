import { load } from '../packages.js'
import type { Contender, Evaluate, HostFunctions } from '../suite.js'

type CompartmentClass = new (options: { readonly globals: object; readonly __options__: true }) => { evaluate(code: string): unknown }

/** Bounds what a guest can reach, not what it uses up. */
export const ses: Contender = {
  name: 'SES compartment',
  arm: 'contained',
  limits: 'none',
  pace: 'fast',
  package: 'ses',
  open: {
    async 'fresh-isolate'() {
      const Compartment = await lockDown()
      return (program) => new Compartment({ globals: {}, __options__: true }).evaluate(program)
    },
    'host-call': openSession,
    'tool-call': openSession,
  },
}

async function openSession({ exists, lookup }: HostFunctions): Promise<Evaluate> {
  const Compartment = await lockDown()
  const compartment = new Compartment({ globals: { exists, lookup }, __options__: true })
  return (program) => compartment.evaluate(program)
}

async function lockDown(): Promise<CompartmentClass> {
  await load('ses')
  const realm = globalThis as unknown as { lockdown(): void; readonly Compartment: CompartmentClass }
  realm.lockdown()
  return realm.Compartment
}
