/** Functions of WASI preview 1 by name, with their types. */
const IMPORTS: Readonly<Record<string, string>> = {
  fd_write: '(param i32 i32 i32 i32) (result i32)',
  fd_read: '(param i32 i32 i32 i32) (result i32)',
  proc_exit: '(param i32)',
  args_sizes_get: '(param i32 i32) (result i32)',
  args_get: '(param i32 i32) (result i32)',
  environ_sizes_get: '(param i32 i32) (result i32)',
  environ_get: '(param i32 i32) (result i32)',
  clock_time_get: '(param i32 i64 i32) (result i32)',
  random_get: '(param i32 i32) (result i32)',
  poll_oneoff: '(param i32 i32 i32 i32) (result i32)',
  fd_prestat_get: '(param i32 i32) (result i32)',
  path_open: '(param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)',
}

/**
 * A command of WASI preview 1 as text. Its body may use `$print`, which writes `length` bytes at a place to a descriptor.
 */
export function command(body: string, options: { readonly imports?: readonly string[]; readonly rest?: string } = {}): string {
  const names = new Set(['fd_write', ...(options.imports ?? [])])
  return `(module
    ${[...names].map((name) => `(import "wasi_snapshot_preview1" "${name}" (func $${name} ${IMPORTS[name]}))`).join('\n')}
    (memory (export "memory") 2)
    ${options.rest ?? ''}
    (func $print (param $descriptor i32) (param $at i32) (param $length i32)
      (i32.store (i32.const 0) (local.get $at)) (i32.store (i32.const 4) (local.get $length))
      (drop (call $fd_write (local.get $descriptor) (i32.const 0) (i32.const 1) (i32.const 16))))
    (func (export "_start") ${body}))`
}
