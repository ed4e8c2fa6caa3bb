import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Case, GuestLimits, HostFunctions } from './suite.js'

const LIMITS: GuestLimits = { deadlineMs: 10_000, memoryBytes: 64 << 20 }
const ITEM = '{"id":7,"name":"item"}'

/** Stands in programs for the origin of the server. */
const ORIGIN = '__ORIGIN__'

/** What an arm offers to its contender, in the arm's own process; `folder` is the caller's to remove. */
export async function createHost(of: Case, folder: string): Promise<HostFunctions> {
  return {
    exists: (path) => path === '/data/a.txt',
    lookup: async (item) => ({ ...item, found: true }),
    folder,
    origin: of.serves === undefined ? '' : await serve(),
    limits: of.kind === 'outcome' ? of.limits : LIMITS,
  }
}

export function withOrigin(program: string, { origin }: HostFunctions): string {
  return program.replaceAll(ORIGIN, origin)
}

async function serve(): Promise<string> {
  const server = createServer((request, response) => {
    const found = request.method === 'GET' && request.url === '/item.json'
    response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(found ? ITEM : '{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
