import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools'

/** The part of `wasi:http` that the guests here use. */
const WIT = `
package acme:proxy;

world proxy {
  import wasi:io/streams@0.2.3;
  import wasi:http/types@0.2.3;
  export wasi:http/incoming-handler@0.2.3;
}

package wasi:io@0.2.3 {
  interface error { resource error; }
  interface streams {
    use error.{error};
    variant stream-error { last-operation-failed(error), closed }
    resource input-stream { blocking-read: func(len: u64) -> result<list<u8>, stream-error>; }
    resource output-stream { blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>; }
  }
}

package wasi:http@0.2.3 {
  interface types {
    use wasi:io/streams@0.2.3.{input-stream, output-stream};
    variant error-code { DNS-timeout, internal-error(option<string>) }
    resource fields { constructor(); }
    resource incoming-request { consume: func() -> result<incoming-body>; }
    resource incoming-body { %stream: func() -> result<input-stream>; }
    resource outgoing-response { constructor(headers: fields); set-status-code: func(status-code: u16) -> result; body: func() -> result<outgoing-body>; }
    resource outgoing-body { write: func() -> result<output-stream>; finish: static func(this: outgoing-body, trailers: option<fields>) -> result<_, error-code>; }
    resource response-outparam { set: static func(param: response-outparam, response: result<outgoing-response, error-code>); }
  }
  interface incoming-handler {
    use types.{incoming-request, response-outparam};
    handle: func(request: incoming-request, response-out: response-outparam);
  }
}`

const TYPES = 'wasi:http/types@0.2.3'
const STREAMS = 'wasi:io/streams@0.2.3'

const IMPORTS: readonly (readonly [module: string, name: string, id: string, type: string])[] = [
  [TYPES, '[constructor]fields', 'fields', '(result i32)'],
  [TYPES, '[method]incoming-request.consume', 'consume', '(param i32 i32)'],
  [TYPES, '[method]incoming-body.stream', 'bodyStream', '(param i32 i32)'],
  [TYPES, '[constructor]outgoing-response', 'response', '(param i32) (result i32)'],
  [TYPES, '[method]outgoing-response.set-status-code', 'setStatus', '(param i32 i32) (result i32)'],
  [TYPES, '[method]outgoing-response.body', 'responseBody', '(param i32 i32)'],
  [TYPES, '[method]outgoing-body.write', 'bodyWrite', '(param i32 i32)'],
  [TYPES, '[static]outgoing-body.finish', 'finish', '(param i32 i32 i32 i32)'],
  [TYPES, '[static]response-outparam.set', 'set', '(param i32 i32 i32 i32 i32 i32)'],
  [STREAMS, '[method]input-stream.blocking-read', 'read', '(param i32 i64 i32)'],
  [STREAMS, '[method]output-stream.blocking-write-and-flush', 'write', '(param i32 i32 i32 i32)'],
  [STREAMS, '[resource-drop]input-stream', 'dropInput', '(param i32)'],
  [STREAMS, '[resource-drop]output-stream', 'dropOutput', '(param i32)'],
]

/**
 * A component that serves requests; `body` is what `handle` does with `$request` and `$out`. It may use `$answer`, which
 * sends a response with a status and gives the handle of its body, and `$open`, which gives the stream of a body.
 */
export async function proxy(body: string, data = ''): Promise<Uint8Array> {
  const module = await parse(`(module
    ${IMPORTS.map(([from, name, id, type]) => `(import "${from}" "${name}" (func $${id} ${type}))`).join('\n')}
    (memory (export "memory") 2)
    (global $next (mut i32) (i32.const 65536))
    ${data}
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
      ;; Each piece takes the place of the one before.
      (i32.const 65536))
    (func $answer (param $out i32) (param $status i32) (result i32)
      (local $response i32) (local $body i32)
      (local.set $response (call $response (call $fields)))
      (drop (call $setStatus (local.get $response) (local.get $status)))
      (call $responseBody (local.get $response) (i32.const 0))
      (local.set $body (i32.load (i32.const 4)))
      (call $set (local.get $out) (i32.const 0) (local.get $response) (i32.const 0) (i32.const 0) (i32.const 0))
      (local.get $body))
    (func $open (param $body i32) (result i32)
      (call $bodyWrite (local.get $body) (i32.const 0))
      (i32.load (i32.const 4)))
    (func $close (param $body i32) (param $stream i32)
      (call $dropOutput (local.get $stream))
      (call $finish (local.get $body) (i32.const 0) (i32.const 0) (i32.const 0)))
    (func (export "wasi:http/incoming-handler@0.2.3#handle") (param $request i32) (param $out i32) ${body}))`)
  const embedded = await componentEmbed({ binary: module, witSource: WIT } as never)
  return (await componentNew(embedded, [])).slice()
}

/** Sends back what comes, piece by piece, as it comes. */
export const ECHO = `
  (local $body i32) (local $stream i32) (local $input i32)
  (local.set $body (call $answer (local.get $out) (i32.const 201)))
  (local.set $stream (call $open (local.get $body)))
  (call $consume (local.get $request) (i32.const 0))
  (call $bodyStream (i32.load (i32.const 4)) (i32.const 0))
  (local.set $input (i32.load (i32.const 4)))
  (block $ended (loop $again
    (call $read (local.get $input) (i64.const 4096) (i32.const 0))
    (br_if $ended (i32.load8_u (i32.const 0)))
    (call $write (local.get $stream) (i32.load (i32.const 4)) (i32.load (i32.const 8)) (i32.const 16))
    (br_if $ended (i32.load8_u (i32.const 16)))
    (br $again)))
  (call $dropInput (local.get $input))
  (call $close (local.get $body) (local.get $stream))`
