import { library } from './library.js'

type ErrorClass = new (message: string) => Error

const { assign, defineProperty } = Object

/** Not bundled into each library that fails at times. */
const inspect = (value: unknown, options?: object): string => library('inspect')['inspect'](value, options) as string

/** An error as Node makes its own: with a code, which its text names too. */
export function nodeError<T extends ErrorClass>(type: T, code: string, message: string, fields?: object): InstanceType<T> & { code: string } {
  const error = new type(message) as InstanceType<T> & { code: string }
  assign(error, { code }, fields)
  defineProperty(error, 'toString', { value: () => `${error.name} [${code}]: ${error.message}`, writable: true, configurable: true })
  return error
}

/** How Node tells what it got. */
export function received(value: unknown): string {
  if (value === null || value === undefined) return ` Received ${String(value)}`
  if (typeof value === 'function') return ` Received function ${value.name}`
  if (typeof value === 'object') {
    const name = (value as { readonly constructor?: { readonly name?: unknown } }).constructor?.name
    return typeof name === 'string' && name !== '' ? ` Received an instance of ${name}` : ` Received ${inspect(value, { depth: -1 })}`
  }
  const shown = inspect(value)
  return ` Received type ${typeof value} (${shown.length > 28 ? `${shown.slice(0, 25)}...` : shown})`
}

/** `expected` goes on after "must be": `of type string`. */
export function invalidType(name: string, expected: string, value: unknown): TypeError {
  const what = name.endsWith(' argument') ? `The ${name}` : `The "${name}" ${name.includes('.') ? 'property' : 'argument'}`
  return nodeError(TypeError, 'ERR_INVALID_ARG_TYPE', `${what} must be ${expected}.${received(value)}`)
}

export function invalidValue(name: string, value: unknown, reason = 'is invalid'): TypeError {
  const shown = inspect(value)
  const what = name.includes('.') ? 'property' : 'argument'
  return nodeError(TypeError, 'ERR_INVALID_ARG_VALUE', `The ${what} '${name}' ${reason}. Received ${shown.length > 128 ? `${shown.slice(0, 128)}...` : shown}`)
}

/** `range` goes on after "must be": `>= 0 && <= 10`. */
export function outOfRange(name: string, range: string, value: unknown): RangeError {
  const shown =
    (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) > 2 ** 32) || (typeof value === 'bigint' && (value > 2n ** 32n || value < -(2n ** 32n)))
      ? grouped(String(value)) + (typeof value === 'bigint' ? 'n' : '')
      : inspect(value)
  return nodeError(RangeError, 'ERR_OUT_OF_RANGE', `The value of "${name}" is out of range. It must be ${range}. Received ${shown}`)
}

const grouped = (digits: string): string => digits.replace(/\B(?=(\d{3})+$)/g, '_')

export function checkFunction(value: unknown, name: string): asserts value is (...args: unknown[]) => unknown {
  if (typeof value !== 'function') throw invalidType(name, 'of type function', value)
}

export function checkString(value: unknown, name: string): asserts value is string {
  if (typeof value !== 'string') throw invalidType(name, 'of type string', value)
}

export function checkObject(value: unknown, name: string): asserts value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalidType(name, 'of type object', value)
}

export function checkBoolean(value: unknown, name: string): asserts value is boolean {
  if (typeof value !== 'boolean') throw invalidType(name, 'of type boolean', value)
}

export function checkNumber(value: unknown, name: string, least?: number, most?: number): asserts value is number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value)
  if ((least !== undefined && value < least) || (most !== undefined && value > most) || ((least !== undefined || most !== undefined) && Number.isNaN(value))) {
    const bounds = [...(least === undefined ? [] : [`>= ${least}`]), ...(most === undefined ? [] : [`<= ${most}`])]
    throw outOfRange(name, bounds.join(' && '), value)
  }
}

export function checkInteger(value: unknown, name: string, least = Number.MIN_SAFE_INTEGER, most = Number.MAX_SAFE_INTEGER): asserts value is number {
  if (typeof value !== 'number') throw invalidType(name, 'of type number', value)
  if (!Number.isInteger(value)) throw outOfRange(name, 'an integer', value)
  if (value < least || value > most) throw outOfRange(name, `>= ${least} && <= ${most}`, value)
}
