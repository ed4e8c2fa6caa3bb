import { execFile } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { Sandbox } from '../../src/index.js'
import { builtinNames } from '../../src/quickjs/guest/builtin-modules.js'
import { WEB_NAMES, grantOf, whyAbsent } from './names.js'

export type Status = 'works' | 'granted' | 'refused' | 'absent'

export interface Entry {
  readonly name: string
  readonly status: Status
  /** What grants it, what to use instead, or why it is not there. */
  readonly reason: string
  /** Members the host's has and the guest's has not. */
  readonly without: readonly string[]
}

export interface Section {
  readonly title: string
  readonly entries: readonly Entry[]
}

/** What a guest finds of a name: why it is refused or nothing, `undefined` where there is no such name. */
type Found = Readonly<Record<string, { readonly refusal: string; readonly without: readonly string[] } | undefined>>

interface Ask {
  /** A module, or nothing for globals. */
  readonly module: string
  readonly names: readonly string[]
  /** Those of them that are called; others end the call. */
  readonly called: readonly string[]
  /** Texts that they are called with, before a callback; without any there is no callback. */
  readonly texts: readonly string[]
  /** Members of the host's, by name. */
  readonly members: Readonly<Record<string, readonly string[]>>
}

/** These end the call. */
const ENDS = new Set(['exit', 'reallyExit', 'abort'])

/** Looks every name up, and calls what a module has with little or nothing: what is refused says so first. */
const PROGRAM = `
const { module, names, called, texts, members } = input
const root = module === '' ? globalThis : await import(module)
const found = {}
const listOf = (value) => {
  const keys = new Set()
  for (let at = value; at !== null && at !== undefined && at !== Object.prototype && at !== Function.prototype; at = Object.getPrototypeOf(at)) for (const key of Object.getOwnPropertyNames(at)) keys.add(key)
  if (typeof value === 'function' && value.prototype) for (const key of listOf(value.prototype)) keys.add(key)
  return keys
}
for (const name of names) {
  const path = name.split('.')
  const last = path.pop()
  let holder = root
  for (const part of path) holder = holder?.[part]
  if (holder === undefined || holder === null || !(last in holder)) continue
  const value = holder[last]
  const has = listOf(value)
  const entry = { refusal: '', without: (members[name] ?? []).filter((member) => !has.has(member)) }
  found[name] = entry
  if (module === '' || typeof value !== 'function' || !called.includes(name)) continue
  const note = (error) => {
    if (error?.code === 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM' || error?.code === 'ENOSYS') entry.refusal = error.message.slice(error.message.indexOf(': ') + 2)
  }
  try {
    const args = texts.length === 0 ? [] : [...texts, (error) => note(error)]
    const made = /^[A-Z]/.test(name) ? new value(...args) : value(...args)
    if (typeof made?.then === 'function') made.then(undefined, note)
    if (typeof made?.on === 'function') made.on('error', () => {})
  } catch (error) {
    note(error)
  }
}
for (let turns = 0; turns < 20; turns++) await null
return found
`

interface Host {
  /** Globals that are not the web's. */
  readonly others: readonly string[]
  readonly members: Ask['members']
  readonly exported: Readonly<Record<string, readonly string[]>>
}

/** Runs the table: what guests have of the web's names, of the host's other globals, and of each module. */
export async function probe(sandbox: Sandbox): Promise<readonly Section[]> {
  const modules = builtinNames().sort()
  const { others, members, exported } = await readHost(modules)
  const sections: Section[] = [
    { title: 'Web platform', entries: await ask(sandbox, { module: '', names: WEB_NAMES, members }) },
    { title: 'Other globals of Node', entries: await ask(sandbox, { module: '', names: others, members }) },
  ]
  for (const module of modules) sections.push({ title: module, entries: await ask(sandbox, { module, names: exported[module]!, members: {} }) })
  return sections
}

async function readHost(modules: readonly string[]): Promise<Host> {
  const args = ['--no-warnings', resolve('scripts/guest-table/host.mjs'), JSON.stringify(WEB_NAMES), JSON.stringify(modules)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: {}, timeout: 30_000, maxBuffer: 1 << 24 })
  return JSON.parse(stdout) as Host
}

async function ask(sandbox: Sandbox, { module, names, members }: Omit<Ask, 'called' | 'texts'>): Promise<Entry[]> {
  const called = names.filter((name) => !ENDS.has(name))
  const texts = module.startsWith('node:fs') ? ['/a', '/b'] : []
  const result = await sandbox.run<Found>(PROGRAM, { input: { module, names, called, texts, members }, limits: { hostCalls: 1000 } })
  if (result.outcome !== 'returned') throw new Error(`Cannot look at ${module === '' ? 'globals' : module}: ${JSON.stringify({ ...result, ledger: undefined })}`)
  return names.map((name) => toEntry(module === '' ? name : `${module}.${name}`, name, result.value[name]))
}

function toEntry(full: string, name: string, found: Found[string]): Entry {
  if (found === undefined) return { name, status: 'absent', reason: whyAbsent(full), without: [] }
  if (found.refusal !== '') return { name, status: 'refused', reason: found.refusal, without: [] }
  const grant = grantOf(full)
  return { name, status: grant === undefined ? 'works' : 'granted', reason: grant ?? '', without: found.without }
}
