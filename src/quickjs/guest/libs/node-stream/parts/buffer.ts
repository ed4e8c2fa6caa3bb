import { library } from '../../node/library.js'

export const Buffer: unknown = library('node-buffer')['Buffer']

/** The class of the web, looked at only where a stream is made of something that could be one. */
export const Blob = {
  [Symbol.hasInstance](value: unknown): boolean {
    const global = globalThis as { readonly Blob?: new () => object }
    return Object.prototype.toString.call(value) === '[object Blob]' && typeof global.Blob === 'function' && value instanceof global.Blob
  },
}
