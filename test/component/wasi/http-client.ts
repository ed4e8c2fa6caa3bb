import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools'

/** The part of `wasi:http` a client needs, with its types as they are, but for error codes nobody meets here. */
const WIT = `
package acme:client;

world client {
  import wasi:io/poll@0.2.3;
  import wasi:io/streams@0.2.3;
  import wasi:http/types@0.2.3;
  import wasi:http/outgoing-handler@0.2.3;
  export talk: func() -> s32;
}

package wasi:io@0.2.3 {
  interface error { resource error; }
  interface poll { resource pollable { block: func(); } }
  interface streams {
    use error.{error};
    variant stream-error { last-operation-failed(error), closed }
    resource input-stream { blocking-read: func(len: u64) -> result<list<u8>, stream-error>; }
    resource output-stream { blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>; }
  }
}

package wasi:http@0.2.3 {
  interface types {
    use wasi:io/poll@0.2.3.{pollable};
    use wasi:io/streams@0.2.3.{input-stream, output-stream};
    variant method { get, head, post, put, delete, connect, options, trace, patch, other(string) }
    variant scheme { HTTP, HTTPS, other(string) }
    variant error-code { connection-refused, HTTP-request-denied, HTTP-response-timeout, internal-error(option<string>) }
    variant header-error { invalid-syntax, forbidden, immutable }
    resource fields {
      constructor();
      append: func(name: string, value: list<u8>) -> result<_, header-error>;
    }
    type headers = fields;
    type trailers = fields;
    resource outgoing-request {
      constructor(headers: headers);
      set-method: func(method: method) -> result;
      set-scheme: func(scheme: option<scheme>) -> result;
      set-authority: func(authority: option<string>) -> result;
      set-path-with-query: func(path-with-query: option<string>) -> result;
      body: func() -> result<outgoing-body>;
    }
    resource outgoing-body {
      write: func() -> result<output-stream>;
      finish: static func(this: outgoing-body, trailers: option<trailers>) -> result<_, error-code>;
    }
    resource request-options {
      constructor();
      set-first-byte-timeout: func(duration: option<u64>) -> result;
    }
    resource future-incoming-response {
      subscribe: func() -> pollable;
      get: func() -> option<result<result<incoming-response, error-code>>>;
    }
    resource incoming-response {
      status: func() -> u16;
      consume: func() -> result<incoming-body>;
    }
    resource incoming-body { %stream: func() -> result<input-stream>; }
  }
  interface outgoing-handler {
    use types.{outgoing-request, request-options, future-incoming-response, error-code};
    handle: func(request: outgoing-request, options: option<request-options>) -> result<future-incoming-response, error-code>;
  }
}`

const TYPES = 'wasi:http/types'
const IMPORTS: readonly (readonly [module: string, name: string, id: string, type: string])[] = [
  ['wasi:io/poll', '[method]pollable.block', 'block', '(param i32)'],
  ['wasi:io/streams', '[method]input-stream.blocking-read', 'read', '(param i32 i64 i32)'],
  ['wasi:io/streams', '[method]output-stream.blocking-write-and-flush', 'write', '(param i32 i32 i32 i32)'],
  ['wasi:io/streams', '[resource-drop]output-stream', 'dropOutput', '(param i32)'],
  [TYPES, '[constructor]fields', 'fields', '(result i32)'],
  [TYPES, '[method]fields.append', 'append', '(param i32 i32 i32 i32 i32 i32)'],
  [TYPES, '[constructor]outgoing-request', 'request', '(param i32) (result i32)'],
  [TYPES, '[method]outgoing-request.set-method', 'method', '(param i32 i32 i32 i32) (result i32)'],
  [TYPES, '[method]outgoing-request.set-scheme', 'scheme', '(param i32 i32 i32 i32 i32) (result i32)'],
  [TYPES, '[method]outgoing-request.set-authority', 'authority', '(param i32 i32 i32 i32) (result i32)'],
  [TYPES, '[method]outgoing-request.set-path-with-query', 'path', '(param i32 i32 i32 i32) (result i32)'],
  [TYPES, '[method]outgoing-request.body', 'body', '(param i32 i32)'],
  [TYPES, '[method]outgoing-body.write', 'bodyWrite', '(param i32 i32)'],
  [TYPES, '[static]outgoing-body.finish', 'finish', '(param i32 i32 i32 i32)'],
  [TYPES, '[constructor]request-options', 'options', '(result i32)'],
  [TYPES, '[method]request-options.set-first-byte-timeout', 'firstByte', '(param i32 i32 i64) (result i32)'],
  ['wasi:http/outgoing-handler', 'handle', 'handle', '(param i32 i32 i32 i32)'],
  [TYPES, '[method]future-incoming-response.subscribe', 'future', '(param i32) (result i32)'],
  [TYPES, '[method]future-incoming-response.get', 'get', '(param i32 i32)'],
  [TYPES, '[method]incoming-response.status', 'status', '(param i32) (result i32)'],
  [TYPES, '[method]incoming-response.consume', 'consume', '(param i32 i32)'],
  [TYPES, '[method]incoming-body.stream', 'stream', '(param i32 i32)'],
]

export interface ClientRequest {
  readonly authority: string
  readonly path: string
  /** Header it sets. */
  readonly header?: readonly [name: string, value: string]
  /** Sent with POST. */
  readonly body?: string
  readonly firstByteMs?: number
}

/**
 * A component that sends one request over plain HTTP, and gives `status << 8 | first byte of the body`; or
 * `-(100 * step + error code)` of the step that failed. Its codes: 0 refused, 1 denied, 2 timed out, 3 internal.
 */
export async function client({ authority, path, header, body, firstByteMs }: ClientRequest): Promise<Uint8Array> {
  const data: string[] = []
  const put = (text: string): string => {
    const at = 1024 + data.length * 512
    data.push(`(data (i32.const ${at}) "${text}")`)
    return `(i32.const ${at}) (i32.const ${text.length})`
  }
  const check = (step: number): string => `(if (i32.load8_u (i32.const 0)) (then (return (i32.sub (i32.const ${-100 * step}) (i32.load8_u (i32.const 4))))))`
  const must = (call: string, step: number): string => `(if ${call} (then (return (i32.const ${-100 * step}))))`
  const code = `
    (local $fields i32) (local $request i32) (local $future i32) (local $response i32) (local $body i32) (local $out i32) (local $options i32)
    (local.set $fields (call $fields))
    ${header === undefined ? '' : `(call $append (local.get $fields) ${put(header[0])} ${put(header[1])} (i32.const 0)) ${check(1)}`}
    (local.set $request (call $request (local.get $fields)))
    ${body === undefined ? '' : must('(call $method (local.get $request) (i32.const 2) (i32.const 0) (i32.const 0))', 2)}
    ${must('(call $scheme (local.get $request) (i32.const 1) (i32.const 0) (i32.const 0) (i32.const 0))', 2)}
    ${must(`(call $authority (local.get $request) (i32.const 1) ${put(authority)})`, 3)}
    ${must(`(call $path (local.get $request) (i32.const 1) ${put(path)})`, 4)}
    ${body === undefined ? '' : '(call $body (local.get $request) (i32.const 0)) (local.set $body (i32.load (i32.const 4)))'}
    ${firstByteMs === undefined ? '' : `(local.set $options (call $options)) ${must(`(call $firstByte (local.get $options) (i32.const 1) (i64.const ${firstByteMs * 1_000_000}))`, 2)}`}
    (call $handle (local.get $request) (i32.const ${firstByteMs === undefined ? 0 : 1}) (local.get $options) (i32.const 0))
    ${check(5)}
    (local.set $future (i32.load (i32.const 4)))
    ${body === undefined ? '' : `
    (call $bodyWrite (local.get $body) (i32.const 0))
    (local.set $out (i32.load (i32.const 4)))
    (call $write (local.get $out) ${put(body)} (i32.const 0))
    ${check(6)}
    (call $dropOutput (local.get $out))
    (call $finish (local.get $body) (i32.const 0) (i32.const 0) (i32.const 0))
    ${check(7)}`}
    (call $block (call $future (local.get $future)))
    (call $get (local.get $future) (i32.const 0))
    ;; some(ok(inner)): the option at 0, the outer result at 4, the inner one at 8, what it holds at 12
    (if (i32.eqz (i32.load8_u (i32.const 0))) (then (return (i32.const -899))))
    (if (i32.load8_u (i32.const 4)) (then (return (i32.const -898))))
    (if (i32.load8_u (i32.const 8)) (then (return (i32.sub (i32.const -900) (i32.load8_u (i32.const 12))))))
    (local.set $response (i32.load (i32.const 12)))
    (call $consume (local.get $response) (i32.const 0))
    (call $stream (i32.load (i32.const 4)) (i32.const 0))
    (call $read (i32.load (i32.const 4)) (i64.const 64) (i32.const 0))
    (if (i32.load8_u (i32.const 0)) (then (return (i32.const -1000))))
    (i32.or (i32.shl (call $status (local.get $response)) (i32.const 8)) (i32.load8_u (i32.load (i32.const 4))))`
  const module = await parse(`(module
    ${IMPORTS.map(([from, name, id, type]) => `(import "${from}@0.2.3" "${name}" (func $${id} ${type}))`).join('\n')}
    (memory (export "memory") 2)
    ${data.join('\n')}
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536))
    (func (export "talk") (result i32) ${code}))`)
  const embedded = await componentEmbed({ binary: module, witSource: WIT } as never)
  return (await componentNew(embedded, [])).slice()
}
