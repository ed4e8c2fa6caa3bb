import type { Part, RoomHost } from './room.js'

/** The parts as live objects, for techniques that hand objects of the host to their guests. */
export function endow(host: RoomHost, parts: readonly Part[]): Record<string, unknown> {
  const { exists, lookup, print, files, get } = host
  const endowments: Record<string, unknown> = {}
  if (parts.includes('exists')) endowments['exists'] = exists
  if (parts.includes('lookup')) endowments['lookup'] = lookup
  if (parts.includes('console')) endowments['console'] = { log: (...values: unknown[]) => print(values.join(' ')) }
  if (parts.includes('files')) endowments['files'] = files
  if (parts.includes('http')) endowments['get'] = get
  return endowments
}
