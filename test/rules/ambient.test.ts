import { describe, expect, it } from 'vitest'
import { freeNames } from '../support/free-names.js'
import { readSource, sourceFiles } from '../support/source-files.js'

/** Names of the language itself that hold no authority and no state a guest could reach. */
const LANGUAGE = new Set([
  'AggregateError', 'Array', 'ArrayBuffer', 'BigInt', 'BigInt64Array', 'BigUint64Array', 'Boolean', 'DataView', 'Date', 'Error', 'EvalError', 'Float32Array', 'Float64Array',
  'Infinity', 'Int8Array', 'Int16Array', 'Int32Array', 'JSON', 'Map', 'Math', 'NaN', 'Number', 'Object', 'Promise', 'Proxy', 'RangeError', 'ReferenceError', 'Reflect', 'RegExp', 'Set', 'String',
  'Symbol', 'SyntaxError', 'TypeError', 'URIError', 'Uint8Array', 'Uint16Array', 'Uint32Array', 'WeakMap', 'WeakSet',
  'decodeURIComponent', 'encodeURIComponent', 'isNaN', 'parseFloat', 'parseInt',
])

/** What every runtime glovebox runs on has, and what reaches nothing. */
const PURE_WEB = new Set(['AbortController', 'AbortSignal', 'ReadableStream', 'Request', 'Response', 'TextDecoder', 'TextEncoder', 'URL', 'WebAssembly', 'atob', 'btoa'])

/** Parts of allowed names that read the machine. */
const AMBIENT_MEMBERS = new Set(['Date.now', 'Math.random', 'WebAssembly.compileStreaming', 'WebAssembly.instantiateStreaming'])

/** Where the outside enters: files named for their platform, the command, and the threads. */
const MAY_BE_AMBIENT = /(?:^|\/)(?:node|web|workerd)\.ts$|^src\/(?:cli|threads)\//

/** Single names a file may use, each with the reason. */
const EXCEPTIONS: ReadonlyMap<string, readonly string[]> = new Map([
  // The same text runs on both sides: names of built-in classes are looked up, once, when it is evaluated.
  ['src/codec/builtins.ts', ['Function', 'globalThis']],
  // The one timer that every platform file and both kinds of thread share.
  ['src/platform/start-timer.ts', ['setTimeout', 'clearTimeout']],
  // Functions of their arguments: locale and zone are always given.
  ['src/intl.ts', ['Intl']],
  // Put in by the build.
  ['src/component/toolchain.ts', ['GLOVEBOX_FORM']],
])

/** What an isolate has before any library of ours runs, and what the prelude puts there first. */
const IN_ISOLATE = new Set([
  ...LANGUAGE, 'Function', 'SharedArrayBuffer', 'escape', 'unescape', 'globalThis', 'DOMException', 'atob', 'btoa', 'queueMicrotask', 'performance', 'WeakRef', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate',
  'Blob', 'ReadableStream', 'WritableStream', 'TransformStream',
])

const isGuest = (path: string): boolean => path.startsWith('src/quickjs/guest/')

function violations(path: string, allowed: ReadonlySet<string>): readonly string[] {
  const { names, members, bareCalls } = freeNames(readSource(path))
  const exceptions = EXCEPTIONS.get(path) ?? []
  const found = [...names].filter((name) => !allowed.has(name) && !PURE_WEB.has(name) && !exceptions.includes(name))
  found.push(...[...members].filter((member) => AMBIENT_MEMBERS.has(member)))
  if (bareCalls.has('Date')) found.push('Date()')
  return found.map((name) => `${path}: ${name}`)
}

describe('ambient authority', () => {
  it('enters through platform files only', () => {
    const files = sourceFiles('src', 'capabilities', 'wasm/meter').filter((path) => !isGuest(path) && !MAY_BE_AMBIENT.test(path))
    expect(files.length).toBeGreaterThan(80)
    expect(files.flatMap((path) => violations(path, LANGUAGE))).toEqual([])
  })

  it('is not expected by code that runs inside an isolate', () => {
    const found = sourceFiles('src/quickjs/guest').flatMap((path) => [...freeNames(readSource(path)).names].filter((name) => !IN_ISOLATE.has(name)).map((name) => `${path}: ${name}`))
    expect(found).toEqual([])
  })

  it('is found by this very check', () => {
    const planted = `
      import { now } from './time.js'
      const { fetch: own } = { fetch: 1 }
      export const a = (process) => process.env
      export const b = () => [Date.now(), new Date(), Math.random(), performance.now(), own, now, { setTimeout: 1 }.setTimeout]
      export const c = async () => fetch('https://example.com')
      export { createHash as crypto } from './hash.js'`
    const { names, members, bareCalls } = freeNames(planted)
    expect([...names].sort()).toEqual(['Date', 'Math', 'fetch', 'performance'])
    expect([...members]).toEqual(expect.arrayContaining(['Date.now', 'Math.random']))
    expect([...bareCalls]).toEqual(['Date'])
  })
})
