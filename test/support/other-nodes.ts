import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { arch, platform } from 'node:process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const folder = resolve(import.meta.dirname, '../nodes')
const binary = (name: string): string => join(folder, 'node_modules', name, 'bin/node')
const NAMES = ['node-20', 'node-26']

/**
 * Paths of other Node versions, installed from `test/nodes` on first use; none, with a reason, where that is not
 * possible.
 */
export async function otherNodes(): Promise<{ readonly paths: readonly string[]; readonly reason?: string }> {
  if (platform !== 'linux' || arch !== 'x64') return { paths: [], reason: `no packaged Node for ${platform} ${arch} is asked for` }
  if (!NAMES.every((name) => existsSync(binary(name)))) {
    console.log('installing Node 20 and 26 into test/nodes/node_modules (npm ci) …')
    try {
      await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, timeout: 150_000 })
    } catch (error) {
      return { paths: [], reason: `npm ci in test/nodes failed: ${String(error).split('\n')[0]}` }
    }
  }
  return { paths: NAMES.map(binary) }
}
