const { assign, defineProperty } = Object
const { parse } = JSON
const classes: Readonly<Record<string, ErrorConstructor>> = assign(Object.create(null), { TypeError, RangeError, SyntaxError })
const ErrorClass = Error
const ExceptionClass = DOMException

/** What a guest gets where it asked for something that was not granted. */
export class PermissionDenied extends Error {
  constructor(message: string) {
    super(message)
    defineProperty(this, 'code', { value: 'denied', enumerable: true, configurable: true, writable: true })
  }
}
defineProperty(PermissionDenied.prototype, 'name', { value: 'PermissionDenied', configurable: true, writable: true })

/** The error of a host's fault, from its JSON text: name, message, code and further fields, never a stack of the host. */
export const toError = (text: string): Error => {
  const { name, message, code, fields } = parse(text) as { name: string; message: string; code: string; fields?: object }
  if (name === 'PermissionDenied') return new PermissionDenied(message)
  if (name === 'AbortError' || name === 'TimeoutError') return new ExceptionClass(message, name)
  const error = new (classes[name] ?? ErrorClass)(message)
  if (name !== error.name) defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  assign(error, fields)
  defineProperty(error, 'code', { value: code, enumerable: true, configurable: true, writable: true })
  return error
}
