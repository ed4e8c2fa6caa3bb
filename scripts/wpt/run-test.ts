import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sandbox } from '../../src/index.js'
import { systemClock, systemRandom } from '../../src/node.js'
import type { TestRun } from './files.js'
import { HOST, servedFiles } from './served.js'

export interface Subtest {
  readonly name: string
  /** `SERVER`: it asks for what only the server of the tests answers, and is not counted. */
  readonly status: 'PASS' | 'FAIL' | 'TIMEOUT' | 'NOTRUN' | 'PRECONDITION_FAILED' | 'SERVER'
  readonly message: string | null
}

export interface TestResult {
  readonly path: string
  readonly variant: string
  readonly subtests: readonly Subtest[]
  /** Why the file itself did not come to its end. */
  readonly broken: string | undefined
  readonly wallMs: number
}

type Line = readonly [event: 'known' | 'over' | 'broken' | 'end', name: string, status: Subtest['status'], message: string | null]

/** Starts the lines of the harness; the tests themselves print none like it. */
const MARK = '\u0001wpt '

/** Runs one test file in a sandbox of its own call: nothing of it outlives that. */
export async function runTest(sandbox: Sandbox, run: TestRun, root: string, harness: string): Promise<TestResult> {
  const missing = run.scripts.filter((name) => !isFile(join(root, name)))
  if (missing.length > 0) return { path: run.path, variant: run.variant, subtests: [], broken: `no such script: ${missing.join(', ')}`, wallMs: 0 }
  const began = performance.now()
  const result = await sandbox.run(
    '(0, eval)(input.harness); (0, eval)(input.test); return globalThis.__wptEnd(input.title)',
    {
      input: {
        harness: `globalThis.__wpt = ${JSON.stringify({ variant: run.variant, path: run.path, mark: MARK })};${harness}`,
        test: run.scripts.map((name) => fill(readFileSync(join(root, name), 'utf8'))).join('\n;\n'),
        title: run.title,
      },
      filename: `/${run.path}`,
      grants: { net: servedFiles(root), clock: systemClock(), random: systemRandom() },
      limits: {
        deadlineMs: run.isLong ? 90_000 : 20_000, fuel: 200_000_000_000, memoryBytes: 256 << 20, outputBytes: 64 << 20,
        hostCalls: 1_000_000, hostBytesIn: 1 << 30, hostBytesOut: 1 << 30, timers: 10_000, resources: 1000,
      },
    },
  )
  const lines = result.stdout.split('\n').filter((line) => line.startsWith(MARK)).map((line) => JSON.parse(line.slice(MARK.length)) as Line)
  const { subtests, broken } = read(lines)
  const isWhole = lines.some(([event]) => event === 'end')
  const ended = result.outcome === 'stopped' ? `stopped: ${result.reason}` : result.outcome === 'threw' ? `${result.error.name}: ${result.error.message} ${result.error.stack?.split('\n')[0]?.trim() ?? ''}` : undefined
  return { path: run.path, variant: run.variant, subtests, broken: broken ?? (isWhole ? undefined : (ended ?? 'it did not end')), wallMs: performance.now() - began }
}

function read(lines: readonly Line[]): { readonly subtests: Subtest[]; readonly broken: string | undefined } {
  const open: string[] = []
  const subtests: Subtest[] = []
  let broken: string | undefined
  for (const [event, name, status, message] of lines) {
    if (event === 'known') open.push(name)
    else if (event === 'broken') broken ??= name
    else if (event === 'over') {
      open.splice(open.indexOf(name), 1)
      subtests.push({ name, status, message })
    }
  }
  return { subtests: [...subtests, ...open.map((name): Subtest => ({ name, status: 'TIMEOUT', message: 'It did not end' }))], broken }
}

/** Where a script names its server: that is filled in when it is handed out. */
function fill(script: string): string {
  return script.replaceAll(/\{\{(?:host|domains\[[^\]]*\]|hosts\[[^\]]*\]\[[^\]]*\])\}\}/g, HOST).replaceAll(/\{\{ports\[[^\]]*\]\[[^\]]*\]\}\}/g, '8443')
}

function isFile(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}
