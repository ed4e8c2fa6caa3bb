import { library } from '../node/library.js'

type Source = AsyncIterable<unknown>

const bytesOf = async (source: Source): Promise<Uint8Array & { toString(): string }> => {
  const Buffer = library('node-buffer')['Buffer']
  const pieces: unknown[] = []
  for await (const chunk of source) pieces.push(typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk as Uint8Array))
  return Buffer.concat(pieces) as Uint8Array
}

/** `stream/consumers`: all of a stream at once. */
export const consumers = {
  buffer: bytesOf,
  text: async (source: Source): Promise<string> => (await bytesOf(source)).toString(),
  json: async (source: Source): Promise<unknown> => JSON.parse((await bytesOf(source)).toString()) as unknown,
  arrayBuffer: async (source: Source): Promise<ArrayBuffer> => {
    const bytes = await bytesOf(source)
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) as ArrayBuffer
  },
  blob: async (source: Source): Promise<Blob> => new Blob([(await bytesOf(source)) as Uint8Array<ArrayBuffer>]),
}
