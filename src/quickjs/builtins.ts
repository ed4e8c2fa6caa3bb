import { builtinOf } from './guest/builtin-modules.js'

/** Where the text of a module finds the libraries of the guest. */
const LIBRARY = "globalThis[Symbol.for('glovebox.library')]"

/** The text of a built-in module, which exports `names` of a guest library. */
export function builtinSource(name: string, names: string): string {
  const { library, member } = builtinOf(name)!
  return toSource(`${LIBRARY}(${JSON.stringify(library)})${member === undefined ? '' : `.${member}`}`, names)
}

/** The text of a module that stands for a CommonJS one. */
export function commonjsSource(name: string, names: string): string {
  return toSource(`${LIBRARY}('packages').load(${JSON.stringify(name)})`, names)
}

/** The text of a module that stands for a JSON file. */
export function jsonSource(source: string): string {
  return `export default JSON.parse(${JSON.stringify(source)})\n`
}

function toSource(value: string, names: string): string {
  return `const exported = ${value}\nexport default exported\n${names === '' ? '' : `const { ${bound(names, ': ')} } = exported\nexport { ${bound(names, ' as ', 'swapped')} }\n`}`
}

/** Each name bound to one that cannot meet another: `a: $a`, or `$a as a`. */
function bound(names: string, between: string, order: 'plain' | 'swapped' = 'plain'): string {
  return names.split(',').map((name) => (order === 'plain' ? `${name}${between}$${name}` : `$${name}${between}${name}`)).join(', ')
}
