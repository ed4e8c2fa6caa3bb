import type { Item } from '../suite.js'
import type { Part, RoomHost } from './room.js'

/** What a technique's own process or thread needs so that a guest in it can be spoken to. */
export interface RemoteOptions {
  /** An expression with `send(message)` and `on(listener)`. */
  readonly port: string
  readonly parts: readonly Part[]
  /** `host.folder`, where the guest's own file system is what it uses. */
  readonly folder: string
  /** Gets `node:fs` where the guest is. @default `require('node:fs')` */
  readonly fs?: string
}

const GUEST_PARTS: { readonly [K in Part]: (options: RemoteOptions) => string } = {
  exists: () => 'globalThis.exists = port.exists',
  lookup: () => 'globalThis.lookup = (item) => ask("lookup", item)',
  console: () => 'globalThis.console = { log: (...values) => port.send({ line: values.join(" ") }) }',
  files: ({ folder, fs = 'require("node:fs")' }) => `const fs = ${fs}
const at = (name) => ${JSON.stringify(folder)} + "/" + name
globalThis.files = { read: (name) => fs.readFileSync(at(name), "utf8"), write: (name, text) => fs.writeFileSync(at(name), text), list: () => fs.readdirSync(${JSON.stringify(folder)}) }`,
  http: () => 'globalThis.get = async (url) => (await fetch(url)).text()',
}

/** Text of a guest that evaluates the programs sent to it, one after the other, and asks back over messages. */
export const remoteProgram = (options: RemoteOptions): string => `
const port = ${options.port}
const waiting = new Map()
let last = 0
const ask = (what, value) => new Promise((resolve) => { waiting.set(++last, resolve); port.send({ call: last, what, value }) })
${options.parts.map((part) => GUEST_PARTS[part](options)).join('\n')}
port.on(async (message) => {
  if (!('program' in message)) {
    waiting.get(message.call)(message.answer)
    waiting.delete(message.call)
    return
  }
  try {
    const value = await (0, eval)(message.program)
    port.send({ value: 'input' in message ? await value(message.input) : value })
  } catch (error) {
    port.send({ error: { name: error?.name, message: error?.message ?? String(error) } })
  }
})`

type FromGuest =
  | { readonly value?: unknown }
  | { readonly error: { readonly name?: string; readonly message: string } }
  | { readonly line: string }
  | { readonly call: number; readonly value: Item }

export interface Remote {
  /** One program at a time. */
  evaluate(program: string, given?: { readonly input: unknown }): Promise<unknown>
  receive(message: unknown): void
  /** The guest will not answer any more. */
  fail(error: Error): void
}

/** The host's side. */
export function createRemote(host: RoomHost, send: (message: object) => void): Remote {
  let settle: { resolve(value: unknown): void; reject(error: Error): void } | undefined
  return {
    evaluate: (program, given) => new Promise((resolve, reject) => {
      settle = { resolve, reject }
      send({ program, ...given })
    }),
    receive(message) {
      const received = message as FromGuest
      if ('call' in received) void host.lookup(received.value).then((answer) => send({ call: received.call, answer }))
      else if ('line' in received) host.print(received.line)
      else if ('error' in received) settle?.reject(new Error(`${received.error.name}: ${received.error.message}`))
      else settle?.resolve(received.value)
    },
    fail: (error) => settle?.reject(error),
  }
}

/** Runs `stop` when a program takes longer than it may; the caller's `stop` has to see to it that the program ends. */
export async function within<T>(ms: number, work: Promise<T>, stop: () => void): Promise<T> {
  const timer = setTimeout(stop, ms)
  try {
    return await work
  } finally {
    clearTimeout(timer)
  }
}
