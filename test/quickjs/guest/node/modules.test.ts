import { win32 } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWin32 } from '../../../../src/quickjs/guest/libs/path/win32.js'
import { useSandbox, valueOf } from '../../../support/sandbox.js'
import { useSame } from './same.js'

const same = useSame()
const { run } = useSandbox()

describe('node:url', () => {
  it('has the older functions as Node has them', async () => {
    const urls = ['http://user:pa%20ss@Example.COM:8080/p/a/t/h?query=string&a=1#hash', 'https://a.example', '/path?x=1#y', 'mailto:a@b.example', 'file:///etc/x', '//host/path', 'http://a.example/a b?c d', 'javascript:alert(1)', 'a/b/../c', '?q', '#h', '', 'http://bücher.example/', 'http://[::1]:3000/x', 'HTTP://A.example/%7Efoo', 'data:text/plain,hi', 'http://a.example?x', 'x:y/z', 'http://a.example:80']
    await same("const url = require('node:url')", [
      ...urls.flatMap((text) => [`url.parse(${JSON.stringify(text)})`, `url.parse(${JSON.stringify(text)}, true).query`, `url.parse(${JSON.stringify(text)}, false, true).host`, `url.format(url.parse(${JSON.stringify(text)}))`]),
      ...[['/one/two/three', 'four'], ['http://a.example/', '/one'], ['http://a.example/one', '/two'], ['http://a.example/a/b', '../c?d#e'], ['http://a.example/a', '//b.example/x'], ['a/b', '../../c'], ['http://a.example/a/b', '#x'], ['http://a.example/a/b?y', '?x'], ['http://a.example/a/', '.'], ['http://a.example', 'b'], ['http://a.example/a', 'mailto:x@y.example']].map(([from, to]) => `url.resolve('${from}', '${to}')`),
      "url.format({ protocol: 'https', hostname: 'a.example', port: 8080, pathname: 'x', query: { a: [1, 2], b: 'c d' }, hash: 'h' })", "url.format(new URL('https://u:p@a.example/x?y#z'), { auth: false, fragment: false, search: false })", "url.format({ host: 'a.example', search: 'x' })", "url.parse(5)", "url.format(5)",
      "url.fileURLToPath('file:///a%20b/c')", "url.fileURLToPath('http://a')", "url.fileURLToPath(new URL('file:///x'))", "url.pathToFileURL('/a b#c?d%').href", "url.pathToFileURL('/x/').href", "url.domainToASCII('bücher.example')", "url.domainToUnicode('xn--bcher-kva.example')", "url.urlToHttpOptions(new URL('https://u:p@a.example:81/x?y#z')).auth", "url.urlToHttpOptions(new URL('https://a.example:81/x?y#z')).path", 'url.URL === URL',
    ])
  })
})

describe('node:querystring', () => {
  it('reads and writes as Node does', async () => {
    const texts = ['a=1&b=2&a=3', 'x', 'a=&=b&&c', '%41=%zz&%C3%A9=+', 'a=%ff', 'a=1=2', '?a', 'a+b=c+d', '__proto__=1', '']
    await same("const qs = require('node:querystring')", [
      ...texts.map((text) => `qs.parse('${text}')`), "qs.parse('a:1;b:2', ';', ':')", "qs.parse('a=1&b=2&c=3', null, null, { maxKeys: 2 })", "qs.stringify({ a: 1, b: [1, 'x y', true], c: null, d: undefined, e: 'é&=', f: NaN, g: 5n, h: {} })", "qs.stringify({ a: 1, b: 2 }, ';', ':')", 'qs.stringify("x")', "qs.escape('a b&é*')", "qs.unescape('%41%zz')", "qs.escape('\\ud800')", "qs.stringify({ a: 'x' }, null, null, { encodeURIComponent: (s) => '<' + s + '>' })",
    ])
  })
})

describe('node:path/win32', () => {
  const ours = createWin32() as unknown as typeof win32
  const text = fc.array(fc.constantFrom('\\', '/', '..', '.', 'a', 'b.c', 'D:', 'c:\\', 'x y', '.e'), { maxLength: 7 }).map((pieces) => pieces.join(''))

  it.each(['dirname', 'basename', 'extname', 'isAbsolute', 'normalize'] as const)('%s() answers what Node answers', (name) => {
    // What a drive without a separator or a name with a colon inside means differs from version to version.
    fc.assert(fc.property(text.filter((value) => !/.:/.test(value.slice(1)) && !/^[a-z]:(?![\\/])/i.test(value) && !/^[\\/]{2}/.test(value) && !value.includes(':..')), (value) => {
      expect(ours[name](value)).toEqual(win32[name](value))
    }), { numRuns: 2000 })
  })

  it('joins, resolves, relates, parses and formats as Node does', () => {
    const cases = [['C:\\a', 'b', '..\\c'], ['\\\\server\\share\\x', '..\\y'], ['a/b', '../c'], ['C:/x', 'D:/y', 'z'], ['C:\\', '..'], ['', 'a'], ['c:\\a\\b', 'c:\\a\\c\\d']]
    for (const pieces of cases) {
      expect([pieces, ours.join(...pieces)]).toEqual([pieces, win32.join(...pieces)])
      if (/^[a-z]:|^\\\\/i.test(pieces[0]!)) expect([pieces, ours.resolve(...pieces)]).toEqual([pieces, win32.resolve(...pieces)])
      expect(ours.parse(pieces[0]!)).toEqual(win32.parse(pieces[0]!))
      expect(ours.format(ours.parse(pieces[0]!))).toBe(win32.format(win32.parse(pieces[0]!)))
    }
    for (const [from, to] of [['C:\\a\\b', 'C:\\a\\c'], ['C:\\a', 'D:\\b'], ['C:\\A\\b', 'c:\\a'], ['C:\\', 'C:\\x']] as const) expect(ours.relative(from, to)).toBe(win32.relative(from, to))
  })
})

describe('node:timers', () => {
  it('promises wait as Node has them wait', async () => {
    await same("const timers = require('node:timers'), t = require('node:timers/promises')", [
      "t.setTimeout(1, 'v')", "t.setImmediate('w')", "(async () => { const c = new AbortController(); setTimeout(() => c.abort(), 1); await t.setTimeout(60000, 1, { signal: c.signal }) })()", "(async () => { let n = 0; for await (const v of t.setInterval(1, 'x')) if (++n === 3) return v + n })()", 't.scheduler.wait(1)', "t.setTimeout('x')", 't.setTimeout(1, 2, 5)', 'timers.promises === t', 'timers.setTimeout === setTimeout',
    ])
  })
})

describe('node:zlib', () => {
  it('packs what Node unpacks and unpacks what Node packs', async () => {
    const text = 'hello hello hello '.repeat(500)
    await same(`const zlib = require('node:zlib'); const text = ${JSON.stringify(text)}; const ways = [['deflate', 'inflate'], ['gzip', 'gunzip'], ['deflateRaw', 'inflateRaw'], ['gzip', 'unzip'], ['deflate', 'unzip']]
      const packed = { deflate: 'eJzLSM3JyVcoSi0uAQAhXwTx', gzip: 'H4sIAAAAAAAAA8tIzcnJVyjPL8pJAQCFEUoNCwAAAA==' }
      const unzipped = (kind, bytes) => zlib[kind + 'Sync'](bytes).toString()
      const good = zlib.gzipSync('payload'), bad = (at) => { const b = Buffer.from(good); b[at] ^= 0xff; return b }`, [
      ...['undefined', '{ level: 0 }', '{ level: 1 }', '{ level: 9 }'].map((options) => `ways.map(([a, b]) => unzipped(b, zlib[a + 'Sync'](text, ${options})) === text)`),
      "Promise.all(ways.map(([a, b]) => new Promise((done, fail) => zlib[a](text, (e, x) => e ? fail(e) : zlib[b](x, (e, y) => e ? fail(e) : done(y.length))))))", "unzipped('gunzip', Buffer.concat([good, zlib.gzipSync(' more')]))", "unzipped('gunzip', Buffer.from(packed.gzip, 'base64'))", "unzipped('gunzip', Buffer.concat([good, Buffer.alloc(20)]))",
      "zlib.gunzipSync(Buffer.from('nonsense'))", 'zlib.inflateSync(Buffer.from([1, 2, 3]))', 'zlib.gunzipSync(good.subarray(0, 15))', 'zlib.gunzipSync(good.subarray(0, -3))', 'zlib.gunzipSync(bad(good.length - 6))', 'zlib.gunzipSync(bad(good.length - 1))', 'zlib.inflateRawSync(Buffer.from([255]))', "zlib.gzipSync('a', { level: 10 })", 'zlib.gzipSync(5)', "zlib.gzip('a')", 'zlib.inflateSync(Buffer.alloc(0))',
      "zlib.crc32('hello')", "zlib.crc32('lo', zlib.crc32('hel'))", 'zlib.constants.Z_BEST_COMPRESSION', 'zlib.codes.Z_DATA_ERROR', "zlib.gunzipSync(zlib.gzipSync('x'.repeat(5000)), { maxOutputLength: 100 })", "unzipped('inflate', zlib.deflateSync('abcabc', { dictionary: Buffer.from('abc') }))", "zlib.inflateSync(zlib.deflateSync('abcabc', { dictionary: Buffer.from('abc') }), { dictionary: Buffer.from('abc') }).toString()",
      "new Promise((done, fail) => { const all = []; const g = zlib.createGunzip(); g.on('data', (c) => all.push(c)).on('end', () => done(Buffer.concat(all).toString())).on('error', fail); g.write(good.subarray(0, 5)); g.end(good.subarray(5)) })", "require('stream/promises').pipeline(require('stream').Readable.from([text]), zlib.createGzip(), zlib.createGunzip(), async function* (source) { let n = 0; for await (const c of source) n += c.length; if (n !== text.length) throw n })", "new Promise((done) => zlib.createGunzip().on('error', (e) => done([e.code, e.message])).end('nonsense'))",
    ])
  })

  it('says that it has no Brotli', async () => {
    expect(await run("require('zlib').brotliDecompressSync(Buffer.from('x'))")).toMatchObject({ outcome: 'threw', error: { message: expect.stringContaining('it has no Brotli; use gzip') } })
  })
})

describe('node:readline', () => {
  const lines = "const rl = require('node:readline').createInterface({ input: process.stdin }); const seen = []"
  it('reads the granted input line by line', async () => {
    const grants = { stdin: 'one\ntwo\r\n\nlast' }
    expect(valueOf(await run(`${lines}; for await (const line of rl) seen.push(line); return seen`, { grants }))).toEqual(['one', 'two', '', 'last'])
    expect(valueOf(await run(`${lines}; return new Promise((done) => rl.on('line', (l) => seen.push(l)).on('close', () => done(seen)))`, { grants }))).toEqual(['one', 'two', '', 'last'])
    const asked = await run("const rl = require('readline/promises').createInterface({ input: process.stdin, output: process.stdout }); const a = await rl.question('first? '); const b = await rl.question('second? '); rl.close(); return [a, b]", { grants })
    expect([valueOf(asked), asked.stdout]).toEqual([['one', 'two'], 'first? second? '])
  })
})

describe('node:async_hooks', () => {
  it('AsyncLocalStorage answers in callbacks as Node does', async () => {
    await same("const { AsyncLocalStorage, AsyncResource } = require('node:async_hooks'); const als = new AsyncLocalStorage(), other = new AsyncLocalStorage()", [
      'als.run(1, () => als.getStore())', 'als.getStore()', 'als.run(1, () => als.run(2, () => [als.getStore(), other.getStore()]))', 'als.run(1, () => other.run(2, () => [als.getStore(), other.getStore()]))', 'als.run(1, () => als.exit(() => als.getStore()))',
      'als.run(3, () => new Promise((done) => setTimeout(() => done(als.getStore()), 1)))', 'als.run(4, () => Promise.resolve().then(() => als.getStore()))', 'als.run(5, () => new Promise((done) => queueMicrotask(() => done(als.getStore()))))', 'Promise.all([als.run(1, () => Promise.resolve().then(() => als.getStore())), als.run(2, () => Promise.resolve().then(() => als.getStore()))])',
      'als.run(6, () => AsyncLocalStorage.bind(() => als.getStore()))()', 'als.run(7, () => AsyncLocalStorage.snapshot())(() => als.getStore())', "als.run(8, () => new AsyncResource('x')).runInAsyncScope(() => als.getStore())", 'als.run(1, () => { throw new RangeError("x") })', '(async () => { await null; return als.getStore() })()',
    ])
  })

  it('AsyncLocalStorage says so where it cannot tell', async () => {
    const result = await run("const { AsyncLocalStorage } = require('async_hooks'); const als = new AsyncLocalStorage(); await als.run(1, async () => { await null; als.getStore() })")
    expect(result).toMatchObject({ outcome: 'threw', error: { message: expect.stringContaining('before the first await') } })
  })
})
