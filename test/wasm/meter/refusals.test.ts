import { describe, expect, it } from 'vitest'
import { meter, MeterError, REFUSALS, type MeterOptions, type Refusal } from '../../../wasm/meter/index.js'
import { build, EMPTY, FUNCREF, HEADER, I32, importEntry, op, program, section, u, vec, type Bytes } from './builder.js'

const MEMORY = [[0, 1]]
const TABLE = [[FUNCREF, 0, 1]]
const raw = (...sections: Bytes[]): Uint8Array => Uint8Array.from([...HEADER, ...sections.flat()])
const typed = (type: Bytes): Uint8Array => raw(section(1, vec([type])))
const global = (type: Bytes, init: Bytes): Uint8Array => build({ globals: [[...type, ...init, 0x0b]] })

const REFUSED: readonly (readonly [title: string, feature: Refusal, bytes: Uint8Array])[] = [
  ['a component', 'component', Uint8Array.of(0, 0x61, 0x73, 0x6d, 13, 0, 1, 0)],
  ['try', 'exceptions', program([0x06, EMPTY, 0x0b])],
  ['catch', 'exceptions', program([0x07, 0])],
  ['throw', 'exceptions', program([0x08, 0])],
  ['rethrow', 'exceptions', program([0x09, 0])],
  ['throw_ref', 'exceptions', program([0x0a])],
  ['delegate', 'exceptions', program([0x18, 0])],
  ['catch_all', 'exceptions', program([0x19])],
  ['try_table', 'exceptions', program([0x1f, EMPTY, 0, 0x0b])],
  ['a tag section', 'exceptions', raw(section(1, vec([[0x60, 0, 0]])), section(13, [1, 0, 0]))],
  ['an imported tag', 'exceptions', build({ types: [[[], []]], imports: [importEntry('a', 'b', [4, 0, 0])] })],
  ['an exported tag', 'exceptions', build({ types: [[[], []]], exports: [['t', 4, 0]] })],
  ['an exnref', 'exceptions', typed([0x60, 1, 0x69, 0])],
  ['call_ref', 'function-references', program([0x14, 0])],
  ['return_call_ref', 'function-references', program([0x15, 0])],
  ['ref.as_non_null', 'function-references', program([0xd4])],
  ['br_on_null', 'function-references', program([0xd5, 0])],
  ['br_on_non_null', 'function-references', program([0xd6, 0])],
  ['a typed reference', 'function-references', typed([0x60, 1, 0x64, 0, 0])],
  ['a typed reference as block type', 'function-references', program([0x02, 0x63, 0, 0x0b])],
  ['a table with an initial value', 'function-references', build({ tables: [[0x40, 0, FUNCREF, 0, 1, 0xd0, FUNCREF, 0x0b]] })],
  ['ref.eq', 'gc', program([0xd3])],
  ['struct.new', 'gc', program([0xfb, 0, 0])],
  ['array.new', 'gc', program([0xfb, 6, 0])],
  ['struct.new in a constant', 'gc', global([I32, 0], [0xfb, 0, 0])],
  ['a struct type', 'gc', typed([0x5f, 0])],
  ['an array type', 'gc', typed([0x5e, I32, 0])],
  ['a recursive group', 'gc', typed([0x4e, 1, 0x60, 0, 0])],
  ['an anyref', 'gc', typed([0x60, 1, 0x6e, 0])],
  ['ref.null any', 'gc', program([0xd0, 0x6e, 0x1a])],
  ['string.const', 'strings', program([0xfb, 0x82, 0x01, 0])],
  ['a string section', 'strings', raw(section(14, [0]))],
  ['an atomic', 'threads', program([0xfe, 0x10, 2, 0], { memories: MEMORY })],
  ['a shared memory', 'threads', build({ memories: [[3, 1, 1]] })],
  ['a shared table', 'threads', build({ tables: [[FUNCREF, 3, 1, 1]] })],
  ['a shared global', 'threads', global([I32, 2], op.i32(0))],
  ['a 64-bit memory', 'memory64', build({ memories: [[4, 1]] })],
  ['a 64-bit table', 'memory64', build({ tables: [[FUNCREF, 5, 1, 1]] })],
  ['a memory with its own page size', 'custom-page-sizes', build({ memories: [[8, 1, 0]] })],
  ['two memories', 'multi-memory', build({ memories: [...MEMORY, ...MEMORY] })],
  ['a memory beside an imported one', 'multi-memory', build({ imports: [importEntry('a', 'm', [2, 0, 1])], memories: MEMORY })],
  ['a load from another memory', 'multi-memory', program([...op.i32(0), 0x28, 0x42, 1, 0, 0x1a], { memories: MEMORY })],
  ['memory.size of another memory', 'multi-memory', program([0x3f, 1, 0x1a], { memories: MEMORY })],
  ['memory.copy to another memory', 'multi-memory', program([0xfc, 10, 1, 0], { memories: MEMORY })],
  ['data for another memory', 'multi-memory', build({ memories: MEMORY, data: [[2, 1, ...op.i32(0), 0x0b, 0]] })],
  ['relaxed swizzle', 'relaxed-simd', program([0xfd, 0x80, 0x02])],
  ['relaxed dot product', 'relaxed-simd', program([0xfd, 0x93, 0x02])],
  ['i64.add128', 'wide-arithmetic', program([0xfc, 0x13])],
  ['a continuation type', 'stack-switching', typed([0x5d, 0])],
  ['suspend', 'stack-switching', program([0xe2, 0])],
  ['an unknown opcode', 'unknown-opcode', program([0x27])],
  ['an unknown opcode of 0xFC', 'unknown-opcode', program([0xfc, 0x40])],
  ['an unknown opcode of 0xFD', 'unknown-opcode', program([0xfd, 0x9a, 0x01])],
  ['an unknown opcode of 0xFB', 'unknown-opcode', program([0xfb, 0x40])],
  ['an unknown section', 'unknown-section', raw(section(15, []))],
  ['a memory above the limit', 'memory-limit', build({ memories: [[0, 101]] })],
  ['a table above the limit', 'table-limit', build({ tables: [[FUNCREF, 0, ...u(1001)]] })],
  ['tables above the limit together', 'table-limit', build({ tables: [[FUNCREF, 0, ...u(600)], [FUNCREF, 0, ...u(600)]] })],
  ['an import of our refill', 'reserved-name', build({ types: [[[], [I32]]], imports: [importEntry('glovebox', 'refill', [0, 0])] })],
  ['an import of our memory', 'reserved-name', build({ imports: [importEntry('glovebox', 'memory', [2, 0, 1])] })],
  ['an import of our fuel', 'reserved-name', build({ imports: [importEntry('glovebox', 'fuel', [3, I32, 1])] })],
  ['an export in our name', 'reserved-name', program([], { exports: [['glovebox:fuel', 0, 0]] })],
  ['more than 64 MiB', 'size-limit', new Uint8Array((64 << 20) + 1)],
]

const MALFORMED: Record<string, Uint8Array> = {
  'nothing': Uint8Array.of(),
  'a header cut short': Uint8Array.of(0, 0x61, 0x73),
  'no magic number': Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  'another version': Uint8Array.of(0, 0x61, 0x73, 0x6d, 2, 0, 0, 0),
  'sections out of order': raw(section(3, [0]), section(1, [0])),
  'a section twice': raw(section(1, [0]), section(1, [0])),
  'a data count behind the code': raw(section(10, [0]), section(12, [0])),
  'a section longer than the module': raw([1, 100, 0]),
  'a section longer than its items': raw(section(1, [0, 0])),
  'a vector longer than its section': raw(section(1, [0xff, 0xff, 0xff, 0xff, 0x0f])),
  'an integer of six bytes': raw([1, 0x80, 0x80, 0x80, 0x80, 0x80, 0]),
  'an unsigned integer beyond 32 bits': raw([1, 0xff, 0xff, 0xff, 0xff, 0x1f]),
  'a signed integer beyond 32 bits': program([0x41, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x1a]),
  'a signed integer of six bytes': program([0x41, 0x80, 0x80, 0x80, 0x80, 0x80, 0, 0x1a]),
  'a signed integer beyond 64 bits': program([0x42, ...Array<number>(9).fill(0x80), 0x02, 0x1a]),
  'a custom section without a name': raw([0, 0]),
  'a name that is not UTF-8': build({ types: [[[], []]], imports: [[1, 0xff, 1, 0x61, 0, 0]] }),
  'fewer bodies than functions': raw(section(1, vec([[0x60, 0, 0]])), section(3, [1, 0])),
  'more bodies than functions': raw(section(1, vec([[0x60, 0, 0]])), section(3, [1, 0]), section(10, vec([[2, 0, 0x0b], [2, 0, 0x0b]]))),
  'a body without an end': raw(section(1, vec([[0x60, 0, 0]])), section(3, [1, 0]), section(10, vec([[2, 0, 0x01]]))),
  'bytes behind the end of a body': raw(section(1, vec([[0x60, 0, 0]])), section(3, [1, 0]), section(10, vec([[3, 0, 0x0b, 0x01]]))),
  'a body that runs into the next one': raw(section(1, vec([[0x60, 0, 0]])), section(3, [2, 0, 0]), section(10, vec([[2, 0, 0x41], [2, 0, 0x0b]]))),
  '2^32 locals': program([], { functions: [{ type: 0, locals: [{ count: 0xffff_ffff, type: I32 }], code: [] }] }),
  'locals that sum up beyond 2^32': program([], { functions: [{ type: 0, locals: Array.from({ length: 9 }, () => ({ count: 0x2000_0000, type: I32 })), code: [] }] }),
  'a type index out of range': build({ types: [[[], []]], functions: [{ type: 1, code: [] }] }),
  'a callee out of range, where ours will stand': program(op.call(1)),
  'a local out of range, where ours will stand': program([...op.get(0), ...op.drop, ...op.loop(EMPTY)]),
  'a global out of range, where ours will stand': program([...op.globalGet(0), ...op.drop]),
  'a global to be set out of range, where ours will stand': program([...op.i32(9), ...op.globalSet(0)]),
  'an exported global out of range': program([], { exports: [['fuel', 3, 0]] }),
  'a constant from a global out of range': build({ globals: [[I32, 0, ...op.globalGet(0), 0x0b]] }),
  'a start function out of range': build({ types: [[[], []]], functions: [{ type: 0, code: [] }], start: 1 }),
  'an element out of range': program([], { tables: TABLE, elements: [[0, ...op.i32(0), 0x0b, 1, 1]] }),
  'an element segment of an unknown kind': program([], { tables: TABLE, elements: [[8, 0, 0]] }),
  'a data segment of an unknown kind': program([], { memories: MEMORY, data: [[3, 0, 0]] }),
  'data longer than its section': program([], { memories: MEMORY, data: [[1, 100]] }),
  'a label out of range': program(op.br(1)),
  'a label out of range in a table': program([...op.i32(0), ...op.brTable([0, 7], 0)]),
  'a table out of range': program([...op.i32(0), ...op.callIndirect(0)]),
  'a type out of range': program([...op.i32(0), ...op.callIndirect(5)], { tables: TABLE }),
  'a block type out of range': program([0x02, 9, 0x0b]),
  'a negative block type': program([0x02, 0xbf, 0x7f, 0x0b]),
  'an unknown value type': typed([0x60, 1, 0x01, 0]),
  'an unknown type form': typed([0x20, 0, 0]),
  'unknown limits': build({ memories: [[0x10, 1]] }),
  'a maximum below the minimum': build({ memories: [[1, 2, 1]] }),
  'more than 4 GiB': build({ memories: [[0, ...u(65537)]] }),
  'an unknown import kind': build({ imports: [importEntry('a', 'b', [9, 0])] }),
  'an unknown export kind': program([], { exports: [['a', 9, 0]] }),
  'an unknown mutability': global([I32, 4], op.i32(0)),
  'a constant that calls': global([I32, 0], op.call(0)),
  'a constant without an end': raw(section(6, [1, I32, 0, 0x41, 0])),
}

function refusal(bytes: Uint8Array, options?: MeterOptions): MeterError {
  try {
    meter(bytes, options)
  } catch (error) {
    if (error instanceof MeterError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('meter() refuses', () => {
  it.each(REFUSED)('%s, by name', (_, feature, bytes) => {
    const error = refusal(bytes, { maxMemoryPages: 100, maxTableElements: 1000 })
    expect(error.code).toBe('meter-refused')
    expect(error.feature).toBe(feature)
    expect(error.offset).toBeLessThanOrEqual(bytes.length)
    expect(error.message).toContain(`(${feature}, at byte ${error.offset})`)
  })

  it.each(Object.entries(MALFORMED))('%s', (_, bytes) => {
    expect(WebAssembly.validate(bytes as Uint8Array<ArrayBuffer>)).toBe(false)
    expect(refusal(bytes).feature).toBe('malformed')
  })

  it('everything on its list, in some test', () => {
    const seen = new Set<Refusal>(REFUSED.map(([, feature]) => feature))
    expect([...REFUSALS].filter((feature) => !seen.has(feature))).toEqual(['malformed'])
  })

  it('at the byte where the trouble stands', () => {
    const bytes = program([...op.i32(1), ...op.drop, 0xfe, 0x03])
    const { offset } = refusal(bytes)
    expect([bytes[offset], bytes[offset + 1]]).toEqual([0xfe, 0x03])
  })

  it('a module cut short anywhere but between sections', () => {
    const bytes = program([...op.loop(EMPTY, op.i32(0), op.brIf(0)), ...op.call(0)], {
      memories: MEMORY, tables: TABLE, globals: [[I32, 1, ...op.i32(70000), 0x0b]],
      elements: [[0, ...op.i32(0), 0x0b, 1, 0]], data: [[0, ...op.i32(0), 0x0b, 2, 1, 2]],
    })
    let accepted = 0
    for (let length = 0; length < bytes.length; length += 1) {
      const part = bytes.slice(0, length)
      if (WebAssembly.validate(part)) accepted += Number(WebAssembly.validate(meter(part).bytes as Uint8Array<ArrayBuffer>))
      else {
        try {
          expect(WebAssembly.validate(meter(part).bytes as Uint8Array<ArrayBuffer>)).toBe(false)
        } catch (error) {
          expect(error).toBeInstanceOf(MeterError)
        }
      }
    }
    expect(accepted).toBeGreaterThan(0)
  })
})
