import { GloveboxError } from '../errors.js'

/** Turns the component's imports and core modules into its exports; what the transpiler generates. */
export type Instantiate = (
  getCoreModule: (name: string) => unknown,
  imports: Readonly<Record<string, unknown>>,
  instantiateCore: (core: never, imports?: WebAssembly.Imports) => { readonly exports: WebAssembly.Exports },
) => Readonly<Record<string, unknown>>

/** Makes the glue's function in a scope of its own. */
export type GlueFactory = (scope: Readonly<Record<string, unknown>>) => Instantiate

/** Of the language, what glue computes with; neither of these names holds authority or state. */
const LANGUAGE = {
  Array, ArrayBuffer, BigInt, BigInt64Array, BigUint64Array, Boolean, DataView, Error, Float32Array, Float64Array, Infinity, Int8Array, Int16Array, Int32Array,
  JSON, Map, NaN, Number, Object, Promise, RangeError, ReferenceError, Set, String, Symbol, TextEncoder, TypeError, Uint8Array, Uint16Array, Uint32Array, WeakMap,
  WeakSet, isNaN,
}

/** `Math` without chance; a plain object, whose functions engines find fast. */
const CALM_MATH = Object.freeze({ ...Object.fromEntries(Object.getOwnPropertyNames(Math).map((name) => [name, Reflect.get(Math, name) as unknown])), random: undefined })

const inert = (): void => {}

/**
 * What glue asks of its surroundings, made harmless: it prints nothing, nothing of it runs later on, and garbage
 * collection calls no destructor of a guest whose call has long ended.
 */
const SURROUNDINGS = {
  Math: CALM_MATH,
  FinalizationRegistry: class {
    register = inert
    unregister = inert
  },
  console: Object.freeze({ debug: inert, error: inert, log: inert, warn: inert }),
  setTimeout: inert,
  setInterval: inert,
  clearTimeout: inert,
  clearInterval: inert,
  queueMicrotask: (task: () => void) => void Promise.resolve().then(task),
}

/** Given by the call: engine, decoder, and the count of bytes that lists copied out of a guest hold in the host. */
const OF_THE_CALL = ['WebAssembly', 'TextDecoder', 'lift'] as const

/** `undefined` too: whatever is not found here is asked of `outside`, name by name, each time. */
const SCOPE_NAMES: readonly string[] = [...Object.keys(LANGUAGE), ...Object.keys(SURROUNDINGS), ...OF_THE_CALL, 'globalThis', 'checkedSlice', 'undefined']

/** Everything a runtime may have besides; named one by one where no scope can be put around a module. */
const SHADOWED: readonly string[] = [
  'AsyncFunction', 'Atomics', 'Buffer', 'Bun', 'Deno', 'Function', 'Proxy', 'Reflect', 'SharedArrayBuffer', 'URL', 'WebSocket', 'Worker', 'XMLHttpRequest', '__dirname',
  '__filename', 'addEventListener', 'alert', 'atob', 'btoa', 'caches', 'close', 'crypto', 'document', 'exports', 'fetch', 'frames', 'global', 'history', 'importScripts',
  'indexedDB', 'localStorage', 'location', 'module', 'navigator', 'open', 'parent', 'performance', 'postMessage', 'process', 'require', 'self', 'sessionStorage',
  'setImmediate', 'structuredClone', 'top', 'window',
]

/** The scope of one instance: what a call gives, over what every glue has. */
export function toScope(globals: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const lift = (globals['lift'] ?? inert) as (bytes: number) => void
  return {
    ...LANGUAGE,
    ...SURROUNDINGS,
    ...globals,
    lift,
    globalThis: Object.freeze({ __proto__: null, WebAssembly: globals['WebAssembly'] }),
    // The generated text slices the memory's buffer, which shortens what goes beyond its end instead of refusing it.
    checkedSlice: (buffer: ArrayBuffer, start: number, end: number): ArrayBuffer => {
      if (start > end || end > buffer.byteLength) throw new RangeError(`A list of ${end - start} bytes at ${start} goes beyond the memory of ${buffer.byteLength}`)
      lift(end - start)
      return buffer.slice(start, end)
    },
  }
}

const HEAD = 'export function instantiate('
const TAIL = /\nexport const _util = \{\s*\}\s*$/

/** Enters another component of the same whole, or waits until it may be entered, by a module that the glue compiles itself. */
const WAITING_ENTRY = /\bconst _conditionalSuspending3I32ToVoidModule = new WebAssembly\.Module\(new Uint8Array\(\[[\s0-9a-fx,]*\]\)\);\s*function _conditionalSuspending3I32ToVoid\(fast, slow\) \{[^{}]*(?:\{[^{}]*\{[^{}]*\}[^{}]*\}[^{}]*)?\}/

/** An instance serves one call, so that nobody else can be in there; who waits would wait for itself. */
const ENTRY_AT_ONCE = `const _conditionalSuspending3I32ToVoid = (fast) => (caller, isAsync, callee) => {
  if (!(fast(caller, isAsync, callee) | 0)) throw new WebAssembly.RuntimeError('a component was called that waits for this call');
};`

/**
 * Makes what the transpiler generated fit to be evaluated apart from any module: no exports, no imports, lists of the
 * guest checked and counted.
 * @throws GloveboxError `internal` when the text is not of the shape that the supported version generates,
 * `invalid-component` when it does what no glue does
 */
export function toGlue(generated: string): string {
  const at = generated.indexOf(HEAD)
  if (at === -1 || generated.indexOf(HEAD, at + 1) !== -1 || !TAIL.test(generated)) {
    throw new GloveboxError('internal', 'The generated glue has another shape; use a version of @bytecodealliance/jco-transpile that this version of glovebox supports')
  }
  const glue = generated
    .replace(/^"use components";/, '')
    .replace(HEAD, 'function instantiate(')
    .replace(TAIL, '\n')
    .replaceAll('import.meta.url', "''")
    .replace(WAITING_ENTRY, ENTRY_AT_ONCE)
    // Called everywhere with much to look at, for a variable of the environment that there is not.
    .replace(/\bconst _debugLog = \(\.\.\.args\) => \{[^{}]*\{[^{}]*\}[^{}]*\}/, 'const _debugLog = () => {}')
    .replace(/\b(memory\d+)\.buffer\.slice\(/g, 'checkedSlice($1.buffer, ')
    .replace(/\bvar result(\d+) = \[\];(?=\s*for \(let i = 0; i < len\1;)/g, 'var result$1 = [];lift(len$1 * 32);')
    .replace(/(?<=\n\s*)const val = \[\];(?=\s*for \(var i = 0; i < len;)/, 'const val = [];lift(len * 32);')
  // No scope hides the expression `import(…)`; the statement cannot stand within a function.
  if (/\bimport\s*(?:[(.]|\/[/*])/.test(glue)) refuse('imports')
  if (/\.buffer\.slice\(/.test(glue)) refuse('copies memory unchecked')
  return glue
}

const refuse = (what: string): never => {
  throw new GloveboxError('invalid-component', `Cannot load the component: what is generated of its names and types ${what}`)
}

const inner = (glue: string): string => `'use strict';
const { ${SCOPE_NAMES.join(', ')} } = scope;
${glue}
return instantiate;`

/**
 * The body of a function of `outside`, a scope that has every name and nothing under it, which returns the factory:
 * glue sees the names of its own scope, and of its surroundings not even that they are there.
 */
export const toFunctionBody = (glue: string): string => `with (outside) { return function (scope) {${inner(glue)}
} }`

/** The glue as a module of its own, whose default export is the factory. */
export const toModule = (glue: string): string => `export default function (scope, ${SHADOWED.join(', ')}) {${inner(glue).replace("'use strict';", '')}
}
`

/** Has every name, each `undefined`. */
export const OUTSIDE: object = new Proxy(Object.freeze(Object.create(null) as object), {
  has: () => true,
  get: () => undefined,
  set: () => false,
})
