import type { Item } from '../suite.js'
import type { Part, RoomHost } from './room.js'

/** The parts as functions of texts, for engines whose boundary is crossed by texts. */
export interface TextFunctions {
  readonly now: Readonly<Record<string, (...texts: string[]) => string | boolean>>
  readonly later: Readonly<Record<string, (text: string) => Promise<string>>>
  /** What the guest makes of them; its value is nothing. */
  readonly prelude: string
}

/** Objects cross as JSON, which is the fastest way these engines have. */
export function toTextFunctions(host: RoomHost, parts: readonly Part[]): TextFunctions {
  const now: Record<string, (...texts: string[]) => string | boolean> = {}
  const later: Record<string, (text: string) => Promise<string>> = {}
  const prelude: string[] = []
  if (parts.includes('exists')) now['exists'] = (path = '') => host.exists(path)
  if (parts.includes('lookup')) {
    later['lookupText'] = async (text) => JSON.stringify(await host.lookup(JSON.parse(text) as Item))
    prelude.push('globalThis.lookup = async (item) => JSON.parse(await lookupText(JSON.stringify(item)))')
  }
  if (parts.includes('console')) {
    now['print'] = (line = '') => (host.print(line), true)
    prelude.push('globalThis.console = { log: (...values) => { print(values.join(" ")) } }')
  }
  if (parts.includes('files')) {
    now['readFile'] = (name = '') => host.files.read(name)
    now['writeFile'] = (name = '', text = '') => (host.files.write(name, text), true)
    now['listFiles'] = () => JSON.stringify(host.files.list())
    prelude.push('globalThis.files = { read: readFile, write: (name, text) => { writeFile(name, text) }, list: () => JSON.parse(listFiles()) }')
  }
  if (parts.includes('http')) later['get'] = (url) => host.get(url)
  return { now, later, prelude: [...prelude, 'true'].join('\n') }
}
