import { inspect } from 'node:util'
import { neutralise } from './neutralise.js'

/** Objects that a shown value may name, however often it names each. */
const MOST_NODES = 20_000
const DEEPEST = 12
const MOST_ITEMS = 100
const MOST_CHARACTERS = 1 << 20

/**
 * A guest's value for a person: a text as it is, anything else as `util.inspect` shows it, with terminal controls
 * written out. A value that refers to the same objects over and over is shown less deeply, not for ever.
 */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return neutralise(value)
  for (const error of errorsIn(value)) giveHeading(error)
  let depth = DEEPEST
  while (depth > 0 && countNodes(value, depth) > MOST_NODES) depth--
  const shown = inspect(value, { depth, customInspect: false, maxArrayLength: MOST_ITEMS, maxStringLength: 10_000, breakLength: 100, colors: false })
  const more = shown.length - MOST_CHARACTERS
  return neutralise(more > 0 ? `${shown.slice(0, MOST_CHARACTERS)}… [${more} more characters; --json has them all]` : shown)
}

/** How many objects a tree view to `depth` has: shared objects count each time, and are walked once for each depth. */
function countNodes(value: unknown, depth: number, known = new Map<object, number[]>()): number {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return 1
  const counts = known.get(value) ?? []
  known.set(value, counts)
  if (counts[depth] !== undefined) return counts[depth]
  // What leads back to itself is shown as a reference.
  counts[depth] = 1
  if (depth === 0) return 1
  let count = 1
  for (const member of membersOf(value)) {
    count += countNodes(member, depth - 1, known)
    if (count > MOST_NODES) break
  }
  return (counts[depth] = count)
}

function errorsIn(value: unknown): readonly Error[] {
  const seen = new Set<object>()
  const pending: unknown[] = [value]
  while (pending.length > 0) {
    const next = pending.pop()
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next) || seen.has(next)) continue
    seen.add(next)
    pending.push(...membersOf(next))
  }
  return [...seen].filter((each) => each instanceof Error)
}

/** A guest's stack has frames only, and some are of glovebox itself; `inspect` shows nothing of an error but its stack. */
function giveHeading(error: Error): void {
  const { name, message, stack } = error as { readonly name: unknown; readonly message: unknown; readonly stack?: unknown }
  const heading = `${typeof name === 'string' ? name : 'Error'}: ${typeof message === 'string' ? message : ''}`
  const text = typeof stack === 'string' ? stack : ''
  const frames = text.split('\n').filter((line) => /^\s*at /.test(line) && !line.includes('glovebox:'))
  Object.defineProperty(error, 'stack', { value: [heading, ...frames].join('\n'), configurable: true })
}

/** Everything of an object that `inspect` shows. */
function membersOf(value: object): readonly unknown[] {
  if (value instanceof Map) return [...value].slice(0, MOST_ITEMS).flat()
  if (value instanceof Set) return [...value].slice(0, MOST_ITEMS)
  const read = (key: string): unknown => (value as Readonly<Record<string, unknown>>)[key]
  // Of an error `cause` and `errors` are shown, which are not enumerable.
  if (value instanceof Error) return Object.getOwnPropertyNames(value).map(read)
  if (Array.isArray(value)) return [...value.slice(0, MOST_ITEMS), ...Object.keys(value).filter((key) => !/^\d+$/.test(key)).map(read)]
  return Object.values(value)
}
