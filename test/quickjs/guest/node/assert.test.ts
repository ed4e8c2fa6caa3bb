import { describe, it } from 'vitest'
import { useSame } from './same.js'

const same = useSame()
const setup = `const assert = require('node:assert')
const told = (check) => { try { check(); return 'passed' } catch (e) { return [e.name, e.code, e.message, e.operator, e.generatedMessage, e instanceof Error] } }
const range = (n, f = (i) => i) => Array.from({ length: n }, (_, i) => f(i))`

describe('node:assert', () => {
  it('compares and tells what differs as Node does', async () => {
    const pairs = [
      ['1', '2'], ['1', "'1'"], ["'a long string that is here'", "'a long string that was here'"], ["'ab'", "'ac'"], ['{ a: 1 }', '{ a: 2 }'], ['{ a: 1 }', '{ a: 1 }'], ['[1, 2, 3]', '[1, 2, 4]'], ['range(40)', 'range(40, (i) => (i === 20 ? -1 : i))'], ['{ a: { b: [1, { c: 2 }] }, d: 4 }', '{ a: { b: [1, { c: 3 }] } }'],
      ['new Map([[1, 2]])', 'new Map([[1, 3]])'], ['new Set([1])', 'new Set([2])'], ['NaN', 'NaN'], ['0', '-0'], ['null', 'undefined'], ['[1, 2]', '[1, 2, 3]'], ["'x'.repeat(100)", "'y'.repeat(100)"], ["'a\\nb\\nc'", "'a\\nB\\nc'"], ['new Date(0)', 'new Date(1)'], ['() => 1', '() => 2'], ['{ a: 1, b: 2 }', '{ b: 2, a: 1 }'], ['[]', '{}'], ['range(80, (i) => ({ i }))', 'range(80, (i) => ({ i: i === 70 ? 0 : i }))'], ['1n', '2n'], ["Symbol.iterator", "'x'"], ['[[1], [2]]', '[[1], [3]]'], ['{}', '{ a: undefined }'], ['true', 'false'], ["new Error('a')", "new Error('b')"], ['range(60)', 'range(60)'],
    ]
    const checks = ['equal', 'notEqual', 'strictEqual', 'notStrictEqual', 'deepEqual', 'notDeepEqual', 'deepStrictEqual', 'notDeepStrictEqual', 'partialDeepStrictEqual']
    await same(setup, [...checks.flatMap((check) => pairs.map(([a, b]) => `told(() => assert.${check}(${a}, ${b}))`)), ...checks.map((check) => `told(() => assert.${check}({ a: 1 }, [1], 'our words'))`), ...checks.map((check) => `told(() => assert.${check}(1))`)])
  })

  it('expects errors as Node does', async () => {
    const thrown = ["() => { throw new TypeError('bad value') }", '() => {}', "() => { throw 'text' }", "() => { throw Object.assign(new Error('coded'), { code: 'X', info: { a: 1 } }) }", '5']
    const expectations = ['', 'TypeError', 'RangeError', 'Error', '/bad/', '/other/', "{ message: 'bad value' }", "{ name: 'TypeError', message: /bad/ }", "{ code: 'X', info: { a: 1 } }", '{ code: 5 }', '(e) => e instanceof TypeError', '(e) => false', "'text'", "'words'", '{}', "new TypeError('bad value')", '5', "TypeError, 'words'", "/other/, 'words'"]
    await same(setup, ['throws', 'doesNotThrow'].flatMap((check) => thrown.flatMap((fn) => expectations.filter((e) => (check === 'throws' || !/^[\d{]|^new/.test(e)) && !(fn.includes('text') && (e === 'Error' || e.startsWith('new')))).map((expected) => `told(() => assert.${check}(${fn}${expected === '' ? '' : `, ${expected}`}))`))))
    await same(setup, [
      "assert.rejects(Promise.reject(new Error('x')), /x/)", "assert.rejects(async () => {}, Error)", "assert.rejects(() => 5)", 'assert.rejects(5)', "assert.doesNotReject(async () => 1)", "assert.doesNotReject(Promise.reject(new Error('x')))", "assert.rejects(async () => { throw new TypeError('t') }, { name: 'TypeError' })", "assert.rejects(async () => { throw new TypeError('t') }, RangeError)",
    ])
  })

  it('has the rest of what Node has', async () => {
    await same(setup, [
      'told(() => assert(true))', "told(() => assert(0, 'words'))", "told(() => assert.ok(null, 'words'))", 'told(() => assert.ok())', "told(() => assert(false, new RangeError('ours')))", 'told(() => assert.fail())', "told(() => assert.fail('words'))", "told(() => assert.fail(new TypeError('t')))", 'told(() => assert.ifError(null))', "told(() => assert.ifError(new Error('e')))", 'told(() => assert.ifError(0))',
      "told(() => assert.match('abc', /b/))", "told(() => assert.match('abc', /x/))", "told(() => assert.doesNotMatch('abc', /b/))", 'told(() => assert.match(5, /b/))', "told(() => assert.match('a', 'a'))", "told(() => assert.match('abc', /x/, 'words'))", 'assert.strict.equal === assert.strictEqual', "require('assert/strict') === assert.strict", 'assert.strict.strict === assert.strict', "told(() => assert.strict.deepEqual([1], ['1']))",
      "(() => { try { assert.strictEqual(1, 2) } catch (e) { return [e instanceof assert.AssertionError, e.actual, e.expected, Object.keys(e).sort(), String(e)] } })()", "new assert.AssertionError({ actual: 1, expected: 2, operator: 'strictEqual' }).message", "new assert.AssertionError({ message: 'm' }).generatedMessage", 'new assert.AssertionError()', 'assert.name',
    ])
  })
})
