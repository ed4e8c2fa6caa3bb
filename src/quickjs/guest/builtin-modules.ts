/** A built-in module: a guest library, or a part of one. */
export interface Builtin {
  readonly library: string
  readonly member?: string
}

/** Modules of what a sandbox has not: they load, and their functions say what to use. */
const REFUSED = 'child_process net tls dgram dns http https http2 worker_threads cluster vm v8 inspector repl trace_events wasi sqlite test'

/** Built-in modules by name. What each exports is what its library has. */
const BUILTINS: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  ['node:fs', { library: 'fs' }],
  ['node:fs/promises', { library: 'fs', member: 'promises' }],
  ['node:path', { library: 'path' }],
  ['node:process', { library: 'process', member: 'process' }],
  ['node:module', { library: 'packages', member: 'module' }],
  ['node:buffer', { library: 'node-buffer' }],
  ['node:events', { library: 'node-events', member: 'EventEmitter' }],
  ['node:util', { library: 'node-util' }],
  ['node:util/types', { library: 'node-util', member: 'types' }],
  ['node:sys', { library: 'node-util' }],
  ['node:assert', { library: 'node-assert', member: 'assert' }],
  ['node:assert/strict', { library: 'node-assert', member: 'strict' }],
  ['node:os', { library: 'node-os' }],
  ['node:stream', { library: 'node-stream', member: 'Stream' }],
  ['node:stream/promises', { library: 'node-stream', member: 'promises' }],
  ['node:stream/consumers', { library: 'node-stream', member: 'consumers' }],
  ['node:stream/web', { library: 'node-stream', member: 'web' }],
  ['node:string_decoder', { library: 'node-string-decoder' }],
  ['node:querystring', { library: 'node-querystring' }],
  ['node:url', { library: 'node-url' }],
  ['node:path/posix', { library: 'path', member: 'posix' }],
  ['node:path/win32', { library: 'path', member: 'win32' }],
  ['node:timers', { library: 'node-timers' }],
  ['node:timers/promises', { library: 'node-timers', member: 'promises' }],
  ['node:zlib', { library: 'node-zlib' }],
  ['node:async_hooks', { library: 'node-async-hooks' }],
  ['node:perf_hooks', { library: 'node-perf-hooks' }],
  ['node:readline', { library: 'node-readline' }],
  ['node:readline/promises', { library: 'node-readline', member: 'promises' }],
  ['node:console', { library: 'console', member: 'console' }],
  ['node:constants', { library: 'fs', member: 'constants' }],
  ['node:tty', { library: 'node-small', member: 'tty' }],
  ['node:diagnostics_channel', { library: 'node-small', member: 'diagnosticsChannel' }],
  ['node:punycode', { library: 'node-url', member: 'punycode' }],
  ['node:dns/promises', { library: 'node-refused', member: 'dnsPromises' }],
  ...REFUSED.split(' ').map((name): readonly [string, Builtin] => [`node:${name}`, { library: 'node-refused', member: name }]),
  ['node:crypto', { library: 'node-crypto' }],
])

/** The canonical name of a built-in module, with or without `node:`, or `undefined`. */
export const toBuiltin = (specifier: string): string | undefined => {
  if (BUILTINS.has(specifier)) return specifier
  return BUILTINS.has(`node:${specifier}`) ? `node:${specifier}` : undefined
}

export const builtinOf = (name: string): Builtin | undefined => BUILTINS.get(name)
export const builtinNames = (): string[] => [...BUILTINS.keys()]
