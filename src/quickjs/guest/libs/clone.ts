import { keys, mapForEach, setForEach } from '../../../codec/builtins.js'
import { kindOf, type Kind } from '../../../codec/kind.js'
import type { GuestCore } from '../core.js'
import { hide, toShell } from './clone/shell.js'

interface Found {
  readonly kind: Kind
  readonly from: object
  readonly to: object
}

type Copy = (from: unknown) => unknown

/** `structuredClone` of the HTML Standard, section 2.7, for the kinds of object a guest has. */
export default (_core: GuestCore) => {
  const transfer = (ArrayBuffer.prototype as unknown as { transfer(this: ArrayBuffer): ArrayBuffer }).transfer

  function structuredClone(value: unknown, options?: { readonly transfer?: Iterable<unknown> }): unknown {
    if (arguments.length === 0) throw new TypeError('structuredClone: expected a value')
    const moved = toTransferList(options?.transfer)
    const copies = new Map<object, unknown>()
    const found: Found[] = []
    const copy: Copy = (from) => {
      if (typeof from === 'symbol') throw uncloneable(String(from))
      if (typeof from === 'function') throw uncloneable(from.name === '' ? 'A function' : `The function ${from.name}`)
      if (typeof from !== 'object' || from === null) return from
      if (copies.has(from)) return copies.get(from)
      const kind = kindOf(from, undefined)
      if (typeof kind === 'object') throw uncloneable(kind.refused[0]!.toUpperCase() + kind.refused.slice(1))
      let to: object
      try {
        to = toShell(kind, from, copy)
      } catch (error) {
        throw error instanceof TypeError ? uncloneable('A detached ArrayBuffer') : error
      }
      copies.set(from, to)
      found.push({ kind, from, to })
      return to
    }
    const result = copy(value)
    for (let i = 0; i < found.length; i++) fill(found[i]!, copy)
    // Only now, when nothing can fail any more.
    for (const buffer of moved) transfer.call(buffer)
    return result
  }

  return { structuredClone }
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

function toTransferList(list: Iterable<unknown> | undefined): ArrayBuffer[] {
  if (list === undefined || list === null) return []
  const buffers = new Set<ArrayBuffer>()
  for (const item of list) {
    if (!(item instanceof ArrayBuffer)) throw uncloneable('A value in the transfer list that is no ArrayBuffer')
    if (buffers.has(item)) throw uncloneable('An ArrayBuffer that is in the transfer list twice')
    if ((item as ArrayBuffer & { readonly detached: boolean }).detached) throw uncloneable('A detached ArrayBuffer in the transfer list')
    buffers.add(item)
  }
  return [...buffers]
}

function uncloneable(what: string): DOMException {
  return new DOMException(`${what} could not be cloned`, 'DataCloneError')
}
