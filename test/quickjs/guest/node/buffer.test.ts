import { describe, it } from 'vitest'
import { useSame } from './same.js'

const same = useSame()
const setup = `const { Buffer } = require('buffer'); const util = require('buffer')
const b = Buffer.from('héllo wörld ✓ 😀'), n = Buffer.from([0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0])
const ENC = ['utf8', 'utf-8', 'UTF8', 'latin1', 'binary', 'ascii', 'hex', 'base64', 'base64url', 'utf16le', 'ucs2']`

describe('node:buffer', () => {
  it('makes bytes of text and text of bytes as Node does', async () => {
    await same(setup, [
      "ENC.map((e) => [...Buffer.from('aé€😀=+/', e)])",
      "ENC.map((e) => b.toString(e))",
      "ENC.map((e) => n.toString(e, 1, 5))",
      "['YQ', 'YQ==', 'YQ=', 'YWI=', 'Y W\\nI=', 'YQ==YQ==', '-_-_', '+/+/', 'YQ===', '====', 'é', 'Y', 'YWJjZ', '*Y*W*I*'].map((t) => [t, [...Buffer.from(t, 'base64')], [...Buffer.from(t, 'base64url')], Buffer.byteLength(t, 'base64')])",
      "['abc', 'ab', 'zz', 'abzzab', 'ABCD', '', 'a'].map((t) => [...Buffer.from(t, 'hex')])",
      "[...Buffer.from('\\ud800a\\udc00')]",
      "Buffer.from([0xff, 0xe2, 0x82, 0x41, 0xf0, 0x9f]).toString()",
      "ENC.map((e) => Buffer.byteLength('aé€😀', e))",
      "b.toString('nope')", "Buffer.from('a', 'nope')", "Buffer.isEncoding('nope')", "ENC.map((e) => Buffer.isEncoding(e))",
      "[b.toString('utf8', -1, 3), b.toString('utf8', 2), b.toString(undefined, 3, 1), b.toString('utf8', '1', '4'), b.toString('utf8', NaN, Infinity)]",
    ])
  })

  it('is made of what Node makes it of', async () => {
    await same(setup, [
      '[...Buffer.from([1, 2, 300, -1, 1.9, "7", "x"])]', '[...Buffer.from(new Uint16Array([1, 256, 3]))]', '[...Buffer.from(new Uint8Array([1, 2]).buffer, 1)]',
      '[...Buffer.from(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2)]', 'Buffer.from(new ArrayBuffer(2), 3)', 'Buffer.from(new ArrayBuffer(2), 0, 3)',
      '[...Buffer.from({ length: 2, 0: 5, 1: 6 })]', "[...Buffer.from({ type: 'Buffer', data: [1, 2] })]", "[...Buffer.from(new String('hi'))]",
      "[...Buffer.from({ [Symbol.toPrimitive]() { return 'xy' } })]", 'Buffer.from(5)', 'Buffer.from(null)', 'Buffer.from()', 'Buffer.from({})', 'Buffer.from(() => {})', 'Buffer.from(Symbol.iterator)',
      '[...Buffer.alloc(3, 1)]', "[...Buffer.alloc(5, 'ab')]", "[...Buffer.alloc(5, 'YWI=', 'base64')]", "[...Buffer.alloc(3, Buffer.from([9, 8]))]", 'Buffer.alloc(-1)', "Buffer.alloc('5')", "Buffer.alloc(2, 'zz', 'hex')",
      'Buffer.allocUnsafe(4).length', '[...Buffer.of(1, 2, 3)]', 'Buffer.alloc(2) instanceof Uint8Array', 'Buffer.isBuffer(Buffer.alloc(1))', 'Buffer.isBuffer(new Uint8Array(1))',
      '[...Buffer.concat([Buffer.from([1]), new Uint8Array([2, 3])])]', '[...Buffer.concat([Buffer.from([1, 2, 3])], 2)]', '[...Buffer.concat([Buffer.from([1])], 3)]', 'Buffer.concat(5)', 'Buffer.concat([5])', 'Buffer.concat([]).length',
      '[...Buffer.copyBytesFrom(new Uint16Array([1, 2, 3]), 1, 1)]', 'JSON.stringify(b.subarray(0, 3))', "[...Buffer('ab')]", 'Buffer(3).length', 'Buffer.name + Buffer.length',
    ])
  })

  it('compares, searches, copies, fills and cuts as Node does', async () => {
    await same(setup, [
      "['l', 'ö', 108, '', 'zz', Buffer.from('wö'), new Uint8Array([32])].map((v) => [b.indexOf(v), b.lastIndexOf(v), b.includes(v), b.indexOf(v, 5), b.indexOf(v, -5), b.lastIndexOf(v, 5), b.lastIndexOf(v, -3), b.indexOf(v, 100)])",
      "Buffer.from('abcabc', 'utf16le').indexOf('b', 0, 'utf16le')", "b.indexOf('6c', 'hex')", 'b.indexOf({})', 'b.indexOf()',
      "[Buffer.compare(Buffer.from('a'), Buffer.from('b')), Buffer.from('abc').compare(Buffer.from('xbcx'), 1, 3, 1, 3), Buffer.from('a').equals(Buffer.from('a')), Buffer.from('a').equals(new Uint8Array([98]))]",
      "b.equals('x')", "Buffer.compare('a', b)", 'b.compare(b, 0, 100)',
      "(() => { const t = Buffer.alloc(5); return [b.copy(t, 1, 0, 3), [...t], b.copy(t, 9), b.copy(t, 3)] })()", 'b.copy(Buffer.alloc(2), -1)', 'b.copy(Buffer.alloc(2), 0, 100)', 'b.copy("x")',
      "(() => { const t = Buffer.alloc(6); return [t.write('é€'), t.write('😀', 3), t.write('ab', 1, 1), t.write('ff', 'hex'), t.write('zz', 4, 'latin1'), [...t]] })()", "Buffer.alloc(2).write('a', 3)", 'Buffer.alloc(2).write(5)', "Buffer.alloc(3).write('€€')", "Buffer.alloc(3).write('ab', 0, 3, 'utf16le')",
      "[...Buffer.alloc(5).fill('abc', 1, 4)]", '[...Buffer.alloc(3).fill(257)]', "[...Buffer.alloc(4).fill('é')]", 'Buffer.alloc(3).fill(1, 5)', "[...Buffer.alloc(3).fill('')]", '[...Buffer.alloc(2).fill(true)]',
      '[...n.subarray(1, 3), ...n.slice(-2), ...n.subarray(2, -4)]', 'Buffer.isBuffer(n.slice(1))', 'Buffer.isBuffer(n.map((x) => x + 1))', 'Buffer.isBuffer(n.filter((x) => x > 99))', '(() => { const c = Buffer.from(n); c.slice(0, 1)[0] = 7; return c[0] })()',
      '[...Buffer.from(n).swap16()]', '[...Buffer.from(n).swap32()]', '[...Buffer.from(n).swap64()]', 'Buffer.alloc(3).swap16()',
      '[...n.entries()].length + [...n.keys()].length', 'n.at(-1)', 'n.readUInt8(0) + n[0]',
      "require('util').inspect(n)", "require('util').inspect(Buffer.alloc(60))", "require('util').inspect(Buffer.alloc(0))", "require('util').inspect({ b: Buffer.from('x') })", "`${Buffer.from('x')}`", "Buffer.from('é') + ''",
      "util.transcode(Buffer.from('é€'), 'utf8', 'latin1').toString('hex')", "util.transcode(Buffer.from('é'), 'utf8', 'utf16le').toString('hex')", "[util.isUtf8(Buffer.from([0xff])), util.isUtf8(b), util.isAscii(b), util.isAscii(Buffer.from('a'))]", 'util.constants.MAX_STRING_LENGTH > 1e6 && util.INSPECT_MAX_BYTES', 'Object.prototype.toString.call(b)',
    ])
  })

  it('reads and writes numbers as Node does', async () => {
    const methods = ['UInt8', 'Int8', 'UInt16LE', 'UInt16BE', 'Int16LE', 'Int16BE', 'UInt32LE', 'UInt32BE', 'Int32LE', 'Int32BE', 'FloatLE', 'FloatBE', 'DoubleLE', 'DoubleBE', 'BigUInt64LE', 'BigUInt64BE', 'BigInt64LE', 'BigInt64BE']
    const values = ['1', '-1', '127', '255', '256', '65536', '2 ** 31', '2 ** 32', '-(2 ** 33)', '1.5', "'12'", 'NaN', 'undefined', '5n', '-5n', '2n ** 64n', 'Infinity']
    await same(setup, [
      ...methods.map((name) => `n.read${name}()`), ...methods.map((name) => `n.read${name}(-1)`), ...methods.map((name) => `n.read${name}(7)`), ...methods.map((name) => `n.read${name}(1.5)`), ...methods.map((name) => `n.read${name}('0')`), ...methods.map((name) => `Buffer.alloc(0).read${name}()`),
      ...methods.flatMap((name) => values.map((value) => `(() => { const t = Buffer.alloc(10); return [t.write${name}(${value}, 1), [...t]] })()`)),
      ...['LE', 'BE'].flatMap((end) => [1, 2, 3, 4, 5, 6].flatMap((size) => [`n.readUInt${end}(1, ${size})`, `n.readInt${end}(2, ${size})`, ...['1', '-2', '250', '2 ** 20', '-(2 ** 30)', '2 ** 47'].flatMap((value) => ['Int', 'UInt'].map((kind) => `(() => { const t = Buffer.alloc(8); return [t.write${kind}${end}(${value}, 1, ${size}), [...t]] })()`))])),
      'n.readUIntBE(0, 7)', 'n.readUIntBE(4, 6)', 'n.readIntLE(0)', "n.readUIntLE(0, '1')", 'n.readUint8(1)', 'n.readUint32BE(0)', 'n.readUintBE(0, 3)',
    ])
  })
})
