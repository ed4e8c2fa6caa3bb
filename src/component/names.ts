import { GloveboxError } from '../errors.js'

/**
 * What tools give the imports and exports of core modules: `cabi_post_acme:text/slug@1.0.0#slugify`,
 * `[method]output-stream.write`, `cm32p2|acme:text/slug@1|doc_dtor`, `Array<i32>#push`, `~lib/rt/__new`.
 * The transpiler puts such names into the text it generates, and not all of them quoted: no quotes, backslashes,
 * braces, spaces or asterisks, nothing beyond ASCII. One space stands before the count that the maker of components
 * gives a function imported several times, `fd_write [v2]`; it says no more than `fd_write[v2]` would.
 */
const CORE_NAME = /^[A-Za-z0-9_$.:@/#|<>[\]+=,~^!?%&-]{0,1024}(?: \[v[1-9][0-9]{0,4}\])?$/

/**
 * What the transpiler itself calls the functions that carry values from one memory of a component to another:
 * `utf8-to-utf8 (mem0 => mem1)`, `mem1 I32Load`.
 */
const BETWEEN_MEMORIES = /^(?:(?:utf8|utf16|latin1)-to-(?:utf8|utf16|latin1|compact-utf16|compact-probably-utf16) \(mem\d{1,5} => mem\d{1,5}\)|mem\d{1,5} (?:[IF]\d\d|V128|Memory)[A-Za-z0-9]{0,20})$/

/** As a property of an object literal it would set the prototype. */
const PROTO = '__proto__'

/** Whether a name of a core module may stand in generated text. */
export const isCoreName = (name: string): boolean => (CORE_NAME.test(name) && name !== PROTO) || BETWEEN_MEMORIES.test(name)

/** @throws GloveboxError `invalid-component` for the first name that could be read as more than a name, or a module that is not metered */
export function checkCoreModule(module: WebAssembly.Module, file: string): void {
  const check = (name: string, what: string): void => {
    if (!isCoreName(name)) throw new GloveboxError('invalid-component', `Cannot load the component: ${what} of ${file} is called ${show(name)}; core names are letters, digits and $ _ . : @ / # | < > [ ] + = , ~ ^ ! ? % & -`)
  }
  const imports = WebAssembly.Module.imports(module)
  for (const { module: from, name } of imports) {
    check(from, 'an imported module')
    check(name, 'an import')
  }
  for (const { name } of WebAssembly.Module.exports(module)) check(name, 'an export')
  const ours = imports.filter(({ module: from }) => from === 'glovebox').map(({ name, kind }) => `${kind} ${name}`)
  if (!ours.includes('function refill') || !ours.includes('global fuel')) throw new GloveboxError('invalid-component', `Cannot load the component: ${file} is not metered`)
  if (ours.some((each) => each !== 'function refill' && each !== 'global fuel' && each !== 'memory memory')) throw new GloveboxError('invalid-component', `Cannot load the component: ${file} imports a module called "glovebox", which is the host's`)
}

/** A hostile name as it may be shown: quoted, short, ASCII. */
export function show(name: string): string {
  const text = JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name)
  return text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()

/** `read-file` as JavaScript has it: `readFile`. */
export function toCamel(kebab: string): string {
  const pascal = toPascal(kebab)
  return pascal.charAt(0).toLowerCase() + pascal.slice(1)
}

/** `input-stream` as JavaScript has it: `InputStream`. */
export const toPascal = (kebab: string): string => kebab.split('-').map(capital).join('')

/** Where JavaScript finds a function of the component model by its name, `[method]doc.body`. */
export function toPath(name: string): string {
  const parts = /^\[(constructor|method|static)\]([^.]+)(?:\.(.+))?$/.exec(name)
  if (parts === null) return toCamel(name)
  const [, kind, resource = '', member = ''] = parts
  if (kind === 'constructor') return toPascal(resource)
  return `${toPascal(resource)}${kind === 'method' ? '#' : '.'}${toCamel(member)}`
}

/** `readFile` as the component model has it: `read-file`. */
export const toKebab = (name: string): string => name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase()
