import type { HostFunctions, Item } from '../suite.js'

/** Text of a guest that evaluates programs sent to it and asks back over messages; `port` is an expression with `send` and `on`. */
export const remoteProgram = (port: string): string => `
const port = ${port}
const waiting = new Map()
let last = 0
globalThis.lookup = (item) => new Promise((resolve) => { waiting.set(++last, resolve); port.send({ call: last, item }) })
port.on(async (message) => {
  if ('program' in message) return port.send({ value: await (0, eval)(message.program) })
  waiting.get(message.call)(message.answer)
  waiting.delete(message.call)
})`

type FromGuest = { readonly value: unknown } | { readonly call: number; readonly item: Item }

/** The host's side: evaluates one program at a time. */
export function createRemote(host: HostFunctions, send: (message: object) => void): { evaluate(program: string): Promise<unknown>; receive(message: unknown): void } {
  let settle: ((value: unknown) => void) | undefined
  return {
    evaluate: (program) => new Promise((resolve) => {
      settle = resolve
      send({ program })
    }),
    receive(message) {
      const received = message as FromGuest
      if ('value' in received) settle?.(received.value)
      else void host.lookup(received.item).then((answer) => send({ call: received.call, answer }))
    },
  }
}
