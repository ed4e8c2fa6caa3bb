import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstError } from './npm-errors.js'
import { BENCH, HEAVY, folderOf, versionOf } from './packages.js'

/** Packages with native code: they are built where no ready build fits. */
const NATIVE = ['isolated-vm']

/** What one npm may take; nobody waits longer for a registry that does not answer. */
const PATIENCE = { install: 240_000, build: 180_000, one: 60_000 }
const NETWORK = ['--fetch-retries=1', '--fetch-timeout=30000']

/** What is known of the last installation; kept beside the packages, so that it goes when they go. */
interface Installed {
  /** Of what was asked for, and of the Node it was built for. */
  readonly digest: string
  readonly failures: Readonly<Record<string, string>>
}

type Say = (line: string) => void

/**
 * Installs the contenders unless they are there, and returns for each package that cannot be used why.
 * One that cannot be had does not cost the others; large ones are only installed by who asks for them.
 */
export function installContenders(say: Say): Readonly<Record<string, string>> {
  const failures: Record<string, string> = { ...installTogether(say) }
  for (const { name, megabytes, install } of HEAVY) {
    if (install === 'when asked' && versionOf(name) === undefined) {
      failures[name] = `not installed unasked, as it is ${megabytes} MB; "npm install --no-save --prefix bench/heavy/${name}" installs it`
    } else if (install === 'unasked') {
      Object.assign(failures, installIn(folderOf(name), `${name} (${megabytes} MB)`, () => (versionOf(name) === undefined ? { [name]: 'npm left it out' } : {}), [name], say))
    }
  }
  return failures
}

/** Installs what draws plots unless it is there, and returns why it cannot be used. */
export function installPlots(say: Say): Readonly<Record<string, string>> {
  return installIn(join(BENCH, 'plots'), 'vega, which draws plots,', () => ({}), ['vega'], say)
}

function installTogether(say: Say): Readonly<Record<string, string>> {
  const { optionalDependencies } = JSON.parse(readFileSync(join(BENCH, 'package.json'), 'utf8')) as { optionalDependencies: Record<string, string> }
  const finish = (): Record<string, string> => {
    const failures: Record<string, string> = {}
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (versionOf(name) !== undefined) continue
      // npm keeps to itself why it left an optional package out; the registry may tell.
      const asked = npm(BENCH, ['view', `${name}@${version}`, 'version', ...NETWORK], PATIENCE.one)
      failures[name] = `not installed: ${asked.ok ? 'npm left it out on this platform' : asked.output}`
    }
    for (const name of NATIVE) {
      if (failures[name] !== undefined) continue
      const build = npm(BENCH, ['rebuild', name, '--foreground-scripts'], PATIENCE.build)
      if (!build.ok) failures[name] = `did not build: ${build.output}`
    }
    return failures
  }
  return installIn(BENCH, 'the contenders', finish, Object.keys(optionalDependencies), say)
}

/**
 * Installs a folder by its lockfile, once for each state of its lockfile and each Node; `finish` tells what it lacks then.
 * Not `npm ci`: that refuses a lockfile from a registry that lacks a package of some other platform.
 */
function installIn(folder: string, title: string, finish: () => Record<string, string>, names: readonly string[], say: Say): Readonly<Record<string, string>> {
  const stamp = join(folder, 'node_modules/.installed.json')
  const digest = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json'))).update(process.versions.modules).digest('hex')
  if (existsSync(stamp)) {
    const installed = JSON.parse(readFileSync(stamp, 'utf8')) as Installed
    if (installed.digest === digest) return installed.failures
  }
  say(`installing ${title} into ${folder.slice(folder.lastIndexOf('bench'))}/node_modules …`)
  const began = performance.now()
  const install = npm(folder, ['install', '--no-save', '--ignore-scripts', '--no-fund', '--no-audit', ...NETWORK], PATIENCE.install)
  if (!install.ok) {
    say(`npm failed: ${install.output}`)
    return Object.fromEntries(names.map((name) => [name, `npm failed: ${install.output}`]))
  }
  const failures = finish()
  writeFileSync(stamp, JSON.stringify({ digest, failures } satisfies Installed))
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  say(`installed ${install.added} packages in ${seconds} s${Object.keys(failures).length === 0 ? '' : `; without ${Object.keys(failures).join(', ')}`}`)
  return failures
}

function npm(folder: string, args: readonly string[], timeout: number): { readonly ok: boolean; readonly output: string; readonly added: string } {
  const cli = process.env['npm_execpath']
  const [command, first] = cli === undefined ? ['npm', []] : [process.execPath, [cli]]
  const { status, stdout, stderr, error } = spawnSync(command, [...first, ...args], { cwd: folder, encoding: 'utf8', timeout, killSignal: 'SIGKILL', maxBuffer: 64 << 20 })
  return { ok: status === 0, output: error?.message ?? firstError(`${stderr}\n${stdout}`), added: /added (\d+) package/.exec(stdout)?.[1] ?? 'no' }
}
