import { beforeAll, describe, expect, it } from 'vitest'
import type { Component } from '../../../src/index.js'
import { useComponents } from '../components.js'
import { echo } from '../fixtures.js'

const { load } = useComponents()

const TYPES = {
  u8: 'u8', s8: 's8', u16: 'u16', s16: 's16', u32: 'u32', s32: 's32', u64: 'u64', s64: 's64', f32: 'f32', f64: 'f64', bool: 'bool', char: 'char',
  string: 'string', lists: '(list u8)', words: '(list string)', pair: '(tuple u8 string)', maybe: '(option u32)', nested: '(option (option string))',
  outcome: '(result string (error u32))', bare: '(result)', point: '$a-point', shape: '$a-shape', level: '$a-level', rights: '$a-rights',
}
const DECLARATIONS = [
  ['a-point', '(record (field "x-axis" s32) (field "then" string) (field "constructor" (option bool)))'],
  ['a-shape', '(variant (case "nothing") (case "circle" f64) (case "poly-line" (list u32)))'],
  ['a-level', '(enum "low" "very-high")'],
  ['a-rights', '(flags "read" "write-all")'],
] as const

let tool: Component
beforeAll(async () => {
  tool = await load(echo(TYPES, DECLARATIONS))
})

/** Calls the function of a type with one value in a list and gives back the one that comes. */
async function roundTrip(name: string, value: unknown): Promise<unknown> {
  const result = await tool.call<ArrayLike<unknown>>(`acme:echo/values#${name}`, [[value]])
  if (result.outcome !== 'returned') throw new Error(JSON.stringify(result))
  expect(result.value.length).toBe(1)
  return result.value[0]
}

describe('values of every type', () => {
  it.each<[keyof typeof TYPES, readonly unknown[]]>([
    ['u8', [0, 255]], ['s8', [-128, 127]], ['u16', [0, 65_535]], ['s16', [-32_768, 32_767]], ['u32', [0, 4_294_967_295]], ['s32', [-2_147_483_648, 2_147_483_647]],
    ['u64', [0n, 18_446_744_073_709_551_615n]], ['s64', [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n]],
    ['f32', [1.5, -0, Infinity, Number.NaN]], ['f64', [0.1, -0, -Infinity, Number.NaN]],
    ['bool', [true, false]], ['char', ['a', 'é', '🦊', '\u0000', '\uFEFF']],
    ['string', ['', 'Grüße', '\uFEFFmarked', 'a\u0000b', '🦊'.repeat(1000)]],
    ['lists', [new Uint8Array([1, 2, 3]), new Uint8Array(0)]], ['words', [['a', '', 'ß'], []]],
    ['pair', [[7, 'seven']]], ['maybe', [undefined, 0, 5]],
    ['nested', [{ tag: 'none' }, { tag: 'some', val: undefined }, { tag: 'some', val: 'x' }]],
    ['outcome', [{ tag: 'ok', val: 'fine' }, { tag: 'err', val: 3 }]], ['bare', [{ tag: 'ok' }, { tag: 'err' }]],
    ['point', [{ xAxis: -1, then: 'no promise', constructor: undefined }, { xAxis: 1, then: '', constructor: true }]],
    ['shape', [{ tag: 'nothing' }, { tag: 'circle', val: 2.5 }, { tag: 'poly-line', val: new Uint32Array([1, 2]) }]],
    ['level', ['low', 'very-high']], ['rights', [{ read: true, writeAll: false }, { read: false, writeAll: true }]],
  ])('%s cross as they are', async (name, values) => {
    for (const value of values) expect(await roundTrip(name, value)).toEqual(value)
  })

  it('take what JavaScript has for the same', async () => {
    expect(await roundTrip('u64', 5)).toBe(5n)
    expect(await roundTrip('maybe', null)).toBe(undefined)
    expect(await roundTrip('rights', { read: true })).toEqual({ read: true, writeAll: false })
    expect(await roundTrip('lists', [1, 2])).toEqual(new Uint8Array([1, 2]))
  })

  it('share nothing with who passed them', async () => {
    const bytes = new Uint8Array([1, 2, 3])
    const returned = (await roundTrip('lists', bytes)) as Uint8Array
    returned[0] = 9
    expect([...bytes]).toEqual([1, 2, 3])
    expect(returned.buffer.byteLength).toBe(3)
  })
})

describe('arguments of other types', () => {
  it.each<[keyof typeof TYPES, unknown, string]>([
    ['u8', 256, 'value[0]: expected a whole number from 0 to 255 (u8), got 256'],
    ['u8', -1, 'value[0]: expected a whole number from 0 to 255 (u8), got -1'],
    ['u32', 1.5, 'value[0]: expected a whole number from 0 to 4294967295 (u32), got 1.5'],
    ['u32', '1', 'value[0]: expected a whole number from 0 to 4294967295 (u32), got "1"'],
    ['u64', -1n, 'value[0]: expected a bigint from 0 to 18446744073709551615 (u64), got -1n'],
    ['f64', '1', 'value[0]: expected a number, got "1"'],
    ['bool', 1, 'value[0]: expected a boolean, got 1'],
    ['char', 'ab', 'value[0]: expected a text of one character, got "ab"'],
    ['char', '\ud800', 'value[0]: expected a text of one character, got "\\ud800"'],
    ['string', 'a\udfff', 'value[0]: expected a well-formed text, got "a\\udfff"'],
    ['string', { toString: () => 'x' }, 'value[0]: expected a well-formed text, got an object'],
    ['lists', 'abc', 'value[0]: expected a list or Uint8Array, got "abc"'],
    ['lists', new Uint16Array(2), 'value[0]: expected a list or Uint8Array, got an object'],
    ['pair', [1], 'value[0]: expected a list of 2, got a list'],
    ['maybe', 'x', 'value[0]: expected a whole number from 0 to 4294967295 (u32), got "x"'],
    ['nested', 'x', 'value[0]: expected an object with a tag, got "x"'],
    ['outcome', { tag: 'maybe' }, 'value[0].tag: expected one of "ok", "err", got "maybe"'],
    ['bare', { tag: 'ok', val: 1 }, 'value[0].val: expected nothing, got 1'],
    ['point', { xAxis: 1 }, 'value[0].then: expected a well-formed text, got undefined'],
    ['point', { xAxis: 1, then: '', constructor: true, more: 1 }, 'value[0] has the unknown key "more"; its keys are xAxis, then, constructor'],
    ['shape', { tag: 'toString' }, 'value[0].tag: expected one of "nothing", "circle", "poly-line", got "toString"'],
    ['level', 'veryHigh', 'value[0]: expected one of "low", "very-high", got "veryHigh"'],
    ['rights', { read: 1 }, 'value[0].read: expected a boolean, got 1'],
  ])('%s refuses %o', async (name, value, message) => {
    await expect(tool.call(`acme:echo/values#${name}`, [[value]])).rejects.toMatchObject({ code: 'invalid-input', message: `Cannot call "acme:echo/values#${name}": ${message}` })
  })

  it('are not looked at twice', async () => {
    let reads = 0
    const sly = { xAxis: 1, then: 'x', get constructor() { return reads++ === 0 ? true : 'else' } }
    expect(await roundTrip('point', sly)).toEqual({ xAxis: 1, then: 'x', constructor: true })
  })
})
