import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Arm, DEADLINE_MS } from './arm.ts'

export type Baseline = 'node-wasi' | 'jco'

/** Programs as others run them: each in a process of its own, since one may end or freeze it. */
export function baseline(name: Baseline): Arm {
  return {
    name,
    async run({ file, args, env, root }) {
      const folder = root === undefined ? undefined : mkdtempSync(join(tmpdir(), 'glovebox-conformance-'))
      try {
        if (folder !== undefined) cpSync(root!, folder, { recursive: true })
        const request = JSON.stringify({ file, args, env, folder })
        const child = spawnSync(process.execPath, ['--no-warnings', join(import.meta.dirname, `${name}.ts`), request], { encoding: 'utf8', timeout: DEADLINE_MS, maxBuffer: 1 << 20, env: {}, input: '' })
        const { stdout, stderr, status, signal } = child
        return { exitCode: status ?? undefined, stdout: stdout ?? '', stderr: stderr ?? '', failure: status === null ? `ended by ${signal ?? 'the host'}` : undefined }
      } finally {
        if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

/** What a process of a baseline is asked for, as JSON in its first argument. */
export interface Request {
  readonly file: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Mounted at `/`. */
  readonly folder?: string
}

export const readRequest = (): Request => JSON.parse(process.argv[2] ?? '{}') as Request
