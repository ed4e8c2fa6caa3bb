import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { decode, DecodeError, encode, type WireMessage } from '../../src/codec.js'
import { EXACT } from './values.js'

const message = (text: string, ...blobs: Uint8Array[]): WireMessage => ({ text, blobs })
const pristine = Reflect.ownKeys(Object.prototype).concat(Reflect.ownKeys(Array.prototype))

afterEach(() => {
  expect(Reflect.ownKeys(Object.prototype).concat(Reflect.ownKeys(Array.prototype))).toEqual(pristine)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
})

/** A value, or DecodeError and nothing else. */
function survives(hostile: WireMessage): void {
  try {
    decode(hostile)
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError)
  }
}

describe('decode() refuses', () => {
  const cases: readonly (readonly [string, WireMessage])[] = [
    ['no JSON', message('{')],
    ['nothing', message('')],
    ['a space', message(' ')],
    ['no list', message(' {}')],
    ['an empty list', message(' []')],
    ['a bare object in place of a slot', message(' [{"a":1}]')],
    ['a reference to itself as root list', message(' [[0]]')],
    ['a reference beyond the end', message(' [[1]]')],
    ['a negative reference', message(' [[-1]]')],
    ['a fractional reference', message(' [[0.5],{}]')],
    ['a huge reference', message(' [[1e308],{}]')],
    ['a reference by name', message(' [["length"]]')],
    ['an unknown word', message(' [["q"]]')],
    ['a hole outside an array', message(' [[1],{"a":["h"]}]')],
    ['a nested slot', message(' [[1],[[[1]]]]')],
    ['a node that is a primitive', message(' [[1],5]')],
    ['a node that is null', message(' [[1],null]')],
    ['a node nothing refers to', message(' [1,{}]')],
    ['a node out of order', message(' [[2],{},[[1]]]'.replace('[2]', '[3]'))],
    ['an unknown kind', message(' [[1],[{"t":"function","v":"alert()"}]]')],
    ['a kind from the prototype', message(' [[1],[{"t":"constructor"}]]')],
    ['no kind', message(' [[1],[{}]]')],
    ['two specials in a node', message(' [[1],[{"t":"date","v":0},{"t":"date","v":0}]]')],
    ['a date out of range', message(' [[1],[{"t":"date","v":1e300}]]')],
    ['a date of text', message(' [[1],[{"t":"date","v":"now"}]]')],
    ['a fractional date', message(' [[1],[{"t":"date","v":0.5}]]')],
    ['a regular expression with a bad source', message(' [[1],[{"t":"regexp","v":"(","f":""}]]')],
    ['a regular expression with bad flags', message(' [[1],[{"t":"regexp","v":"a","f":"gg"}]]')],
    ['a regular expression of a million parentheses', message(` [[1],[{"t":"regexp","v":"${'('.repeat(1e6)}","f":""}]]`)],
    ['a Map of an odd count', message(' [[1],[{"t":"map","v":[1]}]]')],
    ['a Map of no list', message(' [[1],[{"t":"map","v":{"length":4294967294}}]]')],
    ['a Set of no list', message(' [[1],[{"t":"set","v":7}]]')],
    ['an error class of no name', message(' [[1],[{"t":"error","c":7,"p":{}}]]')],
    ['an error class that is a method', message(' [[1],[{"t":"error","c":"constructor","p":{}}]]')],
    ['an error class that is a constructor elsewhere', message(' [[1],[{"t":"error","c":"Function","p":{}}]]')],
    ['an error without properties', message(' [[1],[{"t":"error","c":"Error"}]]')],
    ['a blob that is not there', message(' [[1],[{"t":"buffer","v":0}]]')],
    ['a blob used twice', message(' [[1],[[2],[3]],[{"t":"buffer","v":0}],[{"t":"buffer","v":0}]]', new Uint8Array(1))],
    ['a blob not used', message(' [1]', new Uint8Array(1))],
    ['a blob beside plain text', message('1', new Uint8Array(1))],
    ['a blob that is no bytes', { text: ' [[1],[{"t":"buffer","v":0}]]', blobs: [[1, 2] as unknown as Uint8Array] }],
    ['a view of no buffer', message(' [[1],[{"t":"view","c":"Uint8Array","b":[1],"o":0,"l":1}]]')],
    ['a view of a date', message(' [[1],[{"t":"view","c":"Uint8Array","b":[2],"o":0,"l":1}],[{"t":"date","v":0}]]')],
    ['a view longer than its buffer', message(' [[1],[{"t":"view","c":"Uint8Array","b":[2],"o":0,"l":4294967296}],[{"t":"buffer","v":0}]]', new Uint8Array(8))],
    ['a view before its buffer', message(' [[1],[{"t":"view","c":"Uint8Array","b":[2],"o":-1,"l":1}],[{"t":"buffer","v":0}]]', new Uint8Array(8))],
    ['a misaligned view', message(' [[1],[{"t":"view","c":"Float64Array","b":[2],"o":1,"l":0}],[{"t":"buffer","v":0}]]', new Uint8Array(16))],
    ['a view without a length', message(' [[1],[{"t":"view","c":"Uint8Array","b":[2],"o":0}],[{"t":"buffer","v":0}]]', new Uint8Array(8))],
    ['a view of an unknown class', message(' [[1],[{"t":"view","c":"Array","b":[2],"o":0,"l":0}],[{"t":"buffer","v":0}]]', new Uint8Array(8))],
    ['a view of a class from the prototype', message(' [[1],[{"t":"view","c":"__proto__","b":[2],"o":0,"l":0}],[{"t":"buffer","v":0}]]', new Uint8Array(8))],
    ['a BigInt of no digits', message(' [["b","-"]]')],
    ['a BigInt of other digits', message(' [["b","0x1f"]]')],
    ['a BigInt of no text', message(' [["b",{}]]')],
    ['a box around an object', message(' [[1],[{"t":"box","v":[1]}]]')],
    ['a box around nothing', message(' [[1],[{"t":"box","v":null}]]')],
    ['an array whose extra property is its length', message(' [[1],[{"t":"array","v":[],"p":{"length":4294967295}}]]')],
    ['an array whose extra property is an element', message(' [[1],[{"t":"array","v":[],"p":{"4294967294":1}}]]')],
    ['a deeply nested plain value', message('['.repeat(5000) + ']'.repeat(5000))],
    ['a deeply nested plain value behind strings', message(`["\\"[",${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}]`)],
    ['ten million open brackets', message('['.repeat(1e7))],
    ['ten million open brackets after a tag', message(' ' + '['.repeat(1e7))],
    ['a chain of 2000 nodes', message(` [[1],${Array.from({ length: 2000 }, (_, i) => `[[${i + 2}]]`).join()},[]]`)],
    ['text that is no string', { text: { toString: () => '1' } as unknown as string, blobs: [] }],
    ['blobs that are no list', { text: '1', blobs: { length: 0 } as unknown as Uint8Array[] }],
  ]
  for (const [title, hostile] of cases) it(title, () => expect(() => decode(hostile)).toThrow(DecodeError))
})

describe('decode() of a hostile message that is well formed', () => {
  it('makes __proto__ keys own properties everywhere', () => {
    for (const text of [
      '{"__proto__":{"polluted":1}}',
      ' [[1],{"__proto__":[2]},{"polluted":1}]',
      ' [[1],[{"t":"error","c":"Error","p":{"__proto__":[2]}}],{"polluted":1}]',
      ' [[1],[{"t":"array","v":[],"p":{"__proto__":[2]}}],{"polluted":1}]',
    ]) {
      const value = decode(message(text)) as object
      expect(Object.hasOwn(value, '__proto__')).toBe(true)
      expect((value as { polluted?: unknown }).polluted).toBeUndefined()
    }
  })

  it('gives no blob access to the memory around it', () => {
    const memory = new Uint8Array(1024).fill(7)
    const value = decode(message(' [[1],[{"t":"buffer","v":0}]]', memory.subarray(8, 12))) as ArrayBuffer
    expect(value.byteLength).toBe(4)
    expect(value).not.toBe(memory.buffer)
  })

  it('gives an error the guest\'s stack or none, never the host\'s', () => {
    const error = decode(message(' [[1],[{"t":"error","c":"TypeError","p":{"message":"m"}}]]')) as Error
    expect(error.stack).toBe('TypeError: m')
    expect((decode(message(' [[1],[{"t":"error","c":"Error","p":{"name":[2],"stack":5}}],{}]')) as Error).stack).toBe(5)
  })

  it('takes time and memory in proportion to the message', () => {
    const started = performance.now()
    const before = process.memoryUsage().heapUsed
    decode(message(` [[1],[${Array(10_000).fill('["h"]').join()}]]`))
    decode(message(` [[1],[${Array(100_000).fill('[1]').join()}]]`))
    decode(message(` [["b","${'f'.repeat(1 << 20)}"]]`))
    decode(message(` [[1],[${Array.from({ length: 20_000 }, (_, i) => `[${i + 2}]`).join()}],${Array(20_000).fill('[{"t":"error","c":"Error","p":{}}]').join()}]`))
    decode(message(` [[1],[{"t":"map","v":[${Array.from({ length: 100_000 }, (_, i) => `"${i}"`).join()}]}]]`))
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 << 20)
    expect(performance.now() - started).toBeLessThan(15_000)
  })
})

describe('decode() of keys chosen to collide', () => {
  /** Thomas Wang's hash, as V8 computes it of a small integer, without a seed. */
  const hash = (key: number): number => {
    let h = (~key + (key << 15)) >>> 0
    h ^= h >>> 12
    h = (h + (h << 2)) >>> 0
    h ^= h >>> 4
    h = Math.imul(h, 2057) >>> 0
    return h ^ (h >>> 16)
  }
  const colliding = (count: number): number[] => {
    const keys: number[] = []
    for (let i = 1; keys.length < count; i++) if ((hash(i) & 0xfff) === 7) keys.push(i)
    return keys
  }

  it('holds the host up for a moment at most, and is refused beyond', () => {
    const keys = colliding(10_000)
    const started = performance.now()
    expect((decode(message(` [[1],[{"t":"set","v":[${keys.join()}]}]]`)) as Set<number>).size).toBe(10_000)
    expect(performance.now() - started).toBeLessThan(1_000)
    const more = [...keys, ...keys.map((key) => -key), 0.5].join()
    expect(() => decode(message(` [[1],[{"t":"set","v":[${more}]}]]`))).toThrow('too many numbers for keys')
    const many = Array.from({ length: 20 }, (_, i) => `[${i + 2}]`).join()
    const sets = Array.from({ length: 20 }, () => `[{"t":"set","v":[${keys.join()}]}]`).join()
    expect(() => decode(message(` [[1],[${many}],${sets}]`))).toThrow('too many numbers for keys')
  })
})

describe('decode() of what a fuzzer makes', () => {
  const pieces = fc.constantFrom('[', ']', '{', '}', ',', ':', '"t"', '"v"', '"p"', '"map"', '"set"', '"date"', '"view"', '"buffer"', '"error"', '"b"', '"__proto__"', '0', '1', '2', '-1', '1e999', '"u"', '"h"', 'null', '"length"')
  const slot = fc.oneof(
    fc.constantFrom<unknown>(null, 1, -1, 'x', ['u'], ['n'], ['0'], ['h'], ['b', 'ff'], ['b', '-'], {}, [], [[]], ['__proto__']),
    fc.tuple(fc.integer({ min: -1, max: 8 })),
  )
  const record = fc.dictionary(fc.constantFrom('a', '__proto__', 'length', '0', 'stack', 'message', 'constructor', 'then'), slot)
  const special = fc.record({
    t: fc.constantFrom('date', 'regexp', 'map', 'set', 'error', 'buffer', 'view', 'box', 'array', 'x'),
    v: fc.oneof(slot, fc.array(slot, { maxLength: 4 }), fc.integer(), fc.string()),
    c: fc.constantFrom('Error', 'TypeError', 'AggregateError', 'Uint8Array', 'DataView', 'Object', 7),
    p: fc.oneof(record, slot), b: slot, f: fc.constantFrom('', 'g', 'x'), o: fc.integer({ min: -1, max: 9 }), l: fc.integer({ min: -1, max: 9 }),
  }, { requiredKeys: ['t'] })
  const node = fc.oneof(record, fc.array(slot, { maxLength: 5 }), fc.tuple(special), slot)

  it('random nodes', () => {
    fc.assert(fc.property(fc.array(node, { minLength: 1, maxLength: 7 }), fc.nat(2), (nodes, blobs) => {
      survives(message(' ' + JSON.stringify(nodes), ...Array.from({ length: blobs }, () => new Uint8Array(8))))
    }), { numRuns: 5000 })
  })

  it('random tokens', () => {
    fc.assert(fc.property(fc.array(pieces, { maxLength: 30 }), (tokens) => survives(message(' [' + tokens.join('')))), { numRuns: 2000 })
  })

  it('real messages with characters changed', () => {
    const messages = Object.values(EXACT).map((value) => encode(value))
    fc.assert(fc.property(fc.constantFrom(...messages), fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'[]{},:"0129-tvbhu')), { minLength: 1, maxLength: 4 }), ({ text, blobs }, edits) => {
      const characters = [...text]
      for (const [at, character] of edits) characters[at % characters.length] = character
      survives({ text: characters.join(''), blobs })
    }), { numRuns: 5000 })
  })
})
