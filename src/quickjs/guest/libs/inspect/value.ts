import { hiddenKeys, showError } from './error.js'
import { classOf, isBuffer, isDate, isError, isFields, isMap, isRegExp, isSet, ownValue, showBytes, showFunction, tagOf, toBoxed } from './kinds.js'
import { layOut } from './layout.js'
import { type Context, type InspectOptions, type Style, toContext } from './options.js'
import { showKey, showPrimitive } from './primitive.js'

const CUSTOM = Symbol.for('nodejs.util.inspect.custom')

/** One value as text. Getters are not run, cycles are marked, and what cannot be read says so. */
export function show(value: unknown, context: Context, level: number): string {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return showPrimitive(value, context)
  if (context.path.includes(value)) {
    const number = context.circular.get(value) ?? context.circular.size + 1
    context.circular.set(value, number)
    return context.stylize(`[Circular *${number}]`, 'special')
  }
  try {
    return (context.customInspect ? showCustom(value, context, level) : undefined) ?? showObject(value, context, level)
  } catch {
    // A revoked proxy, a trap that throws: the program that logs it goes on.
    return context.stylize('[unreadable object]', 'special')
  }
}

function showCustom(value: object, context: Context, level: number): string | undefined {
  for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    const custom = ownValue(at, CUSTOM)
    if (typeof custom !== 'function') continue
    if (value === (value as { readonly constructor?: { readonly prototype?: unknown } }).constructor?.prototype) return undefined
    const depth = context.asked.depth === null ? null : context.depth - level
    const { stylize, compact, breakLength, maxArrayLength, maxStringLength, sorted, getters, showHidden, numericSeparator, customInspect } = context
    const options = { compact: compact === 0 ? false : compact, breakLength, maxArrayLength, maxStringLength, sorted, getters, showHidden, numericSeparator, customInspect, colors: false, showProxy: false, ...context.asked, stylize, depth }
    const shown: unknown = custom.call(value, depth, options, (inner: unknown, more?: object) => inspectWithin(inner, more ?? {}, context))
    if (shown === value) return undefined
    return typeof shown === 'string' ? shown.replaceAll('\n', '\n' + ' '.repeat(context.indentation)) : show(shown, context, level)
  }
  return undefined
}

/** What an object that shows itself asks to be shown of its parts: they stand in what is being shown already. */
function inspectWithin(value: unknown, options: InspectOptions, outer: Context): string {
  const { budget, path, circular } = outer
  const context = { ...toContext(options), budget, path, circular }
  const text = show(value, context, 0)
  outer.budget = context.budget
  return text
}

interface Shape {
  readonly prefix: string
  readonly brackets: readonly [string, string]
  readonly base?: string
  /** Shown when there is nothing to list. */
  readonly empty: string
  readonly isList: boolean
  readonly hidden?: readonly string[]
  readonly items?: (context: Context, level: number) => { readonly entries: string[]; readonly hasMore: boolean }
  /** Keys that `items` shows already. */
  readonly indexed?: boolean
}

function showObject(value: object, context: Context, level: number): string {
  const shape = shapeOf(value, context)
  const keys = keysOf(value, shape, context)
  if (shape.items === undefined && keys.length === 0) return shape.empty
  if (level > context.depth) return context.stylize(`[${classOf(value) ?? 'Object: null prototype'}${tagOf(value, classOf(value))}]`, 'special')
  if (context.budget-- <= 0) return '[...]'
  context.path.push(value)
  context.level = level
  context.indentation += 2
  const { entries, hasMore } = shape.items?.(context, level) ?? { entries: [], hasMore: false }
  for (const key of keys) {
    if (context.budget-- <= 0) {
      entries.push('...')
      break
    }
    entries.push(showProperty(value, key, context, level))
  }
  context.indentation -= 2
  context.path.pop()
  if (entries.length === 0) return shape.empty
  if (context.sorted !== false) {
    const order = context.sorted === true ? undefined : context.sorted
    const kept = shape.isList ? entries.length - keys.length : 0
    entries.push(...entries.splice(kept).sort(order))
  }
  const { prefix, brackets, base, isList } = shape
  const text = layOut({ prefix, brackets, entries, level, isList, hasMore, ...(base === undefined ? {} : { base }) }, context)
  const number = context.circular.get(value)
  return number === undefined ? text : `${context.stylize(`<ref *${number}>`, 'special')} ${text}`
}

function showProperty(value: object, key: string | symbol, context: Context, level: number): string {
  const descriptor = Object.getOwnPropertyDescriptor(value, key) ?? { value: undefined, enumerable: true }
  const { get, set, enumerable } = descriptor
  const text = get !== undefined ? showGetter(value, get, set, context, level) : set !== undefined ? context.stylize('[Setter]', 'special') : show(descriptor.value, context, level + 1)
  return `${showKey(key, context, enumerable)}: ${text}`
}

function showGetter(value: object, get: () => unknown, set: unknown, context: Context, level: number): string {
  const { getters, stylize } = context
  const label = set === undefined ? 'Getter' : 'Getter/Setter'
  if (getters !== true && getters !== (set === undefined ? 'get' : 'set')) return stylize(`[${label}]`, 'special')
  try {
    const got: unknown = get.call(value)
    if (typeof got === 'object' && got !== null) return `${stylize(`[${label}]`, 'special')} ${show(got, context, level + 1)}`
    return `${stylize(`[${label}:`, 'special')} ${show(got, context, level + 1)}${stylize(']', 'special')}`
  } catch (error) {
    return stylize(`[${label}: <Inspection threw (${String((error as { readonly message?: unknown } | null)?.message)})>]`, 'special')
  }
}

function keysOf(value: object, { hidden, indexed }: Shape, context: Context): (string | symbol)[] {
  if (context.showHidden) {
    const all = Reflect.ownKeys(value).filter((key) => !(typeof key === 'string' && indexed === true && (isIndex(key) || ArrayBuffer.isView(value))))
    return typeof value === 'function' ? all.filter((key) => key !== 'prototype' || (value as { readonly prototype?: unknown }).prototype !== undefined) : all
  }
  const names = indexed === true && !ArrayBuffer.isView(value) ? Object.keys(value).filter((key) => !isIndex(key)) : indexed === true ? [] : Object.keys(value)
  const symbols = Object.getOwnPropertySymbols(value).filter((key) => Object.prototype.propertyIsEnumerable.call(value, key))
  return [...(hidden ?? []), ...names, ...symbols]
}

const isIndex = (key: string): boolean => String(Number(key) >>> 0) === key

function shapeOf(value: object, context: Context): Shape {
  const name = classOf(value)
  const tag = tagOf(value, name)
  const sized = (plain: string, size: number): string => (name === plain ? (plain === 'Array' ? '' : `${plain}(${size}) `) : `${name === null ? `[${plain}(${size}): null prototype]` : `${name}(${size})`}${tag} `)
  const object = { brackets: ['{', '}'] as const, isList: false }
  if (typeof value === 'function') {
    const base = context.stylize(showFunction(value), 'special')
    return { ...object, prefix: '', base, empty: base }
  }
  if (Array.isArray(value)) {
    const prefix = sized('Array', value.length)
    return { prefix, brackets: ['[', ']'], empty: `${prefix}[]`, isList: true, indexed: true, ...(value.length > 0 ? { items: (inner: Context, level: number) => elements(value, inner, level) } : {}) }
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const list = value as unknown as ArrayLike<unknown>
    const prefix = `${name ?? 'TypedArray'}(${list.length}) `
    return { prefix, brackets: ['[', ']'], empty: `${prefix}[]`, isList: true, indexed: true, ...(list.length > 0 ? { items: (inner: Context, level: number) => elements(list, inner, level) } : {}) }
  }
  const fields = name === null ? `[Object: null prototype]${tag} ` : name === 'Object' && tag === '' ? '' : `${name}${tag} `
  if (isFields(value)) return { ...object, prefix: fields, empty: `${fields}{}` }
  if (isMap(value)) {
    const prefix = sized('Map', value.size)
    return { ...object, prefix, empty: `${prefix}{}`, ...(value.size > 0 ? { items: (inner: Context, level: number) => pairs(value, inner, level) } : {}) }
  }
  if (isSet(value)) {
    const prefix = sized('Set', value.size)
    return { ...object, prefix, empty: `${prefix}{}`, ...(value.size > 0 ? { items: (inner: Context, level: number) => members(value, inner, level) } : {}) }
  }
  if (isError(value)) {
    const base = showError(value, context.indentation)
    return { ...object, prefix: '', base, empty: base, hidden: hiddenKeys(value) }
  }
  const base = baseOf(value, context)
  if (base !== undefined) return { ...object, prefix: '', base, empty: base, indexed: true }
  if (isBuffer(value)) {
    return { ...object, prefix: 'ArrayBuffer ', empty: 'ArrayBuffer {}', items: (inner) => ({ entries: [`[Uint8Contents]: ${showBytes(value, inner)}`, `[byteLength]: ${value.byteLength}`], hasMore: false }) }
  }
  if (value instanceof WeakMap || value instanceof WeakSet) return { ...object, prefix: `${name}${tag} `, empty: `${name}${tag} { ${context.stylize('<items unknown>', 'special')} }` }
  const isArguments = tag === '' && Object.prototype.toString.call(value) === '[object Arguments]'
  const prefix = isArguments ? '[Arguments] ' : fields
  return { ...object, prefix, empty: `${prefix}{}` }
}

function baseOf(value: object, context: Context): string | undefined {
  const { stylize } = context
  if (isDate(value)) return stylize(Number.isNaN(Date.prototype.getTime.call(value)) ? 'Invalid Date' : Date.prototype.toISOString.call(value), 'date')
  if (isRegExp(value)) return stylize(RegExp.prototype.toString.call(value), 'regexp')
  const boxed = toBoxed(value)
  return boxed && stylize(`[${boxed.type}: ${showPrimitive(boxed.primitive, { ...context, stylize: (text) => text })}]`, boxed.type.toLowerCase() as Style)
}

const more = (count: number): string => `... ${count} more item${count > 1 ? 's' : ''}`

function elements(list: ArrayLike<unknown>, context: Context, level: number): { entries: string[]; hasMore: boolean } {
  const entries: string[] = []
  const sparse = Array.isArray(list)
  let at = 0
  // Holes are found through the keys: an array of length 2^32-1 takes no longer than what is in it.
  const keys = sparse && list.length > context.maxArrayLength ? Object.keys(list) : undefined
  let next = 0
  while (at < list.length && entries.length < context.maxArrayLength && context.budget-- > 0) {
    if (!sparse || Object.hasOwn(list, at)) {
      const descriptor = sparse ? Object.getOwnPropertyDescriptor(list, at)! : { value: list[at] }
      entries.push('get' in descriptor && descriptor.get !== undefined ? context.stylize('[Getter]', 'special') : show(descriptor.value, context, level + 1))
      at++
      continue
    }
    const start = at
    if (keys === undefined) while (at < list.length && !Object.hasOwn(list, at)) at++
    else {
      while (next < keys.length && isIndex(keys[next]!) && Number(keys[next]) < start) next++
      at = next < keys.length && isIndex(keys[next]!) ? Number(keys[next]) : list.length
    }
    entries.push(context.stylize(`<${at - start} empty item${at - start > 1 ? 's' : ''}>`, 'undefined'))
  }
  const hasMore = at < list.length
  if (hasMore) entries.push(more(list.length - at))
  return { entries, hasMore }
}

function pairs(map: Map<unknown, unknown>, context: Context, level: number): { entries: string[]; hasMore: boolean } {
  const entries: string[] = []
  for (const [key, value] of Map.prototype.entries.call(map) as MapIterator<[unknown, unknown]>) {
    if (entries.length >= context.maxArrayLength || context.budget-- <= 0) return { entries: [...entries, more(map.size - entries.length)], hasMore: true }
    entries.push(`${show(key, context, level + 1)} => ${show(value, context, level + 1)}`)
  }
  return { entries, hasMore: false }
}

function members(set: Set<unknown>, context: Context, level: number): { entries: string[]; hasMore: boolean } {
  const entries: string[] = []
  for (const value of Set.prototype.values.call(set) as SetIterator<unknown>) {
    if (entries.length >= context.maxArrayLength || context.budget-- <= 0) return { entries: [...entries, more(set.size - entries.length)], hasMore: true }
    entries.push(show(value, context, level + 1))
  }
  return { entries, hasMore: false }
}
