import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstError } from './npm-errors.js'
import { BENCH } from './packages.js'

/** Packages with native code: they are built where no ready build fits. */
const NATIVE = ['isolated-vm']

/** What is known of the last installation; kept beside the packages, so that it goes when they go. */
interface Installed {
  /** Of what was asked for, and of the Node it was built for. */
  readonly digest: string
  readonly failures: Readonly<Record<string, string>>
}

/** Installs the contenders unless they are there, and returns why each of those failed that did. */
export function installContenders(say: (line: string) => void): Readonly<Record<string, string>> {
  const stamp = join(BENCH, 'node_modules/.installed.json')
  const digest = createHash('sha256').update(readFileSync(join(BENCH, 'package-lock.json'))).update(process.versions.modules).digest('hex')
  if (existsSync(stamp)) {
    const installed = JSON.parse(readFileSync(stamp, 'utf8')) as Installed
    if (installed.digest === digest) return installed.failures
  }
  const failures: Record<string, string> = {}
  say('installing the contenders into bench/node_modules (npm ci) …')
  const began = performance.now()
  const install = npm(['ci', '--ignore-scripts', '--no-fund', '--no-audit'])
  if (!install.ok) {
    say(`npm ci failed: ${install.output}`)
    return { '*': `npm ci failed: ${install.output}` }
  }
  for (const name of NATIVE) {
    const build = npm(['rebuild', name, '--foreground-scripts'])
    if (!build.ok) failures[name] = `did not build: ${build.output}`
  }
  writeFileSync(stamp, JSON.stringify({ digest, failures } satisfies Installed))
  const seconds = ((performance.now() - began) / 1000).toFixed(0)
  say(`installed ${install.added} packages in ${seconds} s${Object.keys(failures).length === 0 ? '' : `; without ${Object.keys(failures).join(', ')}`}`)
  return failures
}

function npm(args: readonly string[]): { readonly ok: boolean; readonly output: string; readonly added: string } {
  const cli = process.env['npm_execpath']
  const [command, first] = cli === undefined ? ['npm', []] : [process.execPath, [cli]]
  const { status, stdout, stderr, error } = spawnSync(command, [...first, ...args], { cwd: BENCH, encoding: 'utf8', timeout: 600_000, maxBuffer: 64 << 20 })
  return { ok: status === 0, output: error?.message ?? firstError(`${stderr}\n${stdout}`), added: /added (\d+) package/.exec(stdout)?.[1] ?? 'no' }
}
