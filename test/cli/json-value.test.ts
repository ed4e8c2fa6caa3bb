import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toJsonValue } from '../../src/cli/json-value.js'
import { decode, encode } from '../../src/codec.js'

const write = (value: unknown): string => JSON.stringify(toJsonValue(value))

/** The way back, as `docs/cli.md` describes the form; knows nothing of how it is written. */
function fromJsonValue(json: unknown, numbered = new Map<number, unknown>(), number?: number): unknown {
  const keep = <T>(value: T): T => {
    if (number !== undefined) numbered.set(number, value)
    return value
  }
  const read = (inner: unknown): unknown => fromJsonValue(inner, numbered)
  const fill = (target: object, fields: object): void => {
    for (const [key, member] of Object.entries(fields)) Object.defineProperty(target, key, { value: read(member), enumerable: true, writable: true, configurable: true })
  }
  const fillArray = (target: unknown[], items: readonly unknown[]): void => {
    target.length = items.length
    items.forEach((item, index) => {
      if (!isDeepStrictEqual(item, { $hole: true })) target[index] = read(item)
    })
  }
  if (typeof json !== 'object' || json === null) return json
  if (Array.isArray(json)) {
    const array = keep([] as unknown[])
    fillArray(array, json)
    return array
  }
  const [tag, body] = Object.entries(json as Record<string, unknown>)[0] ?? ['', undefined]
  const fields = json as Record<string, any>
  switch (tag) {
    case '$undefined': return undefined
    case '$bigint': return BigInt(body as string)
    case '$number': return Number(body)
    case '$ref': return numbered.get(body as number)
    case '$id': return fromJsonValue(fields['$value'], numbered, body as number)
    case '$date': return keep(new Date((body as string | null) ?? Number.NaN))
    case '$regexp': return keep(new RegExp((body as string[])[0]!, (body as string[])[1]))
    case '$boxed': return keep(Object(read(body)) as object)
    case '$map': { const map = keep(new Map()); for (const [key, value] of body as [unknown, unknown][]) map.set(read(key), read(value)); return map }
    case '$set': { const set = keep(new Set()); for (const member of body as unknown[]) set.add(read(member)); return set }
    case '$array': { const array = keep([] as unknown[]); fillArray(array, body as unknown[]); fill(array, fields['properties'] as object); return array }
    case '$object': { const object = keep({}); fill(object, Object.fromEntries(body as [string, unknown][])); return object }
    case '$bytes': { const { buffer, byteOffset, byteLength } = Buffer.from(body as string, 'base64'); const bytes = buffer.slice(byteOffset, byteOffset + byteLength); return keep(fields['type'] === 'ArrayBuffer' ? bytes : toView(fields['type'] as string, bytes, 0, bytes.byteLength)) }
    case '$view': return keep(toView(fields['type'] as string, read(body) as ArrayBuffer, fields['byteOffset'] as number, fields['byteLength'] as number))
    default: { const object = keep({}); fill(object, json); return object }
  }
}

function toView(type: string, buffer: ArrayBuffer, offset: number, bytes: number): unknown {
  const constructor = (globalThis as Record<string, any>)[type]
  return new constructor(buffer, offset, bytes / (constructor.BYTES_PER_ELEMENT ?? 1))
}

/** What JSON text of it says, read again. */
const back = (value: unknown): unknown => fromJsonValue(JSON.parse(write(value)))

describe('toJsonValue()', () => {
  it.each<readonly [unknown, string]>([
    [1, '1'],
    ['a', '"a"'],
    [null, 'null'],
    [undefined, '{"$undefined":true}'],
    [1n, '{"$bigint":"1"}'],
    [Number.NaN, '{"$number":"NaN"}'],
    [-0, '{"$number":"-0"}'],
    [-Infinity, '{"$number":"-Infinity"}'],
    [new Date(0), '{"$date":"1970-01-01T00:00:00.000Z"}'],
    [new Date(Number.NaN), '{"$date":null}'],
    [/a\/b/gi, '{"$regexp":["a\\\\/b","gi"]}'],
    [new Map([['k', 1n]]), '{"$map":[["k",{"$bigint":"1"}]]}'],
    [new Set([1]), '{"$set":[1]}'],
    [new Uint8Array([1, 2, 3]), '{"$bytes":"AQID","type":"Uint8Array"}'],
    [new ArrayBuffer(1), '{"$bytes":"AA==","type":"ArrayBuffer"}'],
    [Object.assign(Array.from({ length: 0 }), { length: 3, 0: 1, 2: 3 }), '[1,{"$hole":true},3]'],
    [{ a: [{ b: true }] }, '{"a":[{"b":true}]}'],
    [{ $bigint: '1' }, '{"$object":[["$bigint","1"]]}'],
    [Object(5), '{"$boxed":5}'],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
    ['\ud800', '"\\ud800"'],
  ])('writes %o as %s', (value, json) => {
    expect(write(value)).toBe(json)
  })

  it('writes an error with its name, message, cause and own fields', () => {
    const error = Object.assign(new TypeError('no', { cause: new Error('why') }), { code: 'E' })
    error.stack = 'TypeError: no'
    ;(error.cause as Error).stack = 'Error: why'
    expect(toJsonValue(error)).toEqual({ $error: { name: 'TypeError', message: 'no', code: 'E', stack: 'TypeError: no', cause: { $error: { name: 'Error', message: 'why', stack: 'Error: why' } } } })
  })

  it('keeps circles, shared objects and shared buffers what they are', () => {
    const shared = { n: 1 }
    const value: Record<string, unknown> = { a: shared, b: shared, buffer: new ArrayBuffer(8) }
    value['self'] = value
    value['view'] = new Uint16Array(value['buffer'] as ArrayBuffer, 2, 2)
    const copy = back(value) as Record<string, any>
    expect(copy['a']).toBe(copy['b'])
    expect(copy['self']).toBe(copy)
    expect(copy['view'].buffer).toBe(copy['buffer'])
    expect([copy['view'].byteOffset, copy['view'].length]).toEqual([2, 2])
  })

  it('loses nothing of any value that crosses', () => {
    const key = fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom('__proto__', '$ref', '$id', '$', 'toJSON', 'constructor'))
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof({ maxDepth: 4 },
        fc.string({ unit: 'binary', maxLength: 6 }), fc.double(), fc.bigInt(), fc.boolean(), fc.constantFrom(null, undefined, -0),
        fc.date({ noInvalidDate: false }), fc.uint8Array({ maxLength: 4 }), fc.float64Array({ maxLength: 2 }),
        fc.array(tie('value'), { maxLength: 4 }), fc.sparseArray(tie('value'), { maxLength: 4, maxNumElements: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
        fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((pairs) => new Map(pairs)),
        fc.array(tie('value'), { maxLength: 3 }).map((members) => new Set(members)),
        tie('value').map((inner) => [inner, { again: inner }])),
    }))
    fc.assert(fc.property(value, (given) => {
      const crossed = decode(encode(given))
      // Equal in our wire format is equal in every way that crosses, identity included.
      expect(encode(back(crossed))).toEqual(encode(crossed))
    }), { numRuns: 400 })
  })

  it('grows with the value, not with the ways to reach its parts', () => {
    let value: unknown = ['leaf']
    for (let level = 0; level < 60; level++) value = [value, value]
    expect(write(value).length).toBeLessThan(5000)
    const deep: unknown = JSON.parse(`${'['.repeat(1000)}${']'.repeat(1000)}`)
    expect(write(deep)).toBe(JSON.stringify(deep))
  })
})
