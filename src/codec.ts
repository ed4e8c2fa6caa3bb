/** Our wire format: how values cross between host and guest, as bytes and never as live objects. */
export { decode, type DecodeOptions } from './codec/decode.js'
export { encode, type EncodeOptions } from './codec/encode.js'
export { DecodeError, EncodeError, MAX_DEPTH, type WireMessage } from './codec/message.js'
export { watchProxies } from './codec/proxies.js'
