import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools'

/** The part of `wasi:sockets` a client needs, with its types as they are. */
const WIT = `
package acme:client;

world client {
  import wasi:io/poll@0.2.3;
  import wasi:io/streams@0.2.3;
  import wasi:sockets/network@0.2.3;
  import wasi:sockets/instance-network@0.2.3;
  import wasi:sockets/ip-name-lookup@0.2.3;
  import wasi:sockets/tcp@0.2.3;
  import wasi:sockets/tcp-create-socket@0.2.3;
  export talk: func(port: u16) -> s32;
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

package wasi:sockets@0.2.3 {
  interface network {
    resource network;
    enum error-code {
      unknown, access-denied, not-supported, invalid-argument, out-of-memory, timeout, concurrency-conflict, not-in-progress, would-block, invalid-state,
      new-socket-limit, address-not-bindable, address-in-use, remote-unreachable, connection-refused, connection-reset, connection-aborted, datagram-too-large,
      name-unresolvable, temporary-resolver-failure, permanent-resolver-failure,
    }
    enum ip-address-family { ipv4, ipv6 }
    type ipv4-address = tuple<u8, u8, u8, u8>;
    type ipv6-address = tuple<u16, u16, u16, u16, u16, u16, u16, u16>;
    variant ip-address { ipv4(ipv4-address), ipv6(ipv6-address) }
    record ipv4-socket-address { port: u16, address: ipv4-address }
    record ipv6-socket-address { port: u16, flow-info: u32, address: ipv6-address, scope-id: u32 }
    variant ip-socket-address { ipv4(ipv4-socket-address), ipv6(ipv6-socket-address) }
  }
  interface instance-network { use network.{network}; instance-network: func() -> network; }
  interface ip-name-lookup {
    use wasi:io/poll@0.2.3.{pollable};
    use network.{network, error-code, ip-address};
    resource resolve-address-stream {
      resolve-next-address: func() -> result<option<ip-address>, error-code>;
      subscribe: func() -> pollable;
    }
    resolve-addresses: func(network: borrow<network>, name: string) -> result<resolve-address-stream, error-code>;
  }
  interface tcp {
    use wasi:io/streams@0.2.3.{input-stream, output-stream};
    use wasi:io/poll@0.2.3.{pollable};
    use network.{network, error-code, ip-socket-address};
    enum shutdown-type { receive, send, both }
    resource tcp-socket {
      start-connect: func(network: borrow<network>, remote-address: ip-socket-address) -> result<_, error-code>;
      finish-connect: func() -> result<tuple<input-stream, output-stream>, error-code>;
      remote-address: func() -> result<ip-socket-address, error-code>;
      subscribe: func() -> pollable;
      shutdown: func(shutdown-type: shutdown-type) -> result<_, error-code>;
    }
  }
  interface tcp-create-socket {
    use network.{error-code, ip-address-family};
    use tcp.{tcp-socket};
    create-tcp-socket: func(address-family: ip-address-family) -> result<tcp-socket, error-code>;
  }
}`

const IMPORTS: readonly (readonly [module: string, name: string, id: string, type: string])[] = [
  ['wasi:io/poll', '[method]pollable.block', 'block', '(param i32)'],
  ['wasi:io/streams', '[method]input-stream.blocking-read', 'read', '(param i32 i64 i32)'],
  ['wasi:io/streams', '[method]output-stream.blocking-write-and-flush', 'write', '(param i32 i32 i32 i32)'],
  ['wasi:sockets/instance-network', 'instance-network', 'network', '(result i32)'],
  ['wasi:sockets/ip-name-lookup', 'resolve-addresses', 'resolve', '(param i32 i32 i32 i32)'],
  ['wasi:sockets/ip-name-lookup', '[method]resolve-address-stream.subscribe', 'lookupReady', '(param i32) (result i32)'],
  ['wasi:sockets/ip-name-lookup', '[method]resolve-address-stream.resolve-next-address', 'next', '(param i32 i32)'],
  ['wasi:sockets/tcp-create-socket', 'create-tcp-socket', 'create', '(param i32 i32)'],
  ['wasi:sockets/tcp', '[method]tcp-socket.start-connect', 'connect', `(param${' i32'.repeat(15)})`],
  ['wasi:sockets/tcp', '[method]tcp-socket.subscribe', 'socketReady', '(param i32) (result i32)'],
  ['wasi:sockets/tcp', '[method]tcp-socket.finish-connect', 'connected', '(param i32 i32)'],
  ['wasi:sockets/tcp', '[method]tcp-socket.remote-address', 'remote', '(param i32 i32)'],
  ['wasi:sockets/tcp', '[method]tcp-socket.shutdown', 'shutdown', '(param i32 i32 i32)'],
]

/**
 * A component that looks `name` up, connects to the first of its addresses and a port, sends `ping`, and gives the
 * first four bytes that come back; or `-(100 * step + error code)` of the step that failed.
 */
export async function client(name: string): Promise<Uint8Array> {
  const check = (step: number): string => `(if (i32.load8_u (i32.const 0)) (then (return (i32.sub (i32.const ${-100 * step}) (i32.load8_u (i32.const 4))))))`
  const module = await parse(`(module
    ${IMPORTS.map(([from, each, id, type]) => `(import "${from}@0.2.3" "${each}" (func $${id} ${type}))`).join('\n')}
    (memory (export "memory") 2)
    (data (i32.const 1024) "${name}")
    (data (i32.const 2048) "ping")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 65536))
    (func (export "talk") (param $port i32) (result i32)
      (local $net i32) (local $names i32) (local $socket i32) (local $in i32) (local $out i32)
      (local.set $net (call $network))
      (call $resolve (local.get $net) (i32.const 1024) (i32.const ${name.length}) (i32.const 0))
      ${check(1)}
      (local.set $names (i32.load (i32.const 4)))
      (call $block (call $lookupReady (local.get $names)))
      (call $next (local.get $names) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then (return (i32.sub (i32.const -200) (i32.load8_u (i32.const 2))))))
      ;; some(ipv4(address)): the option at 2, the variant at 4, the address from 6 on
      (if (i32.eqz (i32.load8_u (i32.const 2))) (then (return (i32.const -299))))
      (if (i32.load8_u (i32.const 4)) (then (return (i32.const -298))))
      (i32.store (i32.const 512) (i32.load (i32.const 6)))
      (call $create (i32.const 0) (i32.const 0))
      ${check(3)}
      (local.set $socket (i32.load (i32.const 4)))
      (call $connect (local.get $socket) (local.get $net) (i32.const 0) (local.get $port)
        (i32.load8_u (i32.const 512)) (i32.load8_u (i32.const 513)) (i32.load8_u (i32.const 514)) (i32.load8_u (i32.const 515))
        (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0))
      (if (i32.load8_u (i32.const 0)) (then (return (i32.sub (i32.const -400) (i32.load8_u (i32.const 1))))))
      (call $block (call $socketReady (local.get $socket)))
      (call $connected (local.get $socket) (i32.const 0))
      ${check(5)}
      (local.set $in (i32.load (i32.const 4)))
      (local.set $out (i32.load (i32.const 8)))
      (call $remote (local.get $socket) (i32.const 0))
      (if (i32.ne (i32.load16_u (i32.const 8)) (local.get $port)) (then (return (i32.const -699))))
      (call $write (local.get $out) (i32.const 2048) (i32.const 4) (i32.const 0))
      ${check(7)}
      (call $shutdown (local.get $socket) (i32.const 1) (i32.const 0))
      (call $read (local.get $in) (i64.const 4) (i32.const 0))
      ${check(8)}
      (i32.load (i32.load (i32.const 4)))))`)
  const embedded = await componentEmbed({ binary: module, witSource: WIT } as never)
  return (await componentNew(embedded, [])).slice()
}
