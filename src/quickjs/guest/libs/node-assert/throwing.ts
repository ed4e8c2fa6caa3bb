import { checkFunction, invalidType, nodeError, received } from '../node/errors.js'
import type { AssertionErrorClass, AssertionOptions } from './assertion-error.js'

interface Options {
  readonly AssertionError: AssertionErrorClass
  readonly fail: (options: AssertionOptions) => never
  readonly inspect: (value: unknown, options?: object) => string
  readonly isDeepStrictEqual: (a: unknown, b: unknown) => boolean
}
type Fields = Record<string, unknown>

const NOTHING = Symbol('nothing was thrown')
const KINDS = 'of type function or an instance of Error, RegExp, or Object'
const isRegExp = (value: unknown): value is RegExp => value instanceof RegExp

/** Functions of `assert` about errors. */
export function createThrowing({ AssertionError, fail, inspect, isDeepStrictEqual }: Options): Record<string, (...args: any[]) => unknown> {
  /** Fields of a class's name, so that what differs is shown below it. */
  class Comparison {
    constructor(source: Fields, keys: readonly string[], actual?: Fields) {
      for (const key of keys) {
        if (!(key in source)) continue
        const isMatch = actual !== undefined && typeof actual[key] === 'string' && isRegExp(source[key]) && source[key].test(actual[key])
        ;(this as unknown as Fields)[key] = isMatch ? actual[key] : source[key]
      }
    }
  }
  Object.defineProperty(Comparison, 'name', { value: 'Comparison' })

  const checkFields = (actual: Fields, expected: Fields, message: unknown, operator: string): void => {
    const keys = Object.keys(expected)
    if (expected instanceof Error) keys.push('name', 'message')
    else if (keys.length === 0) throw nodeError(TypeError, 'ERR_INVALID_ARG_VALUE', `The argument 'error' may not be an empty object. Received {}`)
    for (const key of keys) {
      const wanted = expected[key]
      if (typeof actual[key] === 'string' && isRegExp(wanted) && wanted.test(actual[key])) continue
      if (key in actual && isDeepStrictEqual(actual[key], wanted)) continue
      if (message) fail({ actual, expected, message, operator })
      const error = new AssertionError({ actual: new Comparison(actual, keys), expected: new Comparison(expected, keys, actual), operator: 'deepStrictEqual' })
      throw Object.assign(error, { actual, expected, operator })
    }
  }

  const check = (actual: unknown, expected: unknown, given: unknown, operator: string): void => {
    let message = given
    if (isRegExp(expected)) {
      const text = String(actual)
      if (expected.test(text)) return
      message ||= `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(text)}\n`
    } else if (typeof expected !== 'function') {
      if (typeof actual !== 'object' || actual === null) {
        throw Object.assign(new AssertionError({ actual, expected, message, operator: 'deepStrictEqual' }), { operator })
      }
      checkFields(actual as Fields, expected as Fields, message, operator)
      return
    } else if (expected.prototype !== undefined && actual instanceof expected) return
    else if (Object.prototype.isPrototypeOf.call(Error, expected)) {
      message ||= `The error is expected to be an instance of "${expected.name}". Received ${describe(actual, expected.name)}`
    } else {
      const answer: unknown = expected.call({}, actual)
      if (answer === true) return
      const name = expected.name === '' ? '' : `"${expected.name}" `
      message ||= `The ${name}validation function is expected to return "true". Received ${inspect(answer)}${actual instanceof Error ? `\n\nCaught error:\n\n${String(actual)}` : ''}`
    }
    if (message instanceof Error) throw message
    throw Object.assign(new AssertionError({ actual, expected, message, operator }), { generatedMessage: !given })
  }

  const describe = (actual: unknown, expectedName: string): string => {
    if (!(actual instanceof Error)) return `"${inspect(actual, { depth: -1 })}"`
    const name = actual.constructor?.name || actual.name
    const what = expectedName === name ? 'an error with identical name but a different prototype.' : `"${name}"`
    return actual.message ? `${what}\n\nError message:\n\n${actual.message}` : what
  }

  const expectError = (operator: string, actual: unknown, args: unknown[]): void => {
    let [error, message] = args
    if (typeof error === 'string') {
      if (args.length === 2) throw invalidType('error', KINDS, error)
      const text: unknown = typeof actual === 'object' && actual !== null ? (actual as Error).message : actual
      if (text === error) {
        const what = typeof actual === 'object' ? `The error message "${error}" is identical to the message.` : `The error "${error}" is identical to the message.`
        throw nodeError(TypeError, 'ERR_AMBIGUOUS_ARGUMENT', `The "error/message" argument is ambiguous. ${what}`)
      }
      ;[error, message] = [undefined, error]
    } else if (error !== undefined && error !== null && typeof error !== 'object' && typeof error !== 'function') throw invalidType('error', KINDS, error)
    if (actual === NOTHING) {
      const { name } = (error ?? {}) as { readonly name?: string }
      const details = `${name ? ` (${name})` : ''}${message ? `: ${String(message)}` : '.'}`
      fail({ actual: undefined, expected: error, operator, message: `Missing expected ${operator === 'rejects' ? 'rejection' : 'exception'}${details}` })
    }
    if (error) check(actual, error, message, operator)
  }

  const isMatch = (actual: unknown, expected: unknown): boolean => {
    if (isRegExp(expected)) return expected.test(String(actual))
    if (typeof expected !== 'function') throw invalidType('expected', 'of type function or an instance of RegExp', expected)
    if (expected.prototype !== undefined && actual instanceof expected) return true
    return !Object.prototype.isPrototypeOf.call(Error, expected) && expected.call({}, actual) === true
  }

  const expectNoError = (operator: string, actual: unknown, args: unknown[]): void => {
    if (actual === NOTHING) return
    const [error, message] = typeof args[0] === 'string' ? [undefined, args[0]] : args
    if (!error || isMatch(actual, error)) {
      const kind = operator === 'doesNotReject' ? 'rejection' : 'exception'
      fail({ actual, expected: error, operator, message: `Got unwanted ${kind}${message ? `: ${String(message)}` : '.'}\nActual message: "${String((actual as Error | undefined)?.message)}"` })
    }
    throw actual
  }

  const thrownBy = (fn: unknown): unknown => {
    checkFunction(fn, 'fn')
    try {
      fn()
    } catch (error) {
      return error
    }
    return NOTHING
  }

  const isPromise = (value: unknown): value is Promise<unknown> =>
    value instanceof Promise || (typeof value === 'object' && value !== null && typeof (value as Promise<unknown>).then === 'function' && typeof (value as Promise<unknown>).catch === 'function')

  const rejectedBy = async (source: unknown): Promise<unknown> => {
    const promise: unknown = typeof source === 'function' ? source() : source
    if (!isPromise(promise)) {
      if (typeof source === 'function') throw nodeError(TypeError, 'ERR_INVALID_RETURN_VALUE', `Expected instance of Promise to be returned from the "promiseFn" function but got${received(promise).replace(' Received', '')}.`)
      throw invalidType('promiseFn', 'of type function or an instance of Promise', source)
    }
    try {
      await promise
    } catch (error) {
      return error
    }
    return NOTHING
  }

  /** Text that matches, or does not. */
  const matching = (name: 'match' | 'doesNotMatch') => (text: unknown, expression: unknown, message?: unknown): void => {
    if (!isRegExp(expression)) throw invalidType('regexp', 'an instance of RegExp', expression)
    const wanted = name === 'match'
    if (typeof text === 'string' && expression.test(text) === wanted) return
    if (message instanceof Error) throw message
    const generated =
      typeof text !== 'string'
        ? `The "string" argument must be of type string. Received type ${typeof text} (${inspect(text)})`
        : `${wanted ? 'The input did not match the regular expression ' : 'The input was expected to not match the regular expression '}${inspect(expression)}. Input:\n\n${inspect(text)}\n`
    throw Object.assign(new AssertionError({ actual: text, expected: expression, message: message || generated, operator: name }), { generatedMessage: !message })
  }

  return {
    throws: (fn: unknown, ...args: unknown[]) => expectError('throws', thrownBy(fn), args),
    rejects: async (source: unknown, ...args: unknown[]) => expectError('rejects', await rejectedBy(source), args),
    doesNotThrow: (fn: unknown, ...args: unknown[]) => expectNoError('doesNotThrow', thrownBy(fn), args),
    doesNotReject: async (source: unknown, ...args: unknown[]) => expectNoError('doesNotReject', await rejectedBy(source), args),
    match: matching('match'),
    doesNotMatch: matching('doesNotMatch'),
  }
}
