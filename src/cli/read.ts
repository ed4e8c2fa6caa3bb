import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { parseStrictJson } from '../policy-file/json.js'
import { parsePolicy } from '../policy-file/parse.js'
import type { Policy } from '../policy-file/schema.js'
import type { Surroundings } from './surroundings.js'
import { UsageError } from './usage-error.js'

/** The most any source may have; the run's own limit is lower and has its own outcome. */
const MOST_SOURCE_BYTES = 64 << 20

export interface ProgramText {
  readonly source: string
  readonly filename: string
  readonly language: 'js' | 'ts'
}

/** Reads the program: a file, or standard input for `-`. @throws UsageError */
export async function readProgram(name: string, { cwd, stdin }: Pick<Surroundings, 'cwd' | 'stdin'>): Promise<ProgramText> {
  if (name === '-') return { source: new TextDecoder().decode(await readAll(stdin, 'the program on standard input')), filename: 'stdin.js', language: 'js' }
  const source = await readText(resolve(cwd, name), `the program "${name}"`)
  const filename = basename(name).replace(/[^\w.@-]/g, '_').slice(-255)
  return { source, filename, language: /\.[cm]?ts$/.test(name) ? 'ts' : 'js' }
}

/** @throws UsageError when there is more than any source may have */
export async function readAll(stream: AsyncIterable<Uint8Array>, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += chunk.length
    if (bytes > MOST_SOURCE_BYTES) throw new UsageError(`${what} has more than ${MOST_SOURCE_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** Reads a text file that the embedder named. @throws UsageError */
export async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO'
    throw new UsageError(`cannot read ${what}: ${code}`)
  }
}

/** Reads a policy file; host paths in it are left as they are. */
export async function readPolicy(path: string, name: string): Promise<Policy> {
  return parsePolicy(parseStrictJson(await readText(path, `the policy "${name}"`), `the policy "${name}"`))
}

/** `--input=JSON` or `--input=@FILE`. @throws UsageError */
export async function readInput(text: string | undefined, cwd: string): Promise<unknown> {
  return text === undefined ? undefined : readJson(text, { flag: '--input', cwd })
}

/** JSON, or `@FILE` for what is in a file. @throws UsageError */
export async function readJson(text: string, { flag, cwd }: { readonly flag: '--input' | '--args'; readonly cwd: string }): Promise<unknown> {
  const json = text.startsWith('@') ? await readText(resolve(cwd, text.slice(1)), `the ${flag.slice(2)} "${text.slice(1)}"`) : text
  try {
    return JSON.parse(json) as unknown
  } catch (cause) {
    const remedy = flag === '--input' ? `a text needs quotes: --input='"text"'` : `write a list: --args='["text", 1]'`
    throw new UsageError(`${flag} is no JSON: ${cause instanceof Error ? cause.message : String(cause)}; ${remedy}`)
  }
}
