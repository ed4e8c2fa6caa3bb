import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A directory of the host that is removed at the end of its scope. */
export function temporary(): Disposable & { readonly path: string; at(...names: readonly string[]): string } {
  const path = mkdtempSync(join(tmpdir(), 'glovebox-fs-'))
  return {
    path,
    at: (...names) => join(path, ...names),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Descriptors this process holds. */
export function openDescriptors(): number {
  return readdirSync('/proc/self/fd').length
}
