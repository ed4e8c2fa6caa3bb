import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { UsageError } from './usage-error.js'

/** As the engine's own: more is refused before it is read. */
const MOST_BYTES = 64 << 20

/** Whether a file is given to the engine of components. */
export const isWasm = (name: string): boolean => /\.wasm$/i.test(name)

/** Reads a component or a core module. @throws UsageError */
export async function readComponent(name: string, cwd: string): Promise<Uint8Array> {
  const path = resolve(cwd, name)
  try {
    const { size } = await stat(path)
    if (size > MOST_BYTES) throw new UsageError(`the component "${name}" has ${size} bytes where ${MOST_BYTES} are the most`)
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof UsageError) throw cause
    throw new UsageError(`cannot read the component "${name}": ${cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO'}`)
  }
}

/** The one file a command line names. @throws UsageError */
export function oneFile([name, ...further]: readonly string[], rest: readonly string[], usage: string): string {
  if (name === undefined) throw new UsageError(`the component is missing: ${usage}`)
  const extra = further[0] ?? rest[0]
  if (extra !== undefined) throw new UsageError(`unexpected "${extra}": ${usage}`)
  return name
}
