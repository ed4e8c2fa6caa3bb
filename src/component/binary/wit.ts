import type { Extern, ExternFunction, ExternInterface, NamedType, ValueType, World } from '../world.js'

/**
 * Prints what a component imports and exports in the interface language, its interfaces by package.
 * @see https://github.com/WebAssembly/component-model/blob/main/design/mvp/WIT.md
 */
export function printWit({ imports, exports }: World): string {
  const lines = ['package root:component;', '', 'world root {']
  for (const [verb, externs] of [['import', imports], ['export', exports]] as const) {
    if (verb === 'export' && imports.length > 0 && exports.length > 0) lines.push('')
    for (const extern of externs) lines.push(...printExtern(verb, extern))
  }
  lines.push('}')
  const packages = new Map<string, ExternInterface[]>()
  for (const extern of [...imports, ...exports]) {
    if (extern.kind === 'function' || !extern.name.includes('/')) continue
    const { id } = split(extern.name)
    const known = packages.get(id) ?? []
    if (!known.some(({ name }) => name === extern.name)) packages.set(id, [...known, extern])
  }
  for (const [id, interfaces] of packages) {
    lines.push('', `package ${id} {`)
    for (const each of interfaces) lines.push(...indent([`interface ${word(split(each.name).local)} {`, ...indent(printInterface(each)), '}']))
    lines.push('}')
  }
  return `${lines.join('\n')}\n`
}

function printExtern(verb: string, extern: Extern): string[] {
  if (extern.kind === 'function') return indent([...printDocs(extern), `${verb} ${word(extern.name)}: ${printFunction(extern)};`])
  if (extern.name.includes('/')) return indent([`${verb} ${extern.name};`])
  return indent([`${verb} ${word(extern.name)}: interface {`, ...indent(printInterface(extern)), '}'])
}

function printInterface({ name, functions, types, resources }: ExternInterface): string[] {
  const lines: string[] = []
  for (const type of types) {
    if (type.from === undefined) lines.push(...printDefinition(type))
    else lines.push(`use ${elsewhere(type.from, name)}.{${type.type.kind === 'own' && type.type.resource !== type.name ? `${word(type.type.resource)} as ` : ''}${word(type.name)}};`)
  }
  for (const resource of resources) {
    const members = functions.filter((each) => memberOf(each.name)?.resource === resource)
    if (members.length === 0) lines.push(`resource ${word(resource)};`)
    else lines.push(`resource ${word(resource)} {`, ...indent(members.flatMap(printMember)), '}')
  }
  for (const each of functions) if (memberOf(each.name) === undefined) lines.push(...printDocs(each), `${word(each.name)}: ${printFunction(each)};`)
  return lines
}

function printMember(member: ExternFunction): string[] {
  const { kind, name } = memberOf(member.name)!
  if (kind === 'constructor') return [...printDocs(member), `constructor(${printParams(member.params)});`]
  const own = kind === 'method' ? { ...member, params: member.params.slice(1) } : member
  return [...printDocs(member), `${word(name)}: ${kind === 'static' ? 'static ' : ''}${printFunction(own)};`]
}

/** Comments line by line; what is no plain character is left out, as it is shown. */
const printDocs = ({ docs }: ExternFunction): string[] => (docs === undefined ? [] : docs.split('\n').map((line) => `/// ${line.replace(/[^\P{C}\t]/gu, '')}`.trimEnd()))

function memberOf(name: string): { readonly kind: string; readonly resource: string; readonly name: string } | undefined {
  const [, kind, resource, member] = /^\[(constructor|method|static)\]([^.]+)(?:\.(.+))?$/.exec(name) ?? []
  return kind === undefined || resource === undefined ? undefined : { kind, resource, name: member ?? '' }
}

const printFunction = ({ params, result, isAsync }: ExternFunction): string =>
  `${isAsync === true ? 'async ' : ''}func(${printParams(params)})${result === undefined ? '' : ` -> ${print(result)}`}`

const printParams = (params: readonly NamedType[]): string => params.map(({ name, type }) => `${word(name)}: ${print(type)}`).join(', ')

function printDefinition({ name, type }: NamedType): string[] {
  switch (type.kind) {
    case 'record': return [`record ${word(name)} {`, ...indent(type.fields.map((field) => `${word(field.name)}: ${print(field.type)},`)), '}']
    case 'variant': return [`variant ${word(name)} {`, ...indent(type.cases.map((each) => `${word(each.name)}${each.type === undefined ? '' : `(${print(each.type)})`},`)), '}']
    case 'enum':
    case 'flags': return [`${type.kind} ${word(name)} {`, ...indent(type.names.map((each) => `${word(each)},`)), '}']
    default: return [`type ${word(name)} = ${printShape(type)};`]
  }
}

const print = (type: ValueType): string => (type.name === undefined ? printShape(type) : word(type.name))

function printShape(type: ValueType): string {
  switch (type.kind) {
    case 'list': return `list<${print(type.element)}${type.length === undefined ? '' : `, ${type.length}`}>`
    case 'option': return `option<${print(type.some)}>`
    case 'result': return printResult(type.ok, type.error)
    case 'tuple': return `tuple<${type.items.map(print).join(', ')}>`
    case 'own': return word(type.resource)
    case 'borrow': return `borrow<${word(type.resource)}>`
    case 'stream':
    case 'future': return type.element === undefined ? type.kind : `${type.kind}<${print(type.element)}>`
    // Such a type always has a name in a component that was made of WIT.
    case 'record': return `record { ${type.fields.map((field) => `${word(field.name)}: ${print(field.type)}`).join(', ')} }`
    case 'variant': return `variant { ${type.cases.map((each) => `${word(each.name)}${each.type === undefined ? '' : `(${print(each.type)})`}`).join(', ')} }`
    case 'enum':
    case 'flags': return `${type.kind} { ${type.names.map(word).join(', ')} }`
    default: return type.kind
  }
}

function printResult(ok: ValueType | undefined, error: ValueType | undefined): string {
  if (error !== undefined) return `result<${ok === undefined ? '_' : print(ok)}, ${print(error)}>`
  return ok === undefined ? 'result' : `result<${print(ok)}>`
}

/** `acme:text/slug@1.0.0`: the package with its version, and the interface. */
function split(name: string): { readonly id: string; readonly local: string } {
  const [path = '', version] = name.split('@')
  const slash = path.lastIndexOf('/')
  return { id: `${path.slice(0, slash)}${version === undefined ? '' : `@${version}`}`, local: path.slice(slash + 1) }
}

/** Another interface as it is named from here. */
const elsewhere = (other: string, here: string): string => (split(other).id === split(here).id ? split(other).local : other)

const KEYWORDS = new Set([
  'as', 'async', 'bool', 'borrow', 'char', 'constructor', 'enum', 'export', 'f32', 'f64', 'flags', 'from', 'func', 'future', 'import', 'include', 'interface',
  'list', 'option', 'own', 'package', 'record', 'resource', 'result', 's16', 's32', 's64', 's8', 'static', 'stream', 'string', 'tuple', 'type', 'u16', 'u32',
  'u64', 'u8', 'use', 'variant', 'with', 'world',
])

const word = (name: string): string => (KEYWORDS.has(name) ? `%${name}` : name)

const indent = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)
