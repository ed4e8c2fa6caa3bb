/** Assembles small core modules for tests: numbers in, bytes out; nothing is checked. */

export type Bytes = readonly number[]

export const I32 = 0x7f
export const I64 = 0x7e
export const FUNCREF = 0x70
export const EMPTY = 0x40

export const u = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value >>> 0
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return [...bytes, rest]
}

export const s = (value: number): number[] => {
  const bytes: number[] = []
  let rest = value | 0
  while (rest < -0x40 || rest > 0x3f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>= 7
  }
  return [...bytes, rest & 0x7f]
}

export const vec = (items: readonly Bytes[]): number[] => [...u(items.length), ...items.flat()]
export const sized = (bytes: Bytes): number[] => [...u(bytes.length), ...bytes]
export const name = (text: string): number[] => sized([...new TextEncoder().encode(text)])

export const op = {
  unreachable: [0x00],
  block: (type: number, ...body: Bytes[]): number[] => [0x02, type, ...body.flat(), 0x0b],
  loop: (type: number, ...body: Bytes[]): number[] => [0x03, type, ...body.flat(), 0x0b],
  if: (type: number, then: Bytes, other?: Bytes): number[] => [0x04, type, ...then, ...(other ? [0x05, ...other] : []), 0x0b],
  br: (depth: number): number[] => [0x0c, ...u(depth)],
  brIf: (depth: number): number[] => [0x0d, ...u(depth)],
  brTable: (depths: readonly number[], last: number): number[] => [0x0e, ...vec(depths.map(u)), ...u(last)],
  return: [0x0f],
  call: (index: number): number[] => [0x10, ...u(index)],
  callIndirect: (type: number, table = 0): number[] => [0x11, ...u(type), ...u(table)],
  returnCall: (index: number): number[] => [0x12, ...u(index)],
  returnCallIndirect: (type: number, table = 0): number[] => [0x13, ...u(type), ...u(table)],
  drop: [0x1a],
  select: [0x1b],
  get: (index: number): number[] => [0x20, ...u(index)],
  set: (index: number): number[] => [0x21, ...u(index)],
  tee: (index: number): number[] => [0x22, ...u(index)],
  globalGet: (index: number): number[] => [0x23, ...u(index)],
  globalSet: (index: number): number[] => [0x24, ...u(index)],
  load: (offset = 0): number[] => [0x28, 2, ...u(offset)],
  store: (offset = 0): number[] => [0x36, 2, ...u(offset)],
  memorySize: [0x3f, 0],
  memoryGrow: [0x40, 0],
  i32: (value: number): number[] => [0x41, ...s(value)],
  i64: (value: number): number[] => [0x42, ...s(value)],
  eqz: [0x45],
  add: [0x6a],
  sub: [0x6b],
  mul: [0x6c],
  xor: [0x73],
  ltS: [0x48],
  refNull: [0xd0, FUNCREF],
  refFunc: (index: number): number[] => [0xd2, ...u(index)],
  memoryInit: (segment: number): number[] => [0xfc, 8, ...u(segment), 0],
  dataDrop: (segment: number): number[] => [0xfc, 9, ...u(segment)],
  memoryCopy: [0xfc, 10, 0, 0],
  memoryFill: [0xfc, 11, 0],
  tableInit: (segment: number): number[] => [0xfc, 12, ...u(segment), 0],
  elemDrop: (segment: number): number[] => [0xfc, 13, ...u(segment)],
  tableCopy: [0xfc, 14, 0, 0],
  tableGrow: [0xfc, 15, 0],
  tableSize: [0xfc, 16, 0],
  tableFill: [0xfc, 17, 0],
} as const

export interface Func {
  readonly type: number
  readonly locals?: readonly { readonly count: number; readonly type: number }[]
  /** Without the final `end`. */
  readonly code: Bytes
}

export interface Parts {
  /** Function types: parameters, results. */
  readonly types?: readonly (readonly [params: Bytes, results: Bytes])[]
  /** Whole import entries. */
  readonly imports?: readonly Bytes[]
  readonly functions?: readonly Func[]
  /** Whole entries. */
  readonly tables?: readonly Bytes[]
  readonly memories?: readonly Bytes[]
  readonly globals?: readonly Bytes[]
  /** Name, kind, index. */
  readonly exports?: readonly (readonly [string, number, number])[]
  readonly start?: number
  readonly elements?: readonly Bytes[]
  readonly dataCount?: number
  readonly data?: readonly Bytes[]
  /** Custom sections before all others. */
  readonly customs?: readonly (readonly [string, Bytes])[]
  /** Custom sections behind all others. */
  readonly tail?: readonly (readonly [string, Bytes])[]
}

export const HEADER = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0] as const
export const section = (id: number, bytes: Bytes): number[] => [id, ...sized(bytes)]

export const importEntry = (module: string, field: string, kind: Bytes): number[] => [...name(module), ...name(field), ...kind]

export function build(parts: Parts): Uint8Array<ArrayBuffer> {
  let bytes: number[] = [...HEADER]
  const append = (more: Bytes): void => void (bytes = bytes.concat(more))
  const custom = ([text, payload]: readonly [string, Bytes]): void => append(section(0, [...name(text), ...payload]))
  const add = (id: number, items: readonly Bytes[] | undefined): void => {
    if (items !== undefined) append(section(id, vec(items)))
  }
  parts.customs?.forEach(custom)
  add(1, parts.types?.map(([params, results]) => [0x60, ...sized(params), ...sized(results)]))
  add(2, parts.imports)
  add(3, parts.functions?.map(({ type }) => u(type)))
  add(4, parts.tables)
  add(5, parts.memories)
  add(6, parts.globals)
  add(7, parts.exports?.map(([text, kind, index]) => [...name(text), kind, ...u(index)]))
  if (parts.start !== undefined) append(section(8, u(parts.start)))
  add(9, parts.elements)
  if (parts.dataCount !== undefined) append(section(12, u(parts.dataCount)))
  add(10, parts.functions?.map(({ locals = [], code }) =>
    sized([...vec(locals.map(({ count, type }) => [...u(count), type])), ...code, 0x0b])))
  add(11, parts.data)
  parts.tail?.forEach(custom)
  return Uint8Array.from(bytes)
}

/** Functions in an active element segment at offset 0. */
export const activeElements = (indices: readonly number[]): number[] => [0, ...op.i32(0), 0x0b, ...vec(indices.map(u))]

/** A module of one exported function `run` of no parameters. */
export const program = (code: Bytes, more: Parts = {}): Uint8Array<ArrayBuffer> =>
  build({ types: [[[], []]], functions: [{ type: 0, code }], exports: [['run', 0, 0]], ...more })
