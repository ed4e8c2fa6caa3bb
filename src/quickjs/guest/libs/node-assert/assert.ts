import type { GuestCore } from '../../core.js'
import { nodeError } from '../node/errors.js'
import { type AssertionOptions, createAssertionError } from './assertion-error.js'
import { createThrowing } from './throwing.js'

export type Assert = ((value?: unknown, message?: unknown) => void) & Record<string, any>
type Check = (actual: unknown, expected: unknown) => boolean

/** @see https://nodejs.org/docs/latest-v24.x/api/assert.html */
export function createAssert(core: GuestCore): { readonly assert: Assert; readonly strict: Assert } {
  const AssertionError = createAssertionError(core)
  const compare = (name: string): Check => (a, b) => core.lib('node-compare')[name](a, b) as boolean
  const inspect = (value: unknown, options?: object): string => core.lib('inspect')['inspect'](value, options) as string
  const fail = (options: AssertionOptions): never => {
    if (options.message instanceof Error) throw options.message
    throw new AssertionError(options)
  }
  const ok = (args: unknown[], name: string): void => {
    const [value, message] = args
    if (value) return
    if (args.length === 0) {
      throw Object.assign(new AssertionError({ actual: value, expected: true, message: `No value argument passed to \`assert${name}()\``, operator: '==' }), { generatedMessage: true })
    }
    const isGenerated = message === undefined || message === null
    if (message instanceof Error) throw message
    // The text of the expression is not at hand: what it came to is.
    throw Object.assign(new AssertionError({ actual: value, expected: true, message, operator: '==' }), { generatedMessage: isGenerated })
  }
  const isNaNs: Check = (a, b) => Number.isNaN(a) && Number.isNaN(b)
  // oxlint-disable-next-line eqeqeq -- what `equal` promises
  const isEqual: Check = (a, b) => a == b || isNaNs(a, b)
  const not = (check: Check): Check => (a, b) => !check(a, b)
  const strictly = compare('isDeepStrictEqual')
  const loosely = compare('isDeepEqual')
  const CHECKS: readonly (readonly [name: string, check: Check, operator?: string])[] = [
    ['equal', isEqual, '=='], ['notEqual', not(isEqual), '!='], ['deepEqual', loosely], ['notDeepEqual', not(loosely)], ['deepStrictEqual', strictly],
    ['notDeepStrictEqual', not(strictly)], ['strictEqual', Object.is], ['notStrictEqual', not(Object.is)], ['partialDeepStrictEqual', compare('isPartialStrictEqual')],
  ]

  const methods: Record<string, (...args: any[]) => unknown> = {
    fail(...args: unknown[]): never {
      const [actual, expected, message, operator] = args
      if (args.length > 1) {
        if (message instanceof Error) throw message
        throw new AssertionError({ actual, expected, message, operator: args.length === 2 ? '!=' : ((operator as string | undefined) ?? 'fail') })
      }
      if (actual instanceof Error) throw actual
      if (actual !== undefined && actual !== null) throw new AssertionError({ message: actual, operator: 'fail' })
      throw Object.assign(new AssertionError({ actual, expected, message: 'Failed', operator: 'fail' }), { generatedMessage: true })
    },
    ok: (...args: unknown[]) => ok(args, '.ok'),
    ifError(value: unknown): void {
      if (value === null || value === undefined) return
      let message = 'ifError got unwanted exception: '
      if (typeof value === 'object' && typeof (value as Error).message === 'string') {
        const { message: text, constructor } = value as Error
        message += text.length === 0 && constructor !== undefined ? constructor.name : text
      } else message += inspect(value)
      throw new AssertionError({ actual: value, expected: null, operator: 'ifError', message })
    },
    ...createThrowing({ AssertionError, fail, inspect, isDeepStrictEqual: strictly }),
  }
  for (const [name, check, operator = name] of CHECKS) {
    methods[name] = { [name](actual: unknown, expected: unknown, message?: unknown): void {
      if (arguments.length < 2) throw nodeError(TypeError, 'ERR_MISSING_ARGS', 'The "actual" and "expected" arguments must be specified')
      if (!check(actual, expected)) fail({ actual, expected, message, operator })
    } }[name]!
  }

  const assert = Object.assign((...args: unknown[]) => ok(args, '.ok'), methods, { AssertionError }) as Assert
  const strict = Object.assign((...args: unknown[]) => ok(args, '.ok'), assert, {
    equal: methods['strictEqual'], deepEqual: methods['deepStrictEqual'], notEqual: methods['notStrictEqual'], notDeepEqual: methods['notDeepStrictEqual'],
  }) as Assert
  for (const each of [assert, strict]) Object.defineProperty(each, 'name', { value: 'ok' })
  assert['strict'] = strict
  strict['strict'] = strict
  return { assert, strict }
}
