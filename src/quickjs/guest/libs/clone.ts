import { keys, mapForEach, setForEach } from '../../../codec/builtins.js'
import { kindOf, type Kind } from '../../../codec/kind.js'
import type { GuestCore } from '../core.js'
import { hide, toShell } from './clone/shell.js'
import { toDictionary, toSequence } from './webidl/convert.js'
import { required, STRUCTURED, TRANSFER } from './webidl/interfaces.js'

interface Found {
  readonly kind: Kind
  readonly from: object
  readonly to: object
}

type Copy = (from: unknown) => unknown

/** How an instance of an interface is copied: `copy` is for what it refers to. */
type Structured = (value: object, copy: Copy) => object

/** What stands in the place of a value that is moved, and how it takes over from it. */
export interface Move {
  readonly to: object
  readonly commit: () => void
}
/** Answers undefined for a value that cannot be moved any more. */
type Transfer = (value: object) => Move | undefined

/** `structuredClone` of the HTML Standard, section 2.7, for the kinds of object a guest has. */
export default (core: GuestCore) => {
  const transfer = (ArrayBuffer.prototype as unknown as { transfer(this: ArrayBuffer): ArrayBuffer }).transfer

  /** Copies a value, and moves what is in `list`; what was moved is answered in the order of the list. */
  const cloneWithTransfer = (value: unknown, list: readonly unknown[]): { readonly value: unknown; readonly moved: readonly object[] } => {
    const moves = toMoves(list)
    const copies = new Map<object, unknown>()
    for (const [from, move] of moves) if (move !== undefined) copies.set(from, move.to)
    const found: Found[] = []
    const copy: Copy = (from) => {
      if (typeof from === 'symbol') throw uncloneable(String(from))
      if (typeof from === 'function') throw uncloneable(from.name === '' ? 'A function' : `The function ${from.name}`)
      if (typeof from !== 'object' || from === null) return from
      if (copies.has(from)) return copies.get(from)
      if (core.isProxy(from)) throw uncloneable('A proxy')
      if (from === globalThis) throw uncloneable('The global object')
      const to = toCopy(from, copy, found)
      copies.set(from, to)
      return to
    }
    const result = copy(value)
    for (let i = 0; i < found.length; i++) fill(found[i]!, copy)
    // Only now, when nothing can fail any more.
    const moved: object[] = []
    for (const [from, move] of moves) {
      if (move === undefined) transfer.call(from as ArrayBuffer)
      else {
        try {
          move.commit()
        } catch {
          throw uncloneable('A value in the transfer list that went with another')
        }
        moved.push(move.to)
      }
    }
    return { value: result, moved }
  }

  function structuredClone(value: unknown, options?: { readonly transfer?: Iterable<unknown> }): unknown {
    required(arguments.length, 1, 'structuredClone')
    const list = toDictionary(options, 'structuredClone')['transfer']
    return cloneWithTransfer(value, list === undefined ? [] : toSequence(list, 'structuredClone: transfer')).value
  }
  Object.defineProperty(structuredClone, 'length', { value: 1, configurable: true })

  return { structuredClone, cloneWithTransfer }
}

function toCopy(from: object, copy: Copy, found: Found[]): object {
  const kind = kindOf(from, undefined)
  if (typeof kind === 'object') {
    const structured = (from as { readonly [STRUCTURED]?: Structured })[STRUCTURED]
    if (typeof structured === 'function') return structured(from, copy)
    throw uncloneable(kind.refused[0]!.toUpperCase() + kind.refused.slice(1))
  }
  let to: object
  try {
    to = toShell(kind, from, copy)
  } catch (error) {
    throw error instanceof TypeError ? uncloneable('A detached ArrayBuffer') : error
  }
  found.push({ kind, from, to })
  return to
}

function fill({ kind, from, to }: Found, copy: Copy): void {
  switch (kind) {
    case 'object':
    case 'array':
      for (const key of keys(from)) {
        const value = copy((from as Record<string, unknown>)[key])
        Object.defineProperty(to, key, { value, writable: true, configurable: true, enumerable: true })
      }
      break
    case 'map':
      mapForEach(from as Map<unknown, unknown>, (value, key) => {
        ;(to as Map<unknown, unknown>).set(copy(key), copy(value))
      })
      break
    case 'set':
      setForEach(from as Set<unknown>, (value) => {
        ;(to as Set<unknown>).add(copy(value))
      })
      break
    case 'error':
      if (Object.hasOwn(from, 'cause')) hide(to, 'cause', copy((from as Error).cause))
  }
}

/** What is in a transfer list, in its order; a buffer is copied with the rest and detached behind it. */
function toMoves(list: readonly unknown[]): Map<object, Move | undefined> {
  const moves = new Map<object, Move | undefined>()
  for (const item of list) {
    const make = typeof item === 'object' && item !== null ? (item as { readonly [TRANSFER]?: Transfer })[TRANSFER] : undefined
    if (moves.has(item as object)) throw uncloneable('A value that is in the transfer list twice')
    if (typeof make === 'function') {
      const move = make(item as object)
      if (move === undefined) throw uncloneable('A value in the transfer list that is locked, closed or moved already')
      moves.set(item as object, move)
    } else if (item instanceof ArrayBuffer) {
      if ((item as ArrayBuffer & { readonly detached: boolean }).detached) throw uncloneable('A detached ArrayBuffer in the transfer list')
      moves.set(item, undefined)
    } else throw uncloneable('A value in the transfer list that cannot be moved')
  }
  return moves
}

function uncloneable(what: string): DOMException {
  return new DOMException(`${what} could not be cloned`, 'DataCloneError')
}
