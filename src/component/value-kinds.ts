import type { Primitive, ValueType } from './world.js'

/** Whole numbers by kind: the least and the most, and what JavaScript keeps lists of them in. */
export const INTEGERS: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['u8', [0, 0xff]], ['s8', [-0x80, 0x7f]],
  ['u16', [0, 0xffff]], ['s16', [-0x8000, 0x7fff]],
  ['u32', [0, 0xffff_ffff]], ['s32', [-0x8000_0000, 0x7fff_ffff]],
])

export const BIG_INTEGERS: ReadonlyMap<string, readonly [least: bigint, most: bigint]> = new Map([
  ['u64', [0n, 0xffff_ffff_ffff_ffffn]],
  ['s64', [-0x8000_0000_0000_0000n, 0x7fff_ffff_ffff_ffffn]],
])

export type NumberArray =
  | Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | BigUint64Array | BigInt64Array | Float32Array | Float64Array

/** The class in which JavaScript keeps a list of numbers. */
export const ARRAYS: ReadonlyMap<string, new (length: number) => NumberArray> = new Map<Primitive, new (length: number) => NumberArray>([
  ['u8', Uint8Array], ['s8', Int8Array], ['u16', Uint16Array], ['s16', Int16Array], ['u32', Uint32Array], ['s32', Int32Array],
  ['u64', BigUint64Array], ['s64', BigInt64Array], ['f32', Float32Array], ['f64', Float64Array],
])

/** An option of something that may be `undefined` itself is an object with a tag; any other is the value or `undefined`. */
export const isTagged = ({ some }: Extract<ValueType, { kind: 'option' }>): boolean => some.kind === 'option'

/** The part of a type that cannot leave an instance, by its name; `undefined` when all of it is data. */
export function liveKind(type: ValueType | undefined): string | undefined {
  if (type === undefined) return undefined
  switch (type.kind) {
    case 'own':
    case 'borrow':
      return `${type.kind}<${type.resource}>`
    case 'stream':
    case 'future':
    case 'error-context':
      return type.kind
    case 'list':
      return liveKind(type.element)
    case 'option':
      return liveKind(type.some)
    case 'result':
      return liveKind(type.ok) ?? liveKind(type.error)
    case 'tuple':
      return first(type.items)
    case 'record':
      return first(type.fields.map((field) => field.type))
    case 'variant':
      return first(type.cases.map((each) => each.type))
    default:
      return undefined
  }
}

function first(types: readonly (ValueType | undefined)[]): string | undefined {
  for (const type of types) {
    const found = liveKind(type)
    if (found !== undefined) return found
  }
  return undefined
}
