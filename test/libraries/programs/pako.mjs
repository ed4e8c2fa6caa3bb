import { Inflate, deflate, gzip, inflate, inflateRaw, deflateRaw, ungzip } from 'pako'

const text = 'the quick brown fox '.repeat(100)
const bytes = deflate(text)
const parts = new Inflate()
for (let i = 0; i < bytes.length; i += 16) parts.push(bytes.subarray(i, i + 16), i + 16 >= bytes.length)
let broken
try {
  inflate(new Uint8Array([1, 2, 3]))
} catch (error) {
  broken = String(error.message ?? error)
}
const toText = (data) => new TextDecoder().decode(data)
export default { size: bytes.length, head: [...bytes.subarray(0, 6)], back: toText(inflate(bytes)) === text, gzip: toText(ungzip(gzip(text))) === text, raw: toText(inflateRaw(deflateRaw(text, { level: 1 }))).length, parts: parts.result.length, broken }
