import { toDocComment, toLiteral, toMemberName } from './declare-text.js'

type Schema = Readonly<Record<string, unknown>>

/** Deeper types are `unknown`. */
const MOST_DEPTH = 12
/** Types of one schema; the rest is `unknown`. */
const MOST_TYPES = 2000
/** Members of one object and literals of one enumeration. */
const MOST_MEMBERS = 500

/** Keywords told in doc comments as tags. */
const TAGS = ['default', 'format', 'pattern', 'minimum', 'maximum', 'minLength', 'maxLength', 'minItems', 'maxItems'] as const

/** Types that JSON Schema has no word for and our wire format carries, by the key `NATIVE` of a schema. */
export const NATIVE = 'x-glovebox-type'
export const NATIVE_TYPES: ReadonlySet<string> = new Set([
  'Date', 'bigint', 'undefined', 'void', 'Map<unknown, unknown>', 'Set<unknown>',
  'Uint8Array', 'Int8Array', 'Uint16Array', 'Int16Array', 'Uint32Array', 'Int32Array', 'BigUint64Array', 'BigInt64Array', 'Float32Array', 'Float64Array',
])

interface Place {
  readonly depth: number
  readonly indent: string
  /** Aliases whose own definition is here, not within a member of it: naming one of them would be a circle. */
  readonly open: ReadonlySet<string>
}

/**
 * Turns one JSON Schema into TypeScript. What is referred to becomes a named type, so recursion ends; what is not
 * understood, too deep or too much becomes `unknown`, which is never wrong.
 * @see JSON Schema 2020-12, core and validation
 */
export class TypeWriter {
  /** Definitions of the named types, in the order of first use. */
  readonly aliases: string[] = []
  readonly #root: unknown
  readonly #toName: (hint: string) => string
  readonly #names = new Map<string, string>()
  #types = 0

  /** `toName` gives a type name that nobody else has. */
  constructor(root: unknown, toName: (hint: string) => string) {
    this.#root = root
    this.#toName = toName
  }

  write(indent: string): string {
    const type = this.#type(this.#root, { depth: 0, indent, open: new Set() })
    return this.#names.get('#') ?? type
  }

  #type(schema: unknown, place: Place): string {
    if (schema === false) return 'never'
    if (!isSchema(schema) || place.depth > MOST_DEPTH || ++this.#types > MOST_TYPES) return 'unknown'
    const native = schema[NATIVE]
    if (typeof native === 'string' && NATIVE_TYPES.has(native)) return native
    if (typeof schema['$ref'] === 'string') return this.#reference(schema['$ref'], place)
    if (isSchema(schema['not']) && Object.keys(schema['not']).length === 0) return 'never'
    const parts = this.#parts(schema, place)
    const type = parts.length === 0 ? 'unknown' : parts.length === 1 ? parts[0]! : parts.map(parenthesise).join(' & ')
    return schema['nullable'] === true ? union([type, 'null']) : type
  }

  /** What a schema says in several ways at once, each a type of its own. */
  #parts(schema: Schema, place: Place): string[] {
    const parts: string[] = []
    if ('const' in schema) return [toLiteral(schema['const']) ?? 'unknown']
    if (Array.isArray(schema['enum'])) return [schema['enum'].length > MOST_MEMBERS ? 'unknown' : union(schema['enum'].map((value) => toLiteral(value) ?? 'unknown'))]
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = schema[keyword]
      if (Array.isArray(branches)) parts.push(union(branches.map((branch) => this.#type(branch, deeper(place)))))
    }
    if (Array.isArray(schema['allOf'])) parts.push(...schema['allOf'].map((branch) => this.#type(branch, deeper(place))))
    const own = this.#ownType(schema, place)
    return (own === undefined ? parts : [own, ...parts]).filter((part) => part !== 'unknown')
  }

  #ownType(schema: Schema, place: Place): string | undefined {
    const { type } = schema
    if (Array.isArray(type)) return union(type.map((each) => this.#ownType({ ...schema, type: each }, place) ?? 'unknown'))
    switch (type ?? guessType(schema)) {
      case 'string':
      case 'boolean':
      case 'null':
      case 'number':
        return type as string
      case 'integer':
        return 'number'
      case 'array':
        return this.#array(schema, within(place))
      case 'object':
        return this.#object(schema, within(place))
      default:
        return undefined
    }
  }

  #array(schema: Schema, place: Place): string {
    const fixed = schema['prefixItems'] ?? (Array.isArray(schema['items']) ? schema['items'] : undefined)
    if (!Array.isArray(fixed)) return `${parenthesise(this.#type(schema['items'] ?? true, place))}[]`
    const least = typeof schema['minItems'] === 'number' ? schema['minItems'] : fixed.length
    const items = fixed.map((item, index) => `${parenthesise(this.#type(item, place))}${index < least ? '' : '?'}`)
    const rest = Array.isArray(schema['items']) ? schema['additionalItems'] : schema['items']
    if (rest !== undefined && rest !== false) items.push(`...${parenthesise(this.#type(rest, place))}[]`)
    return `[${items.join(', ')}]`
  }

  #object(schema: Schema, place: Place): string {
    const all = isSchema(schema['properties']) ? Object.entries(schema['properties']) : []
    const properties = all.slice(0, MOST_MEMBERS)
    const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
    const inner = { ...place, indent: `${place.indent}  ` }
    const members = properties.map(([name, property]) => {
      const type = this.#type(property, inner)
      return `${toDocComment(describe(property), inner.indent)}${inner.indent}${toMemberName(name)}${required.has(name) ? '' : '?'}: ${type}\n`
    })
    const others = schema['additionalProperties']
    if (isSchema(others) || others === true || isSchema(schema['patternProperties']) || all.length > properties.length) {
      // An index signature must hold for the named members, too.
      const type = members.length === 0 && isSchema(others) && !isSchema(schema['patternProperties']) ? this.#type(others, inner) : 'unknown'
      members.push(`${inner.indent}[key: string]: ${type}\n`)
    }
    return members.length === 0 ? '{}' : `{\n${members.join('')}${place.indent}}`
  }

  #reference(pointer: string, place: Place): string {
    const target = this.#follow(pointer)
    if (target === undefined) return 'unknown'
    const known = this.#names.get(target.pointer)
    if (known !== undefined) return place.open.has(known) ? 'unknown' : known
    const name = this.#toName(target.pointer === '#' ? '' : target.pointer.slice(target.pointer.lastIndexOf('/') + 1))
    this.#names.set(target.pointer, name)
    const type = this.#type(target.schema, { depth: place.depth + 1, indent: '', open: new Set([...place.open, name]) })
    this.aliases.push(`${toDocComment(describe(target.schema), '')}type ${name} = ${type}\n`)
    return name
  }

  /** What a pointer into this very schema means in the end; undefined for a circle and for what lies elsewhere. */
  #follow(first: string): { readonly pointer: string; readonly schema: unknown } | undefined {
    const seen = new Set<string>()
    for (let pointer = first; !seen.has(pointer); ) {
      seen.add(pointer)
      if (pointer !== '#' && !pointer.startsWith('#/')) return undefined
      const schema = pointer.split('/').slice(1).reduce<unknown>((at, part) => {
        const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
        return (isSchema(at) || Array.isArray(at)) && Object.hasOwn(at, key) ? (at as Schema)[key] : undefined
      }, this.#root)
      if (schema === undefined) return undefined
      if (!isSchema(schema) || typeof schema['$ref'] !== 'string') return { pointer, schema }
      pointer = schema['$ref']
    }
    return undefined
  }
}

/** What a schema says about itself, a line each. */
export function describe(schema: unknown): readonly string[] {
  if (!isSchema(schema)) return []
  const { title, description, deprecated } = schema
  const lines = [description ?? title].filter((text): text is string => typeof text === 'string')
  for (const tag of TAGS) if (Object.hasOwn(schema, tag) && !isImplied(tag, schema)) lines.push(`@${tag} ${JSON.stringify(schema[tag])}`)
  return deprecated === true ? [...lines, '@deprecated'] : lines
}

/** The bounds of every whole number, and the length of a tuple, are in the type already. */
function isImplied(tag: (typeof TAGS)[number], schema: Schema): boolean {
  return Math.abs(Number(schema[tag])) === Number.MAX_SAFE_INTEGER || (tag.endsWith('Items') && Array.isArray(schema['prefixItems']))
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function guessType(schema: Schema): string | undefined {
  if ('properties' in schema || 'additionalProperties' in schema) return 'object'
  return 'items' in schema || 'prefixItems' in schema ? 'array' : undefined
}

function deeper(place: Place): Place {
  return { ...place, depth: place.depth + 1 }
}

/** In a member of an object or an item of an array a type may name itself. */
function within(place: Place): Place {
  return { ...place, depth: place.depth + 1, open: new Set() }
}

function union(types: readonly string[]): string {
  const different = [...new Set(types)].filter((type) => type !== 'never')
  if (different.includes('unknown')) return 'unknown'
  return different.length === 0 ? 'never' : different.length === 1 ? different[0]! : different.join(' | ')
}

/** In brackets, unless it is one word, one object or one list already. */
function parenthesise(type: string): string {
  return / [|&] /.test(outermost(type)) ? `(${type})` : type
}

/** A type without what stands in braces, brackets and quotes. */
function outermost(type: string): string {
  let depth = 0
  let text = ''
  for (const piece of type.match(/"(?:[^"\\]|\\.)*"|\/\*\*[^]*?\*\/|[^]/g) ?? []) {
    if (piece === '{' || piece === '[' || piece === '(') depth++
    if (depth === 0 && piece.length === 1) text += piece
    if (piece === '}' || piece === ']' || piece === ')') depth--
  }
  return text
}
