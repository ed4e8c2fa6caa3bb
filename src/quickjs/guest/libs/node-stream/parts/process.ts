import { library } from '../../node/library.js'

const microtask = queueMicrotask

/** The part of `process` that streams use. */
export const process = {
  nextTick: (callback: (...args: unknown[]) => void, ...args: unknown[]): void => microtask(() => callback(...args)),
  env: {},
  get stdout(): unknown {
    return library('process')['process'].stdout
  },
  get stderr(): unknown {
    return library('process')['process'].stderr
  },
}
export const { nextTick } = process
export default process
