/**
 * Names of the Minimum Common Web Platform API.
 * @see https://ecma-international.org/publications-and-standards/standards/ecma-429/
 */
export const WEB_NAMES: readonly string[] = (
  'AbortController AbortSignal Blob ByteLengthQueuingStrategy CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DecompressionStream ' +
  'DOMException ErrorEvent Event EventTarget File FormData Headers MessageChannel MessageEvent MessagePort Performance PromiseRejectionEvent ' +
  'ReadableByteStreamController ReadableStream ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController ' +
  'ReadableStreamDefaultReader Request Response SubtleCrypto TextDecoder TextDecoderStream TextEncoder TextEncoderStream TransformStream ' +
  'TransformStreamDefaultController URL URLPattern URLSearchParams WebAssembly.Global WebAssembly.Instance WebAssembly.Memory WebAssembly.Module ' +
  'WebAssembly.Table WritableStream WritableStreamDefaultController WritableStreamDefaultWriter globalThis atob btoa console crypto crypto.subtle fetch ' +
  'navigator.userAgent onerror onrejectionhandled onunhandledrejection performance.now performance.timeOrigin queueMicrotask reportError self ' +
  'setTimeout clearTimeout setInterval clearInterval structuredClone WebAssembly.compile WebAssembly.compileStreaming WebAssembly.instantiate ' +
  'WebAssembly.instantiateStreaming WebAssembly.validate'
).split(' ')

type Rule = readonly [names: RegExp, reason: string]

/** What works as far as something is granted, by `module.name` or the name of a global. */
const GRANTED: readonly Rule[] = [
  [/^fetch$/, '`grants.net`'],
  [/^(?:performance\.(?:now|timeOrigin)|node:process\.(?:hrtime|uptime)|node:os\.uptime|node:perf_hooks\.performance)$/, '`grants.clock`; time stands still without it'],
  [/^(?:crypto|node:crypto\.(?:random\w*|getRandomValues|webcrypto))$/, '`grants.random`; a fixed seed without it'],
  [/^node:process\.(?:env|argv|stdin)$/, '`grants.env`, `args` and `stdin` of the call'],
  [/^node:fs(?:\/promises)?\.(?!constants$|promises$|[A-Z]_OK$)/, '`grants.fs`'],
]

/** Why a name of Node or of the web is not there. */
const ABSENT: readonly Rule[] = [
  [/^WebAssembly/, 'the engine has none; components run WebAssembly beside guests'],
  [/^(?:localStorage|sessionStorage|Storage|navigator\.locks|LockManager|Lock)$/, 'nothing outlives a call but what is written to a mount'],
  [/^(?:WebSocket|EventSource|CloseEvent|node:http\.(?:WebSocket|CloseEvent|MessageEvent|setGlobalProxyFromEnv))$/, 'grants are for requests of HTTP; use `fetch()`'],
  [/^(?:Atomics|SharedArrayBuffer|BroadcastChannel|node:worker_threads\.)/, 'a call has one thread'],
  [/^node:process\.(?:set|init|get)\w*(?:gid|uid|groups)$/, 'a guest is no user of the host'],
  [/^node:module\./, 'loaders, their hooks and their caches are the host\'s'],
  [/^node:constants\./, 'use the constants of `fs`, `os` and `crypto`'],
  [/^node:dns(?:\/promises)?\./, 'codes of what is refused'],
  [/^node:(?:net|tls|dgram|cluster|v8|inspector|repl|test|sqlite|vm|http)\./, 'belongs to what is refused'],
  [/^node:crypto\./, 'keys, certificates and signatures are for tools; `crypto.subtle` has HMAC and AES'],
  [/^node:process\./, 'concerns the process of the host'],
  [/^node:zlib\./, 'belongs to what is refused: Brotli and Zstandard'],
]

const find = (rules: readonly Rule[], name: string): string | undefined => rules.find(([names]) => names.test(name))?.[1]

export const grantOf = (name: string): string | undefined => find(GRANTED, name)
export const whyAbsent = (name: string): string => find(ABSENT, name) ?? 'none of the programs and libraries that are tried uses it'
