import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { firstError } from '../../bench/npm-errors.js'

/** What one npm may take; nobody waits longer for a registry that does not answer. */
const PATIENCE_MS = 180_000
const FLAGS = ['--no-save', '--ignore-scripts', '--no-fund', '--no-audit', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-timeout=30000']

/**
 * Installs the libraries by their lockfile unless they are there, and returns why they cannot be used, if they cannot.
 * Not `npm ci`: that refuses a lockfile from a registry that lacks a package of some other platform.
 */
export function installLibraries(folder: string, say: (line: string) => void): string | undefined {
  const stamp = join(folder, 'node_modules/.installed')
  const digest = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json'))).digest('hex')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return undefined
  say('installing the libraries into test/libraries/node_modules …')
  const began = performance.now()
  const { status, stdout, stderr, error } = spawnSync('npm', ['install', ...FLAGS], { cwd: folder, encoding: 'utf8', timeout: PATIENCE_MS, killSignal: 'SIGKILL', maxBuffer: 64 << 20 })
  if (status !== 0) return `npm failed: ${error?.message ?? firstError(`${stderr}\n${stdout}`)}`
  writeFileSync(stamp, digest)
  say(`installed ${/added (\d+) package/.exec(stdout)?.[1] ?? 'no'} packages in ${((performance.now() - began) / 1000).toFixed(0)} s`)
  return undefined
}
