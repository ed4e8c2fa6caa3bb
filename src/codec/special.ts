import {
  boxed, bufferLength, bufferSlice, dateValue, domException, errorStack, getDescriptor, hasOwn, isEnumerable, mapForEach, NewBytes,
  ownKeys, regExpFlags, regExpSource, setForEach, typedArrayName, typedBuffer, typedBytes, typedLength, typedOffset,
  viewBuffer, viewLength, viewOffset,
} from './builtins.js'
import { errorClass, type Kind } from './kind.js'
import type { Slot, Special } from './nodes.js'
import type { Walk } from './walk.js'

/** What objects with a state of their own become in the tagged form. */
export function specialOf(kind: Exclude<Kind, 'object' | 'array'>, value: object, id: number, walk: Walk): Special {
  switch (kind) {
    case 'map':
      return { t: 'map', v: entriesOf(value as Map<unknown, unknown>, id, walk) }
    case 'set':
      return { t: 'set', v: membersOf(value as Set<unknown>, id, walk) }
    case 'date': {
      const time = dateValue(value)
      return { t: 'date', v: time === time ? time : null }
    }
    case 'regexp':
      return { t: 'regexp', v: walk.slot(regExpSource(value), id, ['.source']) as string, f: flagsOf(value) }
    case 'error':
      return { t: 'error', ...errorOf(value, id, walk) }
    case 'exception':
      return { t: 'error', c: 'Error', p: exceptionOf(value, id, walk) }
    case 'buffer':
      return { t: 'buffer', v: walk.blob(bytesOf(value as ArrayBuffer, id, walk), bufferLength(value), id) }
    case 'view':
      return viewOf(value, id, walk)
    case 'box':
      return { t: 'box', v: walk.slot(unbox(value), id, ['']) }
  }
}

function entriesOf(map: Map<unknown, unknown>, id: number, walk: Walk): readonly Slot[] {
  const slots = walk.list<Slot>([])
  let index = 0
  let numbers = 0
  mapForEach(map, (value, key) => {
    numbers = walk.key(key, numbers, id)
    slots[2 * index] = walk.slot(key, id, ['.key', index])
    slots[2 * index + 1] = walk.slot(value, id, ['.value', index])
    index++
  })
  return slots
}

function membersOf(set: Set<unknown>, id: number, walk: Walk): readonly Slot[] {
  const slots = walk.list<Slot>([])
  let numbers = 0
  setForEach(set, (value) => {
    numbers = walk.key(value, numbers, id)
    slots[slots.length] = walk.slot(value, id, ['.value', slots.length])
  })
  return slots
}

function flagsOf(value: object): string {
  let flags = ''
  for (let i = 0; i < regExpFlags.length; i++) if (regExpFlags[i]![1](value)) flags += regExpFlags[i]![0]
  return flags
}

function unbox(value: object): unknown {
  for (let i = 0; ; i++) {
    try {
      return boxed[i]![1](value)
    } catch {
      // Not this one: `kindOf` has seen that it is one of them.
    }
  }
}

/** Own properties of an error that standard errors keep out of enumeration. */
const HIDDEN = ['message', 'stack', 'cause', 'errors', 'error', 'suppressed', 'name']

function errorOf(error: object, id: number, walk: Walk): { c: string; p: Record<string, Slot> } {
  const { base, name } = errorClass(error)
  const names = walk.list<string>([])
  const own = ownKeys(error)
  for (let i = 0; i < own.length; i++) {
    const key = own[i]!
    if (typeof key !== 'string') continue
    if (key === 'stack' && (!walk.fromGuest || !hasOwn(getDescriptor(error, key)!, 'value'))) continue
    if (isEnumerable(error, key) || isHidden(key)) names[names.length] = key
  }
  const properties = walk.properties(error, names, id)
  if (walk.fromGuest && errorStack !== undefined && !hasOwn(properties, 'stack')) {
    const stack = errorStack(error)
    if (typeof stack === 'string') properties['stack'] = walk.slot(stack, id, 'stack')
  }
  if (name !== undefined && name !== base && !hasOwn(properties, 'name')) properties['name'] = walk.slot(name, id, 'name')
  return { c: base, p: properties }
}

export function isHidden(name: string): boolean {
  for (let i = 0; i < HIDDEN.length; i++) if (HIDDEN[i] === name) return true
  return false
}

function exceptionOf(exception: object, id: number, walk: Walk): Record<string, Slot> {
  const fields: Record<string, unknown> = {
    name: domException!.name(exception),
    message: domException!.message(exception),
    code: domException!.code(exception),
  }
  const stack: unknown = getDescriptor(exception, 'stack')?.value
  if (walk.fromGuest && typeof stack === 'string') fields['stack'] = stack
  return walk.properties(fields, ownKeys(fields) as string[], id)
}

function viewOf(view: object, id: number, walk: Walk): Special {
  const name = typedArrayName(view)
  const buffer = name === undefined ? read(() => viewBuffer(view), id, walk) : typedBuffer(view)
  let offset = name === undefined ? read(() => viewOffset(view), id, walk) : typedOffset(view)
  const length = name === undefined ? read(() => viewLength(view), id, walk) : typedLength(view)
  const bytes = name === undefined ? length : typedBytes(view)
  let carried = ownBuffer(buffer, id, walk)
  if (!walk.fromGuest && bytes !== bufferLength(carried)) {
    carried = bufferSlice(carried, offset, offset + bytes)
    offset = 0
  }
  const slot = walk.slot(carried, id, ['.buffer']) as readonly [number]
  return { t: 'view', c: name ?? 'DataView', b: slot, o: offset, l: length }
}

/** Getters of a DataView throw once its buffer is detached or has shrunk away below it. */
function read<T>(get: () => T, id: number, walk: Walk): T {
  try {
    return get()
  } catch {
    return walk.refuse('a view of a detached ArrayBuffer', id)
  }
}

function ownBuffer(buffer: ArrayBufferLike, id: number, walk: Walk): ArrayBuffer {
  try {
    bufferLength(buffer)
  } catch {
    walk.refuse('a view of a SharedArrayBuffer', id)
  }
  return buffer as ArrayBuffer
}

function bytesOf(buffer: ArrayBuffer, id: number, walk: Walk): Uint8Array {
  try {
    return new NewBytes(buffer)
  } catch {
    return walk.refuse('a detached ArrayBuffer', id)
  }
}
