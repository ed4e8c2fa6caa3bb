import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { basename, dirname, join, relative, sep } from 'node:path'

/** One program of the suite and what it must come to. */
export interface Case {
  /** Its path below the suite without `testsuite` and the ending, such as `rust/path_link`. */
  readonly name: string
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Host path of what is mounted at `/`, if anything. */
  readonly root: string | undefined
  readonly exitCode: number
  /** Compared where it is given. */
  readonly stdout: string | undefined
  readonly stderr: string | undefined
}

interface Spec {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly root?: string | null
  /** What `root` was called before there was only one. */
  readonly dirs?: readonly string[]
  readonly exit_code?: number
  readonly stdout?: string
  readonly stderr?: string
  readonly operations?: readonly unknown[]
}

/**
 * Finds the programs of WASI preview 1 below a directory laid out as the public suite: `wasm32-wasip1` folders where it
 * has any, otherwise every folder `testsuite`.
 * @see https://github.com/WebAssembly/wasi-testsuite/blob/main/doc/specification.md
 */
export function findCases(directory: string): readonly Case[] {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.wasm'))
  const inFolder = (name: string) => (file: string): boolean => dirname(file).split(sep).includes(name)
  const chosen = [inFolder('wasm32-wasip1'), inFolder('testsuite'), () => true].map((fits) => files.filter(fits)).find((found) => found.length > 0) ?? []
  return chosen.map((file) => toCase(directory, join(directory, file))).sort((a, b) => (a.name < b.name ? -1 : 1))
}

function toCase(directory: string, file: string): Case {
  const specFile = file.replace(/\.wasm$/, '.json')
  const spec = existsSync(specFile) ? (JSON.parse(readFileSync(specFile, 'utf8')) as Spec) : {}
  if (spec.operations !== undefined) throw new Error(`${specFile} has operations, which no program of preview 1 needs`)
  const root = spec.root ?? spec.dirs?.[0]
  return {
    name: toName(relative(directory, file)),
    file,
    args: spec.args ?? [],
    env: spec.env ?? {},
    root: root === undefined ? undefined : join(dirname(file), root),
    exitCode: spec.exit_code ?? 0,
    stdout: spec.stdout,
    stderr: spec.stderr,
  }
}

function toName(path: string): string {
  const folders = dirname(path).split(sep).filter((each) => !['.', 'tests', 'testsuite', 'wasm32-wasip1'].includes(each))
  return [...folders, basename(path, '.wasm')].join('/')
}
