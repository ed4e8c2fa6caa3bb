import { execFile } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { transformSync } from 'esbuild'
import { blocksOf, readMarkdown } from './markdown.js'
import { ROOT } from './source-files.js'

const run = promisify(execFile)

export interface Project extends Disposable {
  readonly folder: string
}

/** An empty project outside the repository with the packed package installed in it, from nothing but the tarball. */
export async function installPacked(): Promise<Project> {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-package-'))
  const project: Project = { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) }
  try {
    // The build has run: packing must not run it again under a test of its outcome.
    const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], { cwd: ROOT, timeout: 60_000 })
    const [{ filename }] = JSON.parse(stdout) as [{ filename: string }]
    writeFileSync(join(folder, 'package.json'), '{"name":"consumer","private":true,"type":"module"}')
    await run('npm', ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts', join(folder, filename)], { cwd: folder, timeout: 60_000 })
    return project
  } catch (error) {
    project[Symbol.dispose]()
    throw error
  }
}

/** Puts a package that is installed here into a project. */
export function copyPackage(project: Project, name: string): void {
  const target = join(project.folder, 'node_modules', name)
  mkdirSync(target, { recursive: true })
  cpSync(join(ROOT, 'node_modules', name), target, { recursive: true, dereference: true })
}

/** The first example of the README as a compiler for older runtimes leaves it, and what it prints. */
export function firstExample(): { readonly typescript: string; readonly javascript: string; readonly output: string } {
  const [example, output] = blocksOf(readMarkdown('README.md'))
  if (example?.language !== 'ts' || output?.language !== 'text') throw new Error('The README begins with an example and its output')
  return { typescript: example.code, javascript: transformSync(example.code, { loader: 'ts', target: 'node20', format: 'esm' }).code, output: output.code }
}

/** An executable of the search path that does not come with this repository, or `undefined`. */
export function findOwn(name: string): string | undefined {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '' && !folder.includes('node_modules')).map((folder) => join(folder, name)).find((path) => existsSync(path))
}
