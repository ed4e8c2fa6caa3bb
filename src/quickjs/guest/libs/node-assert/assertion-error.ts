import type { GuestCore } from '../../core.js'
import { checkObject } from '../node/errors.js'
import { createDiff } from './diff.js'

export interface AssertionOptions {
  readonly message?: unknown
  readonly actual?: unknown
  readonly expected?: unknown
  readonly operator?: string
  readonly diff?: string
}

export type AssertionErrorClass = new (options: AssertionOptions) => Error & { generatedMessage: boolean; actual: unknown; expected: unknown; operator: string | undefined }

const READABLE: Readonly<Record<string, string>> = {
  deepStrictEqual: 'Expected values to be strictly deep-equal:',
  partialDeepStrictEqual: 'Expected values to be partially and strictly deep-equal:',
  strictEqual: 'Expected values to be strictly equal:',
  strictEqualObject: 'Expected "actual" to be reference-equal to "expected":',
  deepEqual: 'Expected values to be loosely deep-equal:',
  notDeepStrictEqual: 'Expected "actual" not to be strictly deep-equal to:',
  notStrictEqual: 'Expected "actual" to be strictly unequal to:',
  notStrictEqualObject: 'Expected "actual" not to be reference-equal to "expected":',
  notDeepEqual: 'Expected "actual" not to be loosely deep-equal to:',
  notIdentical: 'Values have same structure but are not reference-equal:',
  notDeepEqualUnequal: 'Expected values not to be loosely deep-equal:',
}
/** Operators whose message shows a difference, below a message of the program's too. */
const WITH_DIFF: ReadonlySet<string | undefined> = new Set(['deepStrictEqual', 'strictEqual', 'partialDeepStrictEqual'])

const isObject = (value: unknown): boolean => (typeof value === 'object' && value !== null) || typeof value === 'function'

/** `assert.AssertionError`, whose message shows what differs. */
export function createAssertionError(core: GuestCore): AssertionErrorClass {
  const show = (value: unknown): string =>
    core.lib('inspect')['inspect'](value, {
      compact: false, customInspect: false, depth: 1000, maxArrayLength: Infinity, showHidden: false, showProxy: false, sorted: true, getters: true,
    }) as string
  const differ = createDiff({ show, titles: READABLE })

  const describe = ({ actual, expected, operator = 'fail', diff }: AssertionOptions): string => {
    const isFull = diff === 'full'
    const cut = (text: string, most: number): string => (text.length > most && !isFull ? `${text.slice(0, most - 3)}...` : text)
    if (operator === 'notDeepStrictEqual' || operator === 'notStrictEqual') {
      const title = READABLE[operator === 'notStrictEqual' && isObject(actual) ? 'notStrictEqualObject' : operator]!
      const lines = show(actual).split('\n')
      if (lines.length > 50 && !isFull) lines.splice(46, Infinity, '...')
      return lines.length === 1 ? `${title}${lines[0]!.length > 5 ? '\n\n' : ' '}${lines[0]!}` : `${title}\n\n${lines.join('\n')}\n`
    }
    const [left, right] = [show(actual), show(expected)]
    if (operator === 'notDeepEqual' && left === right) return cut(`${READABLE[operator]!}\n\n${left}`, 1024)
    const [first, second] = [cut(left, 512), cut(right, 512)]
    if (operator === 'deepEqual') return `${READABLE[operator]!}\n\n${first}\n\nshould loosely deep-equal\n\n${second}`
    if (operator === 'notDeepEqual') return `${READABLE['notDeepEqualUnequal']!}\n\n${first}\n\nshould not loosely deep-equal\n\n${second}`
    return `${first} ${operator} ${second}`
  }

  class AssertionError extends Error {
    generatedMessage: boolean
    readonly code: string
    actual: unknown
    expected: unknown
    operator: string | undefined
    readonly diff: string

    constructor(options: AssertionOptions) {
      checkObject(options, 'options')
      const { message, operator, diff = 'simple' } = options
      let { actual, expected } = options
      const isGenerated = message === undefined || message === null
      if (isGenerated && actual instanceof Error && expected instanceof Error) [actual, expected] = [withoutStack(actual), withoutStack(expected)]
      super(
        WITH_DIFF.has(operator) ? differ(actual, expected, operator!, { message: isGenerated ? undefined : String(message), detail: diff })
        : isGenerated ? describe({ actual, expected, diff, ...(operator === undefined ? {} : { operator }) })
        : String(message),
      )
      Object.defineProperty(this, 'name', { value: 'AssertionError', enumerable: false, writable: true, configurable: true })
      this.generatedMessage = !message
      this.code = 'ERR_ASSERTION'
      this.actual = actual
      this.expected = expected
      this.operator = operator
      this.diff = diff
    }

    override toString(): string {
      return `${this.name} [${this.code}]: ${this.message}`
    }
  }
  Object.defineProperty(AssertionError, 'name', { value: 'AssertionError', configurable: true })
  return AssertionError
}

/** Fields of an error, so that its stack is not part of what is compared line by line. */
function withoutStack(error: Error): object {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(error) as object) as object, error)
  Object.defineProperty(copy, 'message', { value: error.message })
  if (Object.hasOwn(error, 'cause')) Object.defineProperty(copy, 'cause', { value: error.cause instanceof Error ? withoutStack(error.cause) : error.cause })
  return copy
}
