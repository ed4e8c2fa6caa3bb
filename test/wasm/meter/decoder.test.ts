import { describe, expect, it } from 'vitest'
import { meter } from '../../../wasm/meter/index.js'
import { BASE, Imm, PREFIX_FC, PREFIX_FD } from '../../../wasm/meter/opcodes.js'
import { build, EMPTY, FUNCREF, I32, op, type Bytes } from './builder.js'

/** Immediates that are in range in `host`; chosen so that each has a length of its own kind. */
const IMMEDIATES: Partial<Record<Imm, Bytes>> = {
  [Imm.None]: [],
  [Imm.Leave]: [],
  [Imm.Block]: [EMPTY, 0x0b],
  [Imm.Loop]: [EMPTY, 0x0b],
  [Imm.If]: [EMPTY, 0x0b],
  [Imm.Branch]: [0],
  [Imm.BranchIf]: [0],
  [Imm.BranchTable]: [2, 0, 0, 0],
  [Imm.Call]: [0],
  [Imm.TailCall]: [0],
  [Imm.CallIndirect]: [0, 0],
  [Imm.TailCallIndirect]: [0, 0],
  [Imm.SelectTyped]: [1, I32],
  [Imm.Local]: [0],
  [Imm.Global]: [0],
  [Imm.Table]: [0],
  [Imm.Memarg]: [0, 0x80, 1],
  [Imm.MemargLane]: [0, 0x80, 1, 0],
  [Imm.MemorySize]: [0],
  [Imm.MemoryGrow]: [0],
  [Imm.I32]: [0x80, 0x7f],
  [Imm.I64]: [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0],
  [Imm.F32]: [1, 2, 3, 4],
  [Imm.F64]: [1, 2, 3, 4, 5, 6, 7, 8],
  [Imm.V128]: Array<number>(16).fill(1),
  [Imm.Lane]: [1],
  [Imm.RefNull]: [FUNCREF],
  [Imm.RefFunc]: [0],
  [Imm.MemoryInit]: [0, 0],
  [Imm.DataDrop]: [0],
  [Imm.MemoryCopy]: [0, 0],
  [Imm.MemoryFill]: [0],
  [Imm.TableInit]: [0, 0],
  [Imm.ElemDrop]: [0],
  [Imm.TableCopy]: [0, 0],
  [Imm.TableGrow]: [0],
  [Imm.TableFill]: [0],
}

/** Code behind `unreachable`, where the engine takes any operands but still decodes every immediate. */
const host = (code: Bytes): Uint8Array<ArrayBuffer> =>
  build({
    types: [[[], []]],
    functions: [{ type: 0, locals: [{ count: 1, type: I32 }], code: [...op.unreachable, ...code, ...op.unreachable] }],
    tables: [[FUNCREF, 0, 1]],
    memories: [[0, 1]],
    globals: [[I32, 1, ...op.i32(0), 0x0b]],
    exports: [['f', 0, 0]],
    elements: [[0, ...op.i32(0), 0x0b, 1, 0]],
    dataCount: 1,
    data: [[1, 0]],
  })

const opcodes: (readonly [title: string, bytes: Bytes, imm: Imm])[] = []
const collect = (prefix: Bytes, kinds: Uint8Array): void =>
  kinds.forEach((imm, index) => {
    const encoded = prefix.length > 0 && index >= 0x80 ? [(index & 0x7f) | 0x80, index >> 7] : [index]
    const skipped = [Imm.Unknown, Imm.Else, Imm.End, Imm.PrefixFC, Imm.PrefixFD].includes(imm)
    if (!skipped) opcodes.push([[...prefix, index].map((byte) => byte.toString(16)).join(' '), [...prefix, ...encoded], imm])
  })
collect([], BASE)
collect([0xfc], PREFIX_FC)
collect([0xfd], PREFIX_FD)

describe('the decoder', () => {
  it('knows all 236 vector instructions and all 18 of the prefix 0xFC', () => {
    expect(opcodes.filter(([, bytes]) => bytes[0] === 0xfd)).toHaveLength(236)
    expect(opcodes.filter(([, bytes]) => bytes[0] === 0xfc)).toHaveLength(18)
  })

  it.each(opcodes)('reads %s as the engine does', (_, bytes, imm) => {
    const immediates = IMMEDIATES[imm]
    expect(immediates).toBeDefined()
    const code = [...bytes, ...(immediates ?? [])]
    // Two in a row with a `drop`-like `nop` between: a misread length would swallow or leave a byte of the second.
    const module = host([...code, 0x01, ...op.unreachable, ...code])
    expect(WebAssembly.validate(module)).toBe(true)
    expect(WebAssembly.validate(meter(module).bytes as Uint8Array<ArrayBuffer>)).toBe(true)
  })

  it('refuses every other opcode', () => {
    const known = new Set(opcodes.map(([title]) => title))
    let refused = 0
    const tryCode = (title: string, code: Bytes): void => {
      if (known.has(title)) return
      refused += 1
      expect(() => meter(host([...code, 0, 0, 0])), title).toThrow(expect.objectContaining({ code: 'meter-refused' }))
    }
    for (let byte = 0; byte < 0xfb; byte += 1) if (byte !== 0x05 && byte !== 0x0b) tryCode(byte.toString(16), [byte])
    for (let sub = 18; sub < 0x200; sub += 1) tryCode(`fc ${sub.toString(16)}`, [0xfc, (sub & 0x7f) | 0x80, sub >> 7])
    for (let sub = 0; sub < 0x200; sub += 1) {
      tryCode(`fb ${sub.toString(16)}`, [0xfb, (sub & 0x7f) | 0x80, sub >> 7])
      tryCode(`fd ${sub.toString(16)}`, [0xfd, (sub & 0x7f) | 0x80, sub >> 7])
      tryCode(`fe ${sub.toString(16)}`, [0xfe, (sub & 0x7f) | 0x80, sub >> 7])
    }
    expect(refused).toBeGreaterThan(1000)
  })
})
