// Prints what plain Node has, as JSON: its globals, the members of names, and the names that modules export. Arguments
// are two JSON lists: names of globals, and of modules. A process of its own, as test runners add globals and channels.
const [names, modules] = process.argv.slice(2).map((text) => JSON.parse(text))

/** What Node begins with an underscore or a dollar sign is not meant for programs. */
const isPublic = (name) => /^[A-Za-z]\w*$/.test(name)
/** Members that guests have elsewhere, as the standards say, or that are none. */
const OTHERWISE = new Set(['caller', 'arguments', 'constructor', 'prototype', 'isTrusted'])
/** Globals whose members have tables of their own. */
const LISTED = new Set(['globalThis', 'self', 'global', 'process'])

/** Public members of a class and its instances, or of an object that is no such. */
function membersOf(value) {
  const isFunction = typeof value === 'function'
  if (isFunction && !(/^[A-Z]/.test(value.name) && value.prototype instanceof Object)) return []
  const keys = new Set()
  for (const start of isFunction ? [value, value.prototype] : [value]) {
    for (let at = start; at instanceof Object && at !== Object.prototype && at !== Function.prototype; at = Object.getPrototypeOf(at)) {
      for (const key of Object.getOwnPropertyNames(at)) keys.add(key)
    }
  }
  return [...keys].filter((key) => isPublic(key) && !OTHERWISE.has(key)).sort()
}

const others = Object.getOwnPropertyNames(globalThis).filter((name) => isPublic(name) && !names.some((known) => known === name || known.startsWith(`${name}.`))).sort()
const members = {}
for (const name of [...names, ...others]) {
  if (!LISTED.has(name)) members[name] = membersOf(name.split('.').reduce((holder, part) => holder?.[part], globalThis))
}
const exported = {}
for (const name of modules) {
  const keys = Object.keys(await import(name))
  exported[name] = keys.filter((key) => isPublic(key) && key !== 'default').sort()
}
process.stdout.write(JSON.stringify({ others, members, exported }))
