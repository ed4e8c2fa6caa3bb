/**
 * Where QuickJS-NG 0.17 for 32-bit WebAssembly keeps what a value is made of, in bytes. An engine module that keeps it
 * elsewhere is found out by `surveyHeap`, and its values cross through the guest's own codec.
 * @see https://github.com/quickjs-ng/quickjs/blob/v0.17.0/quickjs.c
 */

/** `JS_TAG_*`: the upper half of a NaN-boxed value. */
export const TAG = {
  string: -7,
  rope: -6,
  object: -1,
  int: 0,
  bool: 1,
  null: 2,
  undefined: 3,
} as const

/** The least tag, `JS_TAG_BIG_INT`; those from `LEAST_TAG` for `TAGS` are no doubles. */
export const LEAST_TAG = -9
export const TAGS = 17
/** What was taken from the upper half of a double: `JS_FLOAT64_TAG_ADDEND`. */
export const DOUBLE_OFFSET = 0x7ff8_000a

/** `JSString`: `len` with `is_wide_char` in the highest bit, then `hash` with `kind` and `atom_type`, then a list link. */
export const STRING = { length: 0, kind: 4, parent: 24, start: 28, units: 24 } as const
export const WIDE = 0x8000_0000
/** `kind` and `atom_type` of the word at `STRING.kind`. */
export const KIND = { shift: 28, mask: 3, normal: 0, slice: 1 } as const
export const ATOM_TYPE = { shift: 30, string: 1 } as const

/** `JSStringRope`. */
export const ROPE = { length: 0, left: 8, right: 16 } as const

/** `JSObject`: flags in the byte at 8, `class_id` in the half-word at 10. References are counted before it. */
export const OBJECT = { references: -4, flags: 8, shape: 12, properties: 16, values: 28, count: 32, state: 24 } as const
export const FLAG = { exotic: 8, fastArray: 16 } as const
/** `JS_CLASS_*`. */
export const CLASS = { object: 1, array: 2, arrayBuffer: 20, uint8Array: 24 } as const

/** `JSShape`: a hash table of `hashMask + 1` words, and `JSShapeProperty` of two words each behind it. */
export const SHAPE = { hashMask: 16, count: 24, prototype: 36, table: 40 } as const
/** Flags of a property, in the upper six bits of its first word. */
export const PROPERTY = { flagsShift: 26, enumerable: 4, kindMask: 0x30 } as const
/** An atom that is a number itself. */
export const ATOM_INT = 0x8000_0000

/** `JSRuntime.atom_array`. */
export const RUNTIME_ATOMS = 568

/** `JSArrayBuffer`, and `JSTypedArray` behind the state of a view. */
export const BUFFER = { length: 0, maxLength: 4, flags: 8, bytes: 12 } as const
export const VIEW = { buffer: 12, offset: 16, length: 20, tracks: 24 } as const
