import type { GuestCore } from '../core.js'

/** `tools.name(input)`: a promise of the tool's checked output. */
export default (core: GuestCore) => {
  const functions = new Map<string, (input: unknown) => Promise<unknown>>()
  const toFunction = (name: string): ((input: unknown) => Promise<unknown>) => {
    let fn = functions.get(name)
    if (fn === undefined) {
      fn = (input) => core.callAsync('tool.call', name, input)
      functions.set(name, fn)
    }
    return fn
  }
  const own: Record<string, unknown> = Object.create(null)
  for (const name of core.settings().tools) own[name] = toFunction(name)
  // A name that was not granted still answers, so that the refusal says which grant is missing.
  const tools = new Proxy(Object.freeze(own), {
    get: (target, name) =>
      typeof name === 'string' && name !== 'then' && name !== 'toJSON' ? toFunction(name) : target[name as unknown as string],
  })
  return { tools }
}
