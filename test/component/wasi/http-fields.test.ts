import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Fields } from '../../../src/component/wasi/http-fields.js'
import { payloadOf } from './fake-port.js'
import { HttpGuest, bytes, text } from './http-guest.js'

let guest: HttpGuest
beforeEach(() => {
  guest = new HttpGuest(undefined)
})
afterEach(() => {
  guest[Symbol.dispose]()
  expect(guest.port.resources).toBe(0)
})

const all = (fields: Fields): readonly string[] => fields.entries().map(([name, value]) => `${name}=${text(value)}`)

describe('fields', () => {
  it('keep the spelling and the order they were given', () => {
    const fields = guest.types.Fields.fromList([['X-B', bytes('1')], ['x-a', bytes('2')], ['x-b', bytes('3')]])
    expect(all(fields)).toEqual(['X-B=1', 'x-a=2', 'x-b=3'])
  })

  it('find names in any case', () => {
    const fields = guest.types.Fields.fromList([['X-B', bytes('1')], ['x-b', bytes('')]])
    expect(fields.get('x-B').map(text)).toEqual(['1', ''])
    expect(fields.has('X-b')).toBe(true)
    expect(fields.has('x-c')).toBe(false)
  })

  it('answer to a malformed name as to one that is absent', () => {
    const fields = guest.fields({ a: '1' })
    expect(fields.get('a b')).toEqual([])
    expect(fields.has('')).toBe(false)
  })

  it('set replaces all values of a name, whatever its case', () => {
    const fields = guest.types.Fields.fromList([['A', bytes('1')], ['b', bytes('2')], ['a', bytes('3')]])
    fields.set('a', [bytes('4'), bytes('5')])
    expect(all(fields)).toEqual(['b=2', 'a=4', 'a=5'])
    fields.set('B', [])
    expect(all(fields)).toEqual(['a=4', 'a=5'])
  })

  it('delete takes all values, and is content when there are none', () => {
    const fields = guest.types.Fields.fromList([['A', bytes('1')], ['a', bytes('2')]])
    fields.delete('A')
    fields.delete('nothing')
    expect(all(fields)).toEqual([])
  })

  it('change nothing when one of several values is malformed', () => {
    const fields = guest.fields({ a: '1' })
    expect(payloadOf(() => fields.set('a', [bytes('2'), bytes('3\n')]))).toEqual({ tag: 'invalid-syntax' })
    expect(all(fields)).toEqual(['a=1'])
  })

  it('clone into fields of their own, that can be changed', () => {
    const fields = Fields.immutable(guest.io, [['a', bytes('1')]])
    const clone = fields.clone()
    clone.append('a', bytes('2'))
    expect(all(fields)).toEqual(['a=1'])
    expect(all(clone)).toEqual(['a=1', 'a=2'])
  })

  it('hand out copies: what the guest does to bytes stays with the guest', () => {
    const value = bytes('1')
    const fields = guest.types.Fields.fromList([['a', value]])
    value[0] = 0x0a
    fields.get('a')[0]![0] = 0x0a
    fields.entries()[0]![1][0] = 0x0a
    expect(all(fields)).toEqual(['a=1'])
  })

  it('are closed to every change when the host gave them', () => {
    const fields = Fields.immutable(guest.io, [['a', bytes('1')]])
    for (const change of [() => fields.set('a', []), () => fields.delete('a'), () => fields.append('b', bytes('1'))]) {
      expect(payloadOf(change)).toEqual({ tag: 'immutable' })
    }
    expect(all(fields)).toEqual(['a=1'])
  })
})

describe('fields and request smuggling', () => {
  const ways = {
    append: (name: string, value: string) => new guest.types.Fields().append(name, bytes(value)),
    set: (name: string, value: string) => new guest.types.Fields().set(name, [bytes(value)]),
    'from-list': (name: string, value: string) => guest.types.Fields.fromList([[name, bytes(value)]]),
  }

  it.each(['', 'a b', 'a:', 'a\r\nb', 'a\0', ':authority', 'ä', 'x'.repeat(129)])('refuse the name %j', (name) => {
    for (const way of Object.values(ways)) expect(payloadOf(() => way(name, '1'))).toEqual({ tag: 'invalid-syntax' })
    expect(payloadOf(() => new guest.types.Fields().delete(name))).toEqual({ tag: 'invalid-syntax' })
  })

  it.each(['a\r\nx: y', 'a\n', '\r', '\0', 'a\u007f', '\u001b[31m'])('refuse the value %j', (value) => {
    for (const way of Object.values(ways)) expect(payloadOf(() => way('a', value))).toEqual({ tag: 'invalid-syntax' })
  })

  it.each(['Host', 'Transfer-Encoding', 'connection', 'Keep-Alive', 'UPGRADE', 'proxy-connection', 'Proxy-Authorization', 'te', 'trailer', 'HTTP2-Settings'])(
    'refuse %s, which is of the connection',
    (name) => {
      for (const way of Object.values(ways)) expect(payloadOf(() => way(name, '1'))).toEqual({ tag: 'forbidden' })
      expect(payloadOf(() => new guest.types.Fields().delete(name))).toEqual({ tag: 'forbidden' })
    },
  )

  it('take every byte a value may have', () => {
    const value = Uint8Array.from([0x09, ...Array.from({ length: 0x5f }, (_, at) => 0x20 + at), ...Array.from({ length: 0x80 }, (_, at) => 0x80 + at)])
    const fields = new guest.types.Fields()
    fields.append('a', value)
    expect(fields.get('a')).toEqual([value])
  })
})

describe('fields and memory of the host', () => {
  it('stop a guest that puts in more and more', () => {
    const fields = new guest.types.Fields()
    expect(() => {
      for (let at = 0; at < 1000; at++) fields.append('a', new Uint8Array(1000).fill(0x61))
    }).toThrow(/128|131072/)
    expect(guest.port.halt.stop?.reason).toBe('resources')
  })

  it('stop a guest that makes more and more', () => {
    expect(() => {
      for (let at = 0; at < 1000; at++) new guest.types.Fields().clone()
    }).toThrow(/resources/)
    expect(guest.port.halt.stop?.reason).toBe('resources')
  })

  it('count what is left after a change', () => {
    const fields = new guest.types.Fields()
    for (let at = 0; at < 1000; at++) fields.set('a', [new Uint8Array(1000).fill(0x61)])
    expect(guest.port.halt.stop).toBeUndefined()
  })
})

describe('fields and forged handles', () => {
  it('refuse an object that only looks like fields', () => {
    const forged = Object.create(Fields.prototype) as Fields
    for (const use of [() => forged.entries(), () => forged.get('a'), () => forged.clone(), () => forged.append('a', bytes('1'))]) expect(use).toThrow(WebAssembly.RuntimeError)
    expect(() => new guest.types.OutgoingRequest(forged)).toThrow(WebAssembly.RuntimeError)
  })

  it('are told by the class the glue has, and by no other', () => {
    expect(new guest.types.Fields()).toBeInstanceOf(guest.types.Fields)
    expect(Fields.immutable(guest.io, [])).toBeInstanceOf(guest.types.Fields)
    expect(new guest.types.Fields()).not.toBeInstanceOf(guest.types.OutgoingRequest)
  })
})
