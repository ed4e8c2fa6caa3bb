import { ExtensionCodec, decode, decodeMulti, encode } from '@msgpack/msgpack'

const codec = new ExtensionCodec()
codec.register({ type: 1, encode: (value) => (value instanceof Set ? encode([...value]) : null), decode: (bytes) => new Set(decode(bytes)) })
const value = { a: [1, -1, 1.5, 2 ** 40], text: 'héllo', bytes: new Uint8Array([1, 2]), none: null, when: new Date(1000) }
const bytes = encode(value)
export default { size: bytes.length, head: [...bytes.subarray(0, 5)], back: decode(bytes), set: [...decode(encode(new Set([1, 2]), { extensionCodec: codec }), { extensionCodec: codec })], many: [...decodeMulti(new Uint8Array([1, 2, 0xc0]))] }
