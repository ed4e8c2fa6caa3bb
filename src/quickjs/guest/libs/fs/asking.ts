import type { GuestCore } from '../../core.js'

/** A host operation to call, with its arguments. */
export type Question = readonly [operation: string, ...args: unknown[]]

/**
 * Asks the host and goes on with its answer: at once, or once a promise of it is settled. What `then` makes of the
 * answer is the result; a refusal goes to `otherwise`, or to the caller.
 */
export interface Ask {
  (question: Question): unknown
  <T>(question: Question, then: (answer: any) => T, otherwise?: (error: unknown) => unknown): T
}

/** A function of the library, written once for all its forms. */
export type Operation<A extends readonly any[] = any, T = unknown> = (ask: Ask, ...args: A) => T

const same = (value: unknown): unknown => value

/** Asks and waits for every answer. */
export const sync = <A extends readonly unknown[], T>(core: GuestCore, operation: Operation<A, T>): ((...args: A) => T) => {
  const { call } = core
  const put = (question: Question): unknown => {
    switch (question.length) {
      case 2:
        return call(question[0], question[1])
      case 3:
        return call(question[0], question[1], question[2])
      default:
        return call(...(question as [string, ...unknown[]]))
    }
  }
  const ask = (question: Question, then?: (answer: unknown) => unknown, otherwise?: (error: unknown) => unknown): unknown => {
    let answer: unknown
    try {
      answer = put(question)
    } catch (error) {
      if (otherwise === undefined) throw error
      return otherwise(error)
    }
    return then === undefined ? answer : then(answer)
  }
  // No function here takes more, and a list of the rest would cost more than all of them.
  const run = (a: unknown, b: unknown, c: unknown, d: unknown, e: unknown): T => (operation as Operation<any, T>)(ask as Ask, a, b, c, d, e)
  return run as (...args: any) => T
}

/** Asks and promises the result. */
export const promise = <A extends readonly unknown[], T>(core: GuestCore, operation: Operation<A, T>) => {
  const { callAsync } = core
  const ask = async (question: Question, then: (answer: unknown) => unknown = same, otherwise?: (error: unknown) => unknown): Promise<unknown> => {
    let answer: unknown
    try {
      answer = await callAsync(...(question as [string, ...unknown[]]))
    } catch (error) {
      if (otherwise === undefined) throw error
      return otherwise(error)
    }
    return then(answer)
  }
  return async (...args: A): Promise<Awaited<T>> => await operation(ask as Ask, ...args)
}

/** Asks and hands the result to the last argument, a callback `(error, value)`. */
export const callback = <A extends readonly unknown[]>(core: GuestCore, operation: Operation<A>) => {
  const promised = promise(core, operation)
  return (...args: unknown[]): void => {
    const done = args[args.length - 1]
    if (typeof done !== 'function') {
      throw Object.assign(new TypeError('The "cb" argument must be of type function'), { code: 'ERR_INVALID_ARG_TYPE' })
    }
    promised(...(args.slice(0, -1) as unknown as A)).then(
      (value) => done(null, value),
      (error: unknown) => done(error),
    )
  }
}
