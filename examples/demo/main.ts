import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { copyOnWrite, createSandbox, defineTool, secret } from 'glovebox'
import { http, openDir } from 'glovebox/node'
import { z } from 'zod'
import { printChanges, printDenials, printLedger, printOutcome, printSection } from './print.ts'
import { startStationApi } from './station-api.ts'

// A model wrote program.ts. Here is everything it can reach.
const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))
const token = randomBytes(16).toString('hex')
const api = await startStationApi(token)
const posted: string[] = []

using data = await openDir(pathOf('../../node_modules/vega-datasets/data'))
using project = copyOnWrite(await openDir(pathOf('project')))
const grants = {
  fs: { '/data': data, '/project': project },
  net: http([{
    url: `${api.origin}/v1/stations/*/normals`,
    methods: ['GET'],
    headers: { authorization: secret('STATION_API_TOKEN', `Bearer ${token}`) },
    allowPrivateAddresses: ['127.0.0.1'],
  }]),
  tools: {
    holidays: defineTool({
      description: 'Public holidays of a year as ISO dates with their names.',
      input: z.object({ year: z.int().min(1900).max(2100) }),
      output: z.array(z.object({ date: z.string(), name: z.string() })),
      execute: ({ year }) => [
        { date: `${year}-01-01`, name: "New Year's Day" },
        { date: `${year}-07-04`, name: 'Independence Day' },
        { date: `${year}-12-25`, name: 'Christmas Day' },
      ],
    }),
    post: defineTool({
      description: 'Posts a short text to a channel of the team.',
      input: z.object({ channel: z.string(), text: z.string().max(280) }),
      execute: ({ channel, text }) => {
        posted.push(`${channel}: ${text}`)
        return { id: `post-${posted.length}` }
      },
      maxCalls: 3,
    }),
  },
}

try {
  await using sandbox = await createSandbox()
  printSection('Granted', sandbox.describe(grants).text)
  const result = await sandbox.run<{ problems: string[] }>(await readFile(pathOf('program.ts'), 'utf8'), {
    filename: 'program.ts',
    input: { year: 2015, api: api.origin },
    grants,
    limits: { deadlineMs: 10_000 },
  })

  printOutcome(result)
  printSection('Posted by the tool', posted.join('\n'))
  const changes = project.changes()
  printChanges(changes)
  const report = changes.find(({ path }) => path.endsWith('seattle-2015.md'))?.bytes
  if (report !== undefined) printSection('The report', new TextDecoder().decode(report))
  printDenials(result.ledger, result.outcome === 'returned' ? result.value.problems : [])
  printSection('Usage', JSON.stringify(result.usage, undefined, 2))
  printLedger(result.ledger)
  printSection('Sources of the result', result.sources.join('\n'))

  const everything = JSON.stringify({ ...result, changes: changes.map(({ bytes }) => new TextDecoder().decode(bytes)) })
  printSection('Credential', `It travelled to ${api.origin} and is in ${everything.split(token).length - 1} places of what came back.`)
  process.exitCode = result.outcome === 'returned' ? 0 : 1
} finally {
  api.close()
}
