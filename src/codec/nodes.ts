/**
 * The tagged form is flat: `[slot, node1, node2, ...]`, however deep the value, so neither side recurses.
 *
 * A slot stands where a value stands: a JSON primitive as itself, otherwise an array
 * `[id]` for node number `id`, or one of the words below (`['b', '-ff']` for a BigInt, in hexadecimal).
 * A node is an object (a plain object of slots), an array of slots, or `[special]` for everything else.
 * A slot is never an object, so an array that starts with one is not an array of slots: no key can look like a tag.
 * Nodes are numbered in the order a breadth-first walk meets them.
 */
export type Slot = string | number | boolean | null | readonly [number] | readonly [Word] | readonly ['b', string]

/** Hole (in arrays only), undefined, NaN, -0, Infinity, -Infinity. */
export type Word = 'h' | 'u' | 'n' | '0' | '+' | '-'

export type Special =
  | { readonly t: 'date'; readonly v: number | null }
  | { readonly t: 'regexp'; readonly v: string; readonly f: string }
  /** Key, value, key, value. */
  | { readonly t: 'map'; readonly v: readonly Slot[] }
  | { readonly t: 'set'; readonly v: readonly Slot[] }
  /** `c` is a standard constructor; `p` are all own properties carried. */
  | { readonly t: 'error'; readonly c: string; readonly p: Readonly<Record<string, Slot>> }
  /** Bytes of `blobs[v]`; every blob is used once. */
  | { readonly t: 'buffer'; readonly v: number }
  | { readonly t: 'view'; readonly c: string; readonly b: readonly [number]; readonly o: number; readonly l: number }
  | { readonly t: 'box'; readonly v: Slot }
  /** An array with further properties, as `RegExp.prototype.exec` makes. */
  | { readonly t: 'array'; readonly v: readonly Slot[]; readonly p: Readonly<Record<string, Slot>> }

/**
 * Steps that numbers as keys of Maps and Sets may cost in one message: the nth of a Map may have to pass all before it,
 * since V8 hashes numbers without a seed and keys can be chosen to collide. Allows 10,000 in one Map, more in many.
 */
export const MAX_KEY_STEPS = 50_000_000

/** Holes an array may have: more is a mistake or an attack, and every one costs room. */
export const MAX_HOLES = 10_000
