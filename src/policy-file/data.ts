import { GloveboxError } from '../errors.js'

const MOST_DEPTH = 16

/**
 * A copy of plain data that shares nothing with the original, so that neither a getter nor a later change can make it
 * say something else than what was checked.
 * @throws GloveboxError `invalid-policy` for anything that JSON has not, and for a key `__proto__`
 */
export function toData(value: unknown, path = '', depth = 0): unknown {
  const refuse = (why: string): never => {
    throw new GloveboxError('invalid-policy', `Cannot use the policy: ${path === '' ? 'it' : path} ${why}`)
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return Number.isFinite(value) ? value : refuse(`is ${value}, which is no JSON`)
  if (typeof value !== 'object') return refuse(`is ${value === undefined ? 'undefined' : `a ${typeof value}`}: expected plain data`)
  if (depth === MOST_DEPTH) return refuse(`is nested deeper than ${MOST_DEPTH} levels`)
  if (Array.isArray(value)) return Array.from(value, (item: unknown, index) => toData(item, `${path}[${index}]`, depth + 1))
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) return refuse('is an object with a class: expected plain data')
  const copy: Record<string, unknown> = {}
  for (const [key, { value: member, get }] of Object.entries(Object.getOwnPropertyDescriptors(value))) {
    const place = path === '' ? key : `${path}[${JSON.stringify(key)}]`
    if (key === '__proto__') refuse('has the key "__proto__", which no policy has')
    if (get !== undefined) refuse(`has an accessor "${key}": expected plain data`)
    // JSON has no undefined: in an object made by code it means that the key is left out.
    if (member !== undefined) copy[key] = toData(member, place, depth + 1)
  }
  return copy
}
