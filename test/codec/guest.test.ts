import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decode, encode } from '../../src/codec.js'
import { openGuest, type Guest } from './guest.js'
import { EXACT, expectSame, REFUSED } from './values.js'

let guest: Guest
beforeAll(async () => {
  guest = await openGuest({ codec: 'src/codec.ts' })
  guest.eval('globalThis.isProxy = codec.watchProxies(globalThis)')
})
afterAll(() => guest[Symbol.dispose]())

/** Host to guest, decoded and encoded again there, and back. */
function trip(value: unknown): unknown {
  guest.send(encode(value))
  guest.eval('message = codec.encode(codec.decode(message, { maxDepth: Infinity }), { from: "guest", isProxy })')
  return decode(guest.receive())
}

/** What the guest says of an expression it cannot encode. */
const refusal = (expression: string) =>
  guest.eval(`(() => { try { codec.encode(${expression}, { from: "guest", isProxy }); return "carried" } catch (e) { return e.message } })()`)

describe('a value goes into the guest and comes back exactly', () => {
  for (const [title, value] of Object.entries(EXACT)) it(title, () => expectSame(trip(value), value))

  it('what a property test finds', () => {
    const anything = fc.anything({
      withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withSet: true, withObjectString: true,
      withTypedArray: true, withSparseArray: true, withUnicodeString: true, maxDepth: 3,
    })
    fc.assert(fc.property(anything, (value) => expectSame(trip(value), value)), { numRuns: 300 })
  })

  it('errors, with the guest\'s own stack', () => {
    guest.eval(`message = codec.encode((() => {
      function inner() { const e = new TypeError("bad", { cause: new RangeError("why") }); e.code = "E"; return e }
      return inner()
    })(), { from: "guest" })`)
    const error = decode(guest.receive()) as TypeError & { code: string }
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: 'bad', code: 'E' })
    expect(error.stack).toMatch(/at inner/)
    expect(error.cause).toBeInstanceOf(RangeError)
    guest.eval('message = codec.encode([new InternalError("i"), new DOMException("d", "AbortError")], { from: "guest" })')
    expect(decode(guest.receive())).toMatchObject([{ name: 'InternalError', message: 'i' }, { name: 'AbortError', message: 'd' }])
  })

  it('1000 levels of nesting, within the guest\'s stack', () => {
    let plain: unknown = 0
    for (let i = 0; i < 1000; i++) plain = [plain]
    expectText(trip(plain), plain)
    expectText(trip([plain === 0, 1].concat(plain as never)), [false, 1, ...(plain as unknown[])])
    expect(refusal('(() => { let v; for (let i = 0; i < 1e5; i++) v = { v }; return v })()')).toMatch(/^Cannot carry \$….*nested deeper than 1000 levels$/)
  })
})

function expectText(actual: unknown, expected: unknown): void {
  expect(JSON.stringify(actual)).toBe(JSON.stringify(expected))
}

describe('encode() in the guest refuses', () => {
  for (const [title, make, path, what] of REFUSED) {
    if (title === 'a property named by a symbol' || title.includes('SharedArrayBuffer')) continue
    it(title, () => expect(refusal(`(${make.toString()})()`)).toBe(`Cannot carry ${path}: ${what}`))
  }

  it('proxies of every make, without touching them', () => {
    const handler = '{ get() { throw "run" }, getPrototypeOf() { throw "run" }, ownKeys() { throw "run" }, getOwnPropertyDescriptor() { throw "run" } }'
    expect(refusal(`{ a: [new Proxy({}, ${handler})] }`)).toBe('Cannot carry $.a[0]: a proxy')
    expect(refusal(`{ a: new Proxy([], ${handler}) }`)).toBe('Cannot carry $.a: a proxy')
    expect(refusal(`{ u: undefined, a: Proxy.revocable({}, ${handler}).proxy }`)).toBe('Cannot carry $.a: a proxy')
    expect(refusal(`(() => { const r = Proxy.revocable({}, {}); r.revoke(); return [r.proxy] })()`)).toBe('Cannot carry $[0]: a proxy')
    expect(refusal(`Object.create(new Proxy({}, ${handler}))`)).toBe('Cannot carry $: an object with a proxy for a prototype')
    expect(refusal(`Reflect.construct(Proxy, [{}, ${handler}], Array)`)).toBe('Cannot carry $: a proxy')
  })

  it('a getter that loops, at once', () => {
    expect(refusal('{ get x() { for (;;); } }')).toBe('Cannot carry $.x: an accessor property')
  })
})

describe('watchProxies()', () => {
  it('leaves Proxy what it was', () => {
    expect(guest.eval('[Proxy.name, Proxy.length, typeof Proxy.prototype, Object.keys(Proxy).length, new Proxy({}, { get: () => 7 }).x].join()')).toBe('Proxy,2,undefined,0,7')
    expect(guest.eval('(() => { try { return Proxy({}, {}) } catch (e) { return e.name } })()')).toBe('TypeError')
    expect(guest.eval('(() => { try { return new Proxy(1, {}) } catch (e) { return e.name } })()')).toBe('TypeError')
    expect(guest.eval('(() => { const { proxy, revoke } = Proxy.revocable({ a: 1 }, {}); const a = proxy.a; revoke(); try { proxy.a } catch (e) { return a + e.name } })()')).toBe('1TypeError')
  })
})

describe('the codec in a guest that replaced every built-in', () => {
  it('works as before', async () => {
    using other = await openGuest({ codec: 'src/codec.ts' })
    other.eval(`(() => {
      const { getOwnPropertyNames, getOwnPropertyDescriptor, defineProperty } = Object
      const string = JSON.stringify
      globalThis.show = (m) => m.text + "|" + m.blobs.length
      const Original = Array
      const stackOf = Function.prototype.call.bind(Object.getOwnPropertyDescriptor(Error.prototype, "stack").get), Err = Error
      const bad = () => { throw "replaced " + stackOf(new Err()) }
      const globals = ["Array", "Object", "Map", "Set", "JSON", "Reflect", "Function", "String", "Number", "Date", "RegExp", "BigInt", "ArrayBuffer", "DataView", "WeakSet", "Error"]
      for (let g = 0; g < globals.length * 2; g++) {
          const made = globalThis[globals[g >> 1]]
          const holder = g % 2 ? made : made.prototype
          if (holder === undefined) continue
          const names = getOwnPropertyNames(holder)
          for (let i = 0; i < names.length; i++) {
            const d = getOwnPropertyDescriptor(holder, names[i])
            if (d.configurable && typeof d.value === "function" && names[i] !== "constructor") holder[names[i]] = bad
          }
      }
      Original.prototype[Symbol.iterator] = bad
      Original.prototype.toJSON = Object.prototype.toJSON = bad
      Map = Set = Date = RegExp = Uint8Array = Array = bad
    })()`)
    const value = { a: [1, 'x', undefined, -0], b: 10n, d: new Date(5), r: /x/g, m: new Map([[1, new Set([2])]]), v: new Uint8Array([9]) }
    other.send(encode({ ...value, v: undefined }))
    const text = other.eval('try { const v = codec.decode(message); v.v = new ArrayBuffer(1); show(codec.encode(v, { from: "guest" })) } catch (e) { String(e) }')
    expect(text).toMatch(/\|1$/)
    expectSame(decode({ text: text.slice(0, -2), blobs: [new Uint8Array([9])] }), { ...value, v: new Uint8Array([9]).buffer })
  })
})
