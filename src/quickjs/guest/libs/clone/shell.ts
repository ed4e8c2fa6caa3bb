import {
  boxed, bufferLength, bufferSlice, dateValue, domException, errorTypes, getDescriptor, hasOwn, NewBytes,
  NewDataView, NewDate, NewRegExp, regExpFlags, regExpSource, toObject, typedArrayName, typedArrays, typedBuffer, typedLength,
  typedOffset, viewBuffer, viewLength, viewOffset,
} from '../../../../codec/builtins.js'
import { errorClass, type Kind } from '../../../../codec/kind.js'

/** The copy of an object, without what it refers to. `copy` is asked for the buffer of a view. */
export function toShell(kind: Kind, value: object, copy: (value: unknown) => unknown): object {
  switch (kind) {
    case 'object':
      return {}
    case 'array':
      return emptyArray((value as unknown[]).length)
    case 'map':
      return new Map()
    case 'set':
      return new Set()
    case 'date':
      return new NewDate(dateValue(value))
    case 'regexp':
      return new NewRegExp(regExpSource(value), regExpFlags.map(([flag, has]) => (has(value) ? flag : '')).join(''))
    case 'box':
      return toObject(unbox(value)) as object
    case 'buffer':
      return copyBuffer(value as ArrayBuffer)
    case 'view':
      return copyView(value, copy)
    case 'error':
      return copyError(value)
    case 'exception':
      return new DOMException(domException!.message(value), domException!.name(value))
  }
}

/** Holes only: what is in it follows. */
function emptyArray(length: number): unknown[] {
  const array: unknown[] = []
  array.length = length
  return array
}

function unbox(value: object): unknown {
  for (const [, valueOf] of boxed) {
    try {
      return valueOf(value)
    } catch {
      // Not this one.
    }
  }
  return undefined
}

function copyBuffer(buffer: ArrayBuffer): ArrayBuffer {
  // A detached buffer has no bytes to look at, and says so here.
  const bytes = new NewBytes(buffer)
  const { resizable, maxByteLength } = buffer as ArrayBuffer & { readonly resizable?: boolean; readonly maxByteLength: number }
  if (resizable !== true) return bufferSlice(buffer, 0, bufferLength(buffer))
  const copy = new (ArrayBuffer as new (length: number, options: object) => ArrayBuffer)(bytes.length, { maxByteLength })
  new NewBytes(copy).set(bytes)
  return copy
}

function copyView(view: object, copy: (value: unknown) => unknown): object {
  const name = typedArrayName(view)
  const buffer = (view as ArrayBufferView).buffer as ArrayBuffer & { readonly resizable?: boolean }
  if (buffer.resizable === true) return copyViewOfResizable(view as ArrayBufferView, name, copy(buffer) as ArrayBuffer)
  if (name === undefined) return new NewDataView(copy(viewBuffer(view)) as ArrayBuffer, viewOffset(view), viewLength(view))
  return new typedArrays[name]!(copy(typedBuffer(view)) as ArrayBuffer, typedOffset(view), typedLength(view))
}

/** A view that follows the length of its buffer stays one; it shows when its buffer has another length. */
function copyViewOfResizable(view: ArrayBufferView, name: string | undefined, copy: ArrayBuffer): object {
  const buffer = view.buffer as ArrayBuffer & { readonly maxByteLength: number; resize(length: number): void }
  const { byteOffset, byteLength } = view
  const unit = (view as { readonly BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1
  const { byteLength: whole, maxByteLength } = buffer
  // Beyond its end a view shows no place and no length.
  if (isBeyond(view)) throw new TypeError('a view beyond the end of its buffer')
  let follows = false
  if (byteOffset + byteLength > whole - unit && maxByteLength >= whole + unit) {
    buffer.resize(whole + unit)
    follows = view.byteLength !== byteLength
    buffer.resize(whole)
  }
  const Class = (name === undefined ? NewDataView : typedArrays[name]!) as new (buffer: ArrayBuffer, offset: number, length?: number) => object
  return follows ? new Class(copy, byteOffset) : new Class(copy, byteOffset, byteLength / unit)
}

function isBeyond(view: ArrayBufferView): boolean {
  if (view instanceof DataView) return false
  return view.byteLength === 0 && view.byteOffset === 0 && (view as Uint8Array).length === 0 && (view.buffer.byteLength === 0 || isOutOfBounds(view as Uint8Array))
}

/** Only the methods of a typed array tell one without elements from one beyond the end of its buffer. */
function isOutOfBounds(view: Uint8Array): boolean {
  try {
    view.indexOf(0)
    view.fill(0, 0, 0)
    return false
  } catch {
    return true
  }
}

/** Name, message and stack, as the HTML Standard has it; the `cause` is filled in later. */
function copyError(error: object): Error {
  const own = (key: string): unknown => getDescriptor(error, key)?.value
  const name = own('name') ?? errorClass(error).name
  // Any other name than those of the language becomes a plain Error.
  const copy = new errorTypes[typeof name === 'string' && hasOwn(errorTypes, name) ? name : 'Error']!()
  const message = own('message')
  if (message !== undefined) hide(copy, 'message', String(message))
  let stack: unknown
  try {
    stack = (error as Error).stack
  } catch {
    stack = undefined
  }
  if (typeof stack === 'string') hide(copy, 'stack', stack)
  return copy
}

/** Own, but out of enumeration, as on the errors the language makes. */
export function hide(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, configurable: true, enumerable: false })
}
