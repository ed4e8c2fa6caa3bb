import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Dir, type RunResult, type Sandbox, createSandbox, memoryDir } from 'glovebox'
import { component } from 'glovebox/component'
import { openDir, systemClock, systemRandom } from 'glovebox/node'
import { quickjs } from 'glovebox/quickjs'
import { type Arm, DEADLINE_MS, type Outcome } from './arm.ts'

/** Where the files of a program are. */
export type Mounts = 'memory' | 'host'

const LIMITS = { deadlineMs: DEADLINE_MS, hostCalls: 1_000_000, resources: 1000, outputBytes: 1 << 20 } as const

/** What all arms share, so that each program is made ready once. */
export const createSuiteSandbox = (programs: number): Promise<Sandbox> => createSandbox({ engines: [quickjs(), component({ maxKept: programs })] })

/** Programs as components of glovebox: nothing but a clock, randomness and a copy of their files. */
export function glovebox(mounts: Mounts, sandbox: Sandbox): Arm {
  const open = mounts === 'memory' ? (root: string) => inMemory(root, sandbox) : onHost
  return {
    name: `glovebox on ${mounts} mounts`,
    async run(program) {
      try {
        await using tool = await sandbox.load(readFileSync(program.file))
        using files = program.root === undefined ? undefined : await open(program.root)
        const grants = { clock: systemClock(), random: systemRandom(), env: program.env, ...(files === undefined ? {} : { fs: { '/': files } }) }
        return toOutcome(await tool.run({ args: program.args, grants, limits: LIMITS }))
      } catch (error) {
        return { exitCode: undefined, stdout: '', stderr: '', failure: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
      }
    },
  }
}

function toOutcome(result: RunResult): Outcome {
  const { stdout, stderr, exitCode } = result
  const failure = result.outcome === 'threw' ? `threw ${result.error.name}: ${result.error.message}` : result.outcome === 'stopped' && result.reason !== 'exit' ? `stopped (${result.reason}): ${result.message}` : undefined
  return { exitCode, stdout, stderr, failure }
}

async function inMemory(root: string, sandbox: Sandbox): Promise<Dir> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true }).map((entry) => ({ entry, path: join(entry.parentPath, entry.name).slice(root.length + 1) }))
  const files = Object.fromEntries(entries.filter(({ entry }) => entry.isFile()).map(({ path }) => [path, readFileSync(join(root, path))]))
  const dir = memoryDir({ files })
  const folders = entries.filter(({ entry }) => entry.isDirectory()).map(({ path }) => `/m/${path}`)
  // Also those that are empty.
  await sandbox.run(`import { mkdirSync } from 'node:fs'\nexport default (folders) => { for (const each of folders) mkdirSync(each, { recursive: true }) }`, { input: folders, grants: { fs: { '/m': dir } } })
  return dir
}

async function onHost(root: string): Promise<Dir> {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-conformance-'))
  cpSync(root, folder, { recursive: true })
  const dir = await openDir(folder, { mode: 'read-write', symlinks: 'descending' })
  return {
    ...dir,
    [Symbol.dispose]() {
      dir[Symbol.dispose]()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
