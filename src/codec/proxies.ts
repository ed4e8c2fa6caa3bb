import { weakAdd, weakHas } from './builtins.js'

/**
 * Replaces `scope.Proxy` by one that remembers what it makes, and returns the test for it: no trap tells a proxy from
 * its target, and the language has no other way to know one. To be called before any other code of the realm runs.
 */
export function watchProxies(scope: { Proxy: ProxyConstructor }): (value: object) => boolean {
  const Native = scope.Proxy
  const { apply, construct, defineProperty } = Reflect
  const made = new WeakSet<object>()
  const { revocable } = Native
  let any = false
  const remember = <T extends object>(proxy: T): T => {
    any = true
    weakAdd(made, proxy)
    return proxy
  }
  // A function expression, since Proxy is a constructor without a `prototype`; `new.target` makes it refuse plain calls.
  const Watched = function Proxy(this: unknown, target: object, handler: ProxyHandler<object>) {
    if (new.target === undefined) throw new TypeError("Constructor Proxy requires 'new'")
    return remember(construct(Native, [target, handler]) as object)
  }
  defineProperty(Watched, 'name', { value: 'Proxy', writable: false, enumerable: false, configurable: true })
  defineProperty(Watched, 'prototype', { value: undefined, writable: false })
  defineProperty(Watched, 'revocable', {
    value: { revocable(target: object, handler: ProxyHandler<object>) {
      const pair = apply(revocable, Native, [target, handler]) as { proxy: object; revoke: () => void }
      remember(pair.proxy)
      return pair
    } }.revocable,
    writable: true, enumerable: false, configurable: true,
  })
  defineProperty(scope, 'Proxy', { value: Watched, writable: true, enumerable: false, configurable: true })
  return (value) => any && weakHas(made, value)
}
