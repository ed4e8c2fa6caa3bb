import type { GuestCore } from '../core.js'
import { createInterfaces } from './node-readline/interface.js'

/** Node's `readline`, over the granted input or any other stream: lines, and answers to questions. */
export default (core: GuestCore) => {
  const { Interface, PromisesInterface } = createInterfaces(core)
  const make = (Type: new (options: object) => object) => (input: unknown, output?: unknown): object =>
    new Type(typeof (input as { readonly on?: unknown } | undefined)?.on === 'function' ? { input, output } : (input as object))
  const moved = (_stream: unknown, ...rest: unknown[]): boolean => {
    const done = rest.findLast((each) => typeof each === 'function') as (() => void) | undefined
    if (done !== undefined) queueMicrotask(done)
    return true
  }
  return {
    Interface,
    createInterface: make(Interface),
    clearLine: moved,
    clearScreenDown: moved,
    cursorTo: moved,
    moveCursor: moved,
    emitKeypressEvents: (): void => {},
    promises: { Interface: PromisesInterface, createInterface: make(PromisesInterface) },
  }
}
