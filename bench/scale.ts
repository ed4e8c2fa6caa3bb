import { freemem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { UsageError } from './args.js'
import { type Children, createChildren } from './children.js'
import { describeMachine, readLoad } from './machine.js'
import { firstLine } from './measure.js'
import { versionOf } from './packages.js'
import { renderAt, renderBytes } from './report/units.js'
import type { Curve, Row } from './scale/curve.js'
import { CURVES } from './scale/curves.js'
import { type FromPoint, type PointRequest, SERVE_POINT, measurePoint } from './scale/measure-point.js'
import { type CurveResults, type ScaleResults, renderScale } from './scale/report.js'
import type { At } from './suite.js'

const HELP = `Usage: node scripts/run.mjs bench/scale.ts [options]

Measures how glovebox behaves as there is more of it: calls that wait, isolates
alive, calls under way, bytes, and calls after each other. Every point has a
process of its own, so that memory is its own.

  --quick         fewer and smaller points, done in about a minute
  --filter=TEXT   only curves with TEXT in their name: ${CURVES.map(({ name }) => name).join(', ')}
  --json          print the figures as JSON instead of tables
  --help          print this

Exit: 0 measured, 1 some of it failed, 2 wrong usage.
`

/** The largest curves take some minutes on a slow machine. */
const PATIENCE_MS = 900_000

// One file is the program and each of the processes it starts.
const [role, request = ''] = process.argv.slice(2)
if (role === SERVE_POINT && process.send !== undefined) await measurePoint(JSON.parse(request) as PointRequest)
else process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  try {
    return await scale(parse(args))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    process.stderr.write(`scale: ${error.message}\n`)
    return 2
  }
}

interface ScaleOptions {
  readonly quick: boolean
  readonly json: boolean
  readonly help: boolean
  readonly curves: readonly Curve[]
}

function parse(args: readonly string[]): ScaleOptions {
  const filter = args.find((arg) => arg.startsWith('--filter='))?.slice('--filter='.length)
  const unknown = args.find((arg) => !['--quick', '--json', '--help'].includes(arg) && !arg.startsWith('--filter='))
  if (unknown !== undefined) throw new UsageError(`Unknown option "${unknown}"; use --quick, --filter=TEXT, --json or --help`)
  const curves = CURVES.filter(({ name }) => filter === undefined || name.includes(filter))
  if (filter === '' || curves.length === 0) throw new UsageError(`No curve has "${filter}" in its name; there is ${CURVES.map(({ name }) => name).join(', ')}`)
  return { quick: args.includes('--quick'), json: args.includes('--json'), help: args.includes('--help'), curves }
}

async function scale({ quick, json, help, curves }: ScaleOptions): Promise<number> {
  if (help) {
    process.stdout.write(HELP)
    return 0
  }
  using children = createChildren(fileURLToPath(import.meta.url))
  process.once('SIGINT', () => {
    children[Symbol.dispose]()
    process.exit(130)
  })
  const machine = describeMachine(() => performance.now())
  const startedAt = new Date().toISOString()
  const results: CurveResults[] = []
  for (const curve of curves) results.push(await measureCurve(curve, quick ? curve.points.quick : curve.points.full, children))
  const all: ScaleResults = { schemaVersion: 1, startedAt, quick, machine, loadAfter: readLoad(), version: versionOf('glovebox') ?? '', curves: results }
  process.stdout.write(json ? `${JSON.stringify(all)}\n` : renderScale(all))
  return results.some(({ missing }) => missing.length > 0) ? 1 : 0
}

async function measureCurve(curve: Curve, points: readonly At[], children: Children): Promise<CurveResults> {
  const { name, about, axis, columns } = curve
  const rows: Row[] = []
  const missing: CurveResults['missing'][number][] = []
  for (const [index, at] of points.entries()) {
    show(`${name} (${index + 1} of ${points.length}): ${renderAt(at, { kind: 'number', scale: 'log', ...axis })} ${axis.title}`)
    try {
      rows.push(...(await measure(curve, at, children)))
    } catch (error) {
      missing.push({ at, reason: firstLine(error) })
    }
  }
  return { name, about, axis, columns, rows, missing }
}

async function measure({ name, needsBytes }: Curve, at: At, children: Children): Promise<readonly Row[]> {
  const needed = needsBytes?.(at) ?? 0
  if (needed > freemem()) throw new Error(`takes ${renderBytes(needed)} of memory, ${renderBytes(freemem())} is free`)
  using child = children.start<FromPoint>({ role: SERVE_POINT, request: (): PointRequest => ({ curve: name, at }), nodeFlags: ['--expose-gc'] })
  const message = await child.next(PATIENCE_MS)
  if (message.type === 'failed') throw new Error(message.reason)
  return message.rows
}

function show(what: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[Kscale: ${what} …` : `scale: ${what} …\n`)
}
