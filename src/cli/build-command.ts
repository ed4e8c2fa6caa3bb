import { mkdirSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { prebuildComponent } from '../component/prebuild.js'
import { oneFile, readComponent } from './component-file.js'
import { EXIT } from './exit-code.js'
import { parseFlags } from './flags.js'
import { BUILD_HELP } from './help.js'
import { neutraliseLine } from './neutralise.js'
import { BUILD_FLAGS } from './run-flags.js'
import type { Surroundings } from './surroundings.js'
import { UsageError } from './usage-error.js'

/** `glovebox build`: the exit code. */
export async function buildCommand(args: readonly string[], { cwd, stdout }: Surroundings): Promise<number> {
  const { positionals, rest, values } = parseFlags(withLongOut(args), BUILD_FLAGS)
  if (values.has('help')) {
    stdout.write(BUILD_HELP)
    return EXIT.returned
  }
  const name = oneFile(positionals, rest, 'glovebox build FILE.wasm -o DIR')
  const out = values.get('out')?.[0]
  if (out === undefined) throw new UsageError('the directory is missing: glovebox build FILE.wasm -o DIR')
  const mode = values.get('mode')?.[0] ?? 'jspi'
  if (mode !== 'jspi' && mode !== 'sync') throw new UsageError(`--mode is "${mode}": expected jspi or sync`)
  const bytes = await readComponent(name, cwd)
  const directory = resolve(cwd, out)
  openDirectory(directory, out)
  const { digest, modules } = await prebuildComponent(bytes, directory, { mode, interfaces: (values.get('interface') ?? []).map((value) => value ?? '') })
  const size = modules.reduce((sum, each) => sum + each.size, 0)
  stdout.write(`${neutraliseLine(out)}: ${modules.length} module${modules.length === 1 ? '' : 's'}, ${size.toLocaleString('en-US')} bytes; import index.js, or node.js in Node\nsha256 ${digest}\n`)
  return EXIT.returned
}

/** Every other flag has its value after "="; this one is what everybody types. */
function withLongOut(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, index) => {
    if (args[index - 1] === '-o') return []
    if (arg !== '-o') return arg.startsWith('-o=') ? [`--out=${arg.slice(3)}`] : [arg]
    const value = args[index + 1]
    if (value === undefined) throw new UsageError('-o needs a directory: glovebox build FILE.wasm -o DIR')
    return [`--out=${value}`]
  })
}

/** What is built is code: it does not get in among other files. */
function openDirectory(path: string, name: string): void {
  const fail = (cause: unknown): never => {
    throw new UsageError(`cannot write to ${name}: ${cause instanceof Error && 'code' in cause ? String(cause.code) : 'EIO'}`)
  }
  let names: readonly string[] = []
  try {
    mkdirSync(path, { recursive: true })
    names = readdirSync(path)
  } catch (cause) {
    fail(cause)
  }
  if (names.length > 0 && !names.includes('component.json')) throw new UsageError(`${name} holds other files; name a directory of its own`)
}
