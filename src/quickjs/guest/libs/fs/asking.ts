import type { GuestCore } from '../../core.js'

/** A host operation to call, with its arguments. */
export type Question = readonly [operation: string, ...args: unknown[]]

/** A function of the library, written once: it yields what to ask the host and is sent the answers. */
export type Asking<T = unknown> = Generator<Question, T, unknown>

/** Asks and waits for every answer. */
export const sync = <A extends readonly unknown[], T>(core: GuestCore, ask: (...args: A) => Asking<T>) => (...args: A): T => {
  const steps = ask(...args)
  let step = steps.next()
  while (!step.done) {
    let answer: unknown
    try {
      answer = core.call(...(step.value as [string, ...unknown[]]))
    } catch (error) {
      step = steps.throw(error)
      continue
    }
    step = steps.next(answer)
  }
  return step.value
}

/** Asks and promises the result. */
export const promise = <A extends readonly unknown[], T>(core: GuestCore, ask: (...args: A) => Asking<T>) => async (...args: A): Promise<T> => {
  const steps = ask(...args)
  let step = steps.next()
  while (!step.done) {
    let answer: unknown
    try {
      answer = await core.callAsync(...(step.value as [string, ...unknown[]]))
    } catch (error) {
      step = steps.throw(error)
      continue
    }
    step = steps.next(answer)
  }
  return step.value
}

/** Asks and hands the result to the last argument, a callback `(error, value)`. */
export const callback = <A extends readonly unknown[]>(core: GuestCore, ask: (...args: A) => Asking) => (...args: unknown[]): void => {
  const done = args[args.length - 1]
  if (typeof done !== 'function') {
    throw Object.assign(new TypeError('The "cb" argument must be of type function'), { code: 'ERR_INVALID_ARG_TYPE' })
  }
  promise(core, ask)(...(args.slice(0, -1) as unknown as A)).then(
    (value) => done(null, value),
    (error: unknown) => done(error),
  )
}
