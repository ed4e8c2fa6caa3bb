type Target = { addEventListener(type: string, callback: (event: { readonly currentTarget: object; preventDefault(): void }) => void): void }

interface Handler {
  value: unknown
}

interface HandlerOptions {
  /** Called as well whenever a handler is set. */
  readonly onSet?: (target: object) => void
  /** What the handler is called with, and what it must return to prevent the default. @default the event, `false` */
  readonly error?: (event: never) => readonly unknown[]
}

/**
 * Makes the getter and setter of an attribute such as `onabort`: HTML Standard, section 8.1.8.1.
 * `check` throws for a receiver that has none.
 */
export function handlerAttribute(type: string, check: (target: unknown) => object, { onSet, error }: HandlerOptions = {}): PropertyDescriptor {
  const handlers = new WeakMap<object, Handler>()
  const name = `on${type}`
  const accessors = {
    get [name](): unknown {
      return handlers.get(check(this))?.value ?? null
    },
    set [name](given: unknown) {
      const target = check(this)
      const value = (typeof given === 'object' && given !== null) || typeof given === 'function' ? given : null
      const handler = handlers.get(target)
      if (handler !== undefined) handler.value = value
      else if (value !== null) listen(target as Target & object, value)
      onSet?.(target)
    },
  }
  const listen = (target: Target & object, value: unknown): void => {
    const handler: Handler = { value }
    handlers.set(target, handler)
    target.addEventListener(type, (event) => {
      const run = handler.value
      if (typeof run !== 'function') return
      if (error === undefined) {
        if (run.call(event.currentTarget, event) === false) event.preventDefault()
      } else if (run.apply(event.currentTarget, error(event as never)) === true) event.preventDefault()
    })
  }
  return { ...Object.getOwnPropertyDescriptor(accessors, name)!, enumerable: true, configurable: true }
}
