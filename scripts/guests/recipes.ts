import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

/** Where guests of tests, examples and measurements have their sources and what was built of them. */
export const GUESTS = resolve(import.meta.dirname, '../../wasm/guests')

/** What is built and committed: its bytes by the name of its source. */
export const BUILT: readonly { readonly file: string; readonly source: string }[] = [
  { file: 'slugify.wasm', source: 'slugify.wat' },
  { file: 'attempt.wasm', source: 'c/attempt.c' },
  { file: 'files.wasm', source: 'c/files.c' },
  { file: 'wc.wasm', source: 'c/wc.c' },
]

/** Linked into every guest in C. */
export const ALLOCATOR = 'c/realloc.c'

export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** How sources in C are compiled: Debian's `clang lld wasi-libc libclang-rt-14-dev-wasm32`. */
export const CLANG_FLAGS = ['--target=wasm32-wasi', '--sysroot=/usr', '-nostdlibinc', '-isystem', '/usr/include/wasm32-wasi', '-s'] as const

/** Why nothing can be compiled from C here; `undefined` when it can. */
export function missingForC(): string | undefined {
  if (spawnSync('clang', ['--version'], { timeout: 10_000 }).status !== 0) return 'there is no clang; install clang lld wasi-libc libclang-rt-14-dev-wasm32'
  if (spawnSync('wasm-ld', ['--version'], { timeout: 10_000 }).status !== 0) return 'there is no wasm-ld; install lld'
  if (!existsSync('/usr/include/wasm32-wasi/wasi/api.h')) return 'there is no wasi-libc; install wasi-libc libclang-rt-14-dev-wasm32'
  return undefined
}

/** Whether clang is the version that made what is committed; others make other bytes. */
export function isPinnedClang(): boolean {
  return /version 14\.0\.6\b/.test(spawnSync('clang', ['--version'], { encoding: 'utf8', timeout: 10_000 }).stdout ?? '')
}

/** Compiles sources in C to a command of WASI preview 1. */
export function compileC(sources: readonly string[], { flags = ['-Oz', '-Wall', '-Wextra', '-Werror'], timeoutMs = 30_000 }: { readonly flags?: readonly string[]; readonly timeoutMs?: number } = {}): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'glovebox-clang-'))
  try {
    const out = join(folder, 'out.wasm')
    const { status, stderr, error } = spawnSync('clang', [...CLANG_FLAGS, ...flags, ...sources, '-o', out], { cwd: GUESTS, encoding: 'utf8', timeout: timeoutMs })
    if (status !== 0) throw new Error(`clang failed: ${error?.message ?? stderr}`)
    return readFileSync(out)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
