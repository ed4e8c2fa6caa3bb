/**
 * Functions that may wait: where the engine can suspend a stack they are linked as suspending and may return promises.
 * Named as the transpiler names imports, without the version: `interface#function` or `interface#[method]type.method`.
 */
export const ASYNC_IMPORTS: readonly string[] = Object.freeze([
  'wasi:io/poll#poll',
  'wasi:io/poll#[method]pollable.block',
  'wasi:io/streams#[method]input-stream.blocking-read',
  'wasi:io/streams#[method]input-stream.blocking-skip',
  'wasi:io/streams#[method]output-stream.blocking-write-and-flush',
  'wasi:io/streams#[method]output-stream.blocking-flush',
  'wasi:io/streams#[method]output-stream.blocking-write-zeroes-and-flush',
  'wasi:io/streams#[method]output-stream.blocking-splice',
])
