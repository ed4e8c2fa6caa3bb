import { describe, it } from 'vitest'
import { useSame } from './same.js'

const same = useSame()
const setup = `const stream = require('node:stream'), { Readable, Writable, Transform, PassThrough, Duplex, pipeline } = stream; const { Buffer } = require('buffer')
const sink = (seen) => new Writable({ write(chunk, encoding, done) { seen.push(String(chunk)); done() } })
const upper = () => new Transform({ transform(chunk, encoding, done) { done(null, String(chunk).toUpperCase()) } })`

describe('node:stream', () => {
  it('pipes, transforms and iterates as Node does', async () => {
    await same(setup, [
      "(async () => { const seen = []; for await (const chunk of Readable.from(['a', 'b', 3])) seen.push(chunk); return seen })()",
      "(async () => { const seen = []; await stream.promises.pipeline(Readable.from(['a', 'b']), upper(), sink(seen)); return seen })()",
      "new Promise((done) => { const seen = []; pipeline(Readable.from(['x']), upper(), sink(seen), (error) => done([error, seen])) })",
      "new Promise((done) => { pipeline(Readable.from(['x']), new Transform({ transform(c, e, next) { next(Object.assign(new Error('bad'), { code: 'OURS' })) } }), sink([]), (error) => done(error.message)) })",
      "new Promise((done) => { const seen = []; Readable.from(['1', '2']).pipe(upper()).pipe(sink(seen)).on('finish', () => done(seen)) })",
      "(async () => { const r = new Readable({ read() {} }); r.push('a'); r.push(Buffer.from('b')); r.push(null); r.setEncoding('utf8'); let all = ''; for await (const c of r) all += c; return all })()",
      "(async () => { const seen = []; const w = sink(seen); w.write('a'); w.write(Buffer.from('b')); w.end('c'); await stream.promises.finished(w); return [seen, w.writableEnded, w.writableFinished] })()",
      "(async () => (await Readable.from([1, 2, 3, 4]).filter((n) => n % 2 === 0).map((n) => n * 10).toArray()))()", "Readable.from([1, 2, 3]).reduce((a, b) => a + b, 0)",
      "(async () => { const r = new Readable({ highWaterMark: 2, read() {} }); return [r.push('abc'), r.readableLength, r.readableHighWaterMark, String(r.read(2)), r.read(5)] })()",
      "(async () => { const w = new Writable({ highWaterMark: 3, write(c, e, d) { setImmediate(d) } }); const full = w.write('abcd'); const drained = new Promise((done) => w.once('drain', () => done('drained'))); return [full, await drained] })()",
      "(async () => { const r = Readable.from(['a']); r.destroy(new Error('gone')); try { for await (const c of r); } catch (e) { return [e.message, r.destroyed] } })()",
      "(async () => { const w = sink([]); w.end(); const error = await new Promise((done) => { w.on('error', done); w.write('late') }); return error.code })()",
      "(async () => { const p = new PassThrough(); p.end('hello'); return String(await p.toArray().then(Buffer.concat)) })()", "(async () => { const d = new Duplex({ read() { this.push('r'); this.push(null) }, write(c, e, done) { done() } }); const all = []; d.on('data', (c) => all.push(String(c))); d.end('w'); await stream.promises.finished(d); return all })()",
      "(async () => { const [first] = await require('events').once(Readable.from(['x']), 'data'); return first })()", 'typeof stream + stream.name', "stream.Stream === stream", "new Readable() instanceof stream && new Writable() instanceof require('events')", "sink([]) instanceof Writable",
      "(async () => require('node:stream/consumers').json(Readable.from(['{\"a\"', ':1}'])))()", "(async () => require('node:stream/consumers').text(Readable.from([Buffer.from('é').subarray(0, 1), Buffer.from('é').subarray(1)])))()", "require('stream/promises') === stream.promises",
      "(async () => { const seen = []; const c = new AbortController(); const r = new Readable({ read() {} }); stream.addAbortSignal(c.signal, r); setTimeout(() => c.abort(), 1); try { for await (const x of r); } catch (e) { seen.push(e.name, e.code) } return seen })()",
      "Readable.from(5)", "sink([]).write(null)",
      "(async () => { const all = []; const r = Readable.fromWeb(new ReadableStream({ start(c) { c.enqueue('a'); c.enqueue('b'); c.close() } })); for await (const x of r) all.push(String(x)); return all.join('') })()",
      "(async () => { const reader = Readable.toWeb(Readable.from(['a', 'b'])).getReader(); return [(await reader.read()).value, (await reader.read()).value, (await reader.read()).done] })()",
    ])
  })

  it('string_decoder keeps characters whole as Node does', async () => {
    const texts = ['héllo ✓ 😀 x', 'abc', '\ud83d']
    await same(`${setup}; const { StringDecoder } = require('node:string_decoder')
      const cut = (text, encoding, size, as = encoding) => { const d = new StringDecoder(as), b = Buffer.from(text, encoding), out = []; for (let i = 0; i < b.length; i += size) out.push(d.write(b.subarray(i, i + size))); out.push(d.end()); return out }`, [
      ...texts.flatMap((text) => [1, 2, 3, 5].flatMap((size) => ['utf8', ...(size > 1 ? ['utf16le'] : []), 'latin1'].map((encoding) => `cut(${JSON.stringify(text)}, '${encoding}', ${size})`))),
      ...[1, 2, 4].flatMap((size) => ['base64', 'hex', 'base64url', 'ascii'].map((encoding) => `cut('hello world ÿ', 'utf8', ${size}, '${encoding}')`)),
      "new StringDecoder('nope')", 'new StringDecoder().encoding', "new StringDecoder('UCS2').encoding", "new StringDecoder().write(5)", "(() => { const d = new StringDecoder(); return [d.write(Buffer.from([0xe2, 0x82])), d.end(), d.write(Buffer.from('a'))] })()", "(() => { const d = new StringDecoder(); return [d.write(Buffer.from([0xff, 0x41, 0xe2])), d.end(Buffer.from([0x41]))] })()",
    ])
  })
})
