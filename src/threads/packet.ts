/** Data and bytes of one answer; data is what JSON holds. */
export interface Packet {
  readonly data: unknown
  readonly text: string
  readonly blobs: readonly Uint8Array[]
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Lays a packet out as one stretch of bytes: the number of parts, their lengths, the parts. */
export function pack({ data, text, blobs }: Packet): Uint8Array {
  const parts = [encoder.encode(JSON.stringify(data ?? null)), encoder.encode(text), ...blobs]
  const head = 4 * (1 + parts.length)
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, head))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, parts.length)
  let offset = head
  parts.forEach((part, index) => {
    view.setUint32(4 * (1 + index), part.byteLength)
    bytes.set(part, offset)
    offset += part.byteLength
  })
  return bytes
}

export function unpack(bytes: Uint8Array): Packet {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const count = view.getUint32(0)
  const parts: Uint8Array[] = []
  let offset = 4 * (1 + count)
  for (let index = 0; index < count; index++) {
    const length = view.getUint32(4 * (1 + index))
    parts.push(bytes.subarray(offset, offset + length))
    offset += length
  }
  const [data, text, ...blobs] = parts
  return { data: JSON.parse(decoder.decode(data)) as unknown, text: decoder.decode(text), blobs }
}
