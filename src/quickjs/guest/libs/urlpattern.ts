import { URLPattern } from 'urlpattern-polyfill/urlpattern'
import type { GuestCore } from '../core.js'

/** `URLPattern` of the URL Pattern Standard. */
export default (_core: GuestCore) => {
  Object.defineProperty(URLPattern, 'name', { value: 'URLPattern', configurable: true })
  const { prototype } = URLPattern
  for (const name of Object.getOwnPropertyNames(prototype)) {
    if (name !== 'constructor') Object.defineProperty(prototype, name, { enumerable: true })
  }
  for (const name of ['test', 'exec'] as const) Object.defineProperty(prototype[name], 'length', { value: 0, configurable: true })
  return { URLPattern }
}
