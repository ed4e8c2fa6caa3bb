import { spawn } from 'node:child_process'
import { once } from 'node:events'
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

/** Ends with the process that started it, as its input ends then. */
const SERVER = `
const { createServer } = require('node:http')
const server = createServer((request, response) => {
  const found = request.method === 'GET' && request.url === '/item.json'
  response.writeHead(found ? 200 : 404, { 'content-type': 'application/json' }).end(found ? ${JSON.stringify(ITEM)} : '{}')
})
server.listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.on('end', () => process.exit()).resume()`

/** A process of its own: what it does for an answer is not for the contender to pay, and a program that holds the host does not hold it. */
async function serve(): Promise<string> {
  const child = spawn(process.execPath, ['-e', SERVER], { stdio: ['pipe', 'pipe', 'ignore'] })
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  child.unref()
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as { unref(): void }).unref()
  return `http://127.0.0.1:${port.toString().trim()}`
}
