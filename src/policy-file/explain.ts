import { suggestion } from './nearest.js'

/** What zod says is wrong, as far as it is read here. */
export interface Issue {
  readonly code?: string | undefined
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
  readonly values?: readonly unknown[]
  readonly options?: readonly unknown[]
  readonly errors?: readonly (readonly Issue[])[]
}

type JsonSchema = { readonly [key: string]: unknown }

/** One sentence for each issue: where, what is there, what is expected, and the name that was probably meant. */
export function explain(issues: readonly Issue[], value: unknown, schema: JsonSchema): readonly string[] {
  return issues.flatMap((issue) => flatten(issue)).map((issue) => {
    const place = toPlace(issue.path)
    const found = at(value, issue.path)
    const shown = issue.path.includes('headers') ? typeName(found) : show(found)
    const named = place === '' ? 'the policy' : place
    if (issue.keys !== undefined) {
      const known = keysAt(schema, issue.path)
      const where = place === '' ? '' : ` in ${place}`
      return issue.keys.map((key) => `unknown key ${JSON.stringify(key)}${where}${suggestion(key, known) || `; use one of ${known.join(', ') || 'none'}`}`).join(', ')
    }
    const expected = (issue.values ?? issue.options)?.filter((each) => each !== undefined && each !== null).map((each) => JSON.stringify(each))
    if (expected !== undefined && expected.length > 0) {
      const meant = typeof found === 'string' ? suggestion(found, expected.map((each) => JSON.parse(each) as string)) : ''
      return `${named} is ${shown}: expected ${expected.join(' or ')}${meant}`
    }
    if (issue.code === 'invalid_key') return `${place} is no key of its kind: a guest path starts with "/"`
    if (found === undefined) return `${named} is missing`
    return `${named} is ${shown}: ${issue.message.replace(/^Invalid (?:input|string): /, '').replace(/, received .*$/, '')}`
  })
}

/** Of a union the branch with the least wrong is the one that was meant. */
function flatten(issue: Issue, base: readonly PropertyKey[] = []): readonly Issue[] {
  const path = [...base, ...issue.path]
  if (issue.errors === undefined || issue.errors.length === 0) return [{ ...issue, path }]
  const branches = issue.errors.map((errors) => errors.flatMap((each) => flatten(each, path)))
  // A branch that wants another type altogether is not the one; one that got further in is.
  const weigh = (each: Issue): number => (each.code === 'invalid_type' && each.path.length === path.length ? 5 : (each.keys?.length ?? 1) - each.path.length / 100)
  const wrong = (branch: readonly Issue[]): number => branch.reduce((sum, each) => sum + weigh(each), 0)
  const [best = []] = [...branches].sort((a, b) => wrong(a) - wrong(b))
  // A misspelt key explains the one that is missing.
  const unknown = best.filter(({ keys }) => keys !== undefined)
  return unknown.length > 0 ? unknown : best
}

/** Keys that an object at `path` may have, in any branch. */
function keysAt(schema: JsonSchema, path: readonly PropertyKey[]): readonly string[] {
  let level: readonly JsonSchema[] = spread(schema)
  for (const part of path) {
    level = level.flatMap((each) => {
      const properties = (each['properties'] ?? {}) as Record<string, JsonSchema>
      const next = typeof part === 'number' ? each['items'] : Object.hasOwn(properties, part) ? properties[String(part)] : each['additionalProperties']
      return typeof next === 'object' && next !== null ? spread(next as JsonSchema) : []
    })
  }
  return [...new Set(level.flatMap((each) => Object.keys((each['properties'] ?? {}) as object)))]
}

function spread(schema: JsonSchema): readonly JsonSchema[] {
  const branches = [...((schema['anyOf'] ?? []) as JsonSchema[]), ...((schema['oneOf'] ?? []) as JsonSchema[])]
  return branches.length === 0 ? [schema] : branches.flatMap(spread)
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, part) => (typeof inner === 'object' && inner !== null && Object.hasOwn(inner, part) ? (inner as Record<PropertyKey, unknown>)[part] : undefined), value)
}

function toPlace(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (index > 0 && typeof part === 'string' && /^\w+$/.test(part) ? `.${part}` : index === 0 ? String(part) : `[${JSON.stringify(part)}]`)).join('')
}

function show(value: unknown): string {
  if (typeof value === 'object' && value !== null) return typeName(value)
  const text = JSON.stringify(value) ?? 'missing'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

/** What stands where a credential is named may be the credential itself, so it is never quoted. */
function typeName(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}
