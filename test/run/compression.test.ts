import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

describe('CompressionStream and DecompressionStream', () => {
  it('compress and decompress a body', async () => {
    const text = 'hello wörld '.repeat(500)
    const source = `
      const packed = await new Response(new Response(input.text).body.pipeThrough(new CompressionStream('gzip'))).arrayBuffer()
      const plain = await new Response(new Response(input.packed).body.pipeThrough(new DecompressionStream('gzip'))).text()
      return [new Uint8Array(packed), plain]`
    const [packed, plain] = valueOf<[Uint8Array, string]>(await run(source, { input: { text, packed: new Uint8Array(gzipSync(text)) } }))
    expect(gunzipSync(packed).toString()).toBe(text)
    expect(plain).toBe(text)
  })

  it('err for data that was changed, and for what is no format or no bytes', async () => {
    const packed = new Uint8Array(gzipSync('text'))
    packed[packed.length - 5]! ^= 1
    const source = `
      const attempt = async (act) => { try { return await act() } catch (error) { return error.name + ': ' + error.message } }
      const { readable, writable } = new CompressionStream('deflate')
      const [reader, writer] = [readable.getReader(), writable.getWriter()]
      return Promise.all([
        () => new Response(new Response(input).body.pipeThrough(new DecompressionStream('gzip'))).text(),
        () => new CompressionStream('zip'), () => new DecompressionStream(), () => Promise.race([reader.read(), writer.write('text')]),
      ].map(attempt))`
    expect(valueOf(await run(source, { input: packed }))).toEqual([
      'TypeError: The compressed data was not valid: its checksum is wrong',
      'TypeError: CompressionStream: "zip" is no format; use deflate, deflate-raw, gzip',
      'TypeError: DecompressionStream: expected a format; use deflate, deflate-raw, gzip',
      'TypeError: A piece to be compressed or decompressed must be an ArrayBuffer or a view of one',
    ])
  })
})
