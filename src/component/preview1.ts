import { ModuleReader } from '../../wasm/meter/module.js'
import { GloveboxError } from '../errors.js'
import { show } from './names.js'
import { toNumericWorld } from './numeric-world.js'
import type { Transpiler } from './worker/transpiler.js'

const PREVIEW1 = 'wasi_snapshot_preview1'

/** How many imports a message lists. */
const MOST_SHOWN = 20

export interface Adapters {
  readonly command: Uint8Array
  readonly reactor: Uint8Array
}

/**
 * Makes a component of a core module: of one that carries its world, of a command or reactor of WASI preview 1, or of
 * one that imports nothing and exports functions of numbers.
 * @throws GloveboxError `unknown-import`, `invalid-component`
 * @throws MeterError for what no module may use
 */
export async function adapt(bytes: Uint8Array, { adapters, transpiler }: { readonly adapters: Adapters | undefined; readonly transpiler: Transpiler }): Promise<Uint8Array> {
  const module = new ModuleReader(bytes)
  const isCommand = module.exports.some(({ name }) => name === '_start')
  const given = adapters === undefined ? [] : [[PREVIEW1, isCommand ? adapters.command : adapters.reactor] as const]
  // Tools write the world of a core module into sections called `component-type…`.
  const hasWorld = module.sections.some(({ name }) => name.startsWith('component-type'))
  if (hasWorld) return transpiler.componentNew(bytes, given)
  checkImports(module)
  if (isCommand) return transpiler.componentNew(bytes, given)
  const world = toNumericWorld(module)
  return transpiler.componentNew(await transpiler.componentEmbed(bytes, world), module.imports.length > 0 ? given : [])
}

function checkImports({ imports }: ModuleReader): void {
  const unknown = [...new Set(imports.filter(({ module }) => module !== PREVIEW1).map(({ module, name }) => `${module}.${name}`))]
  if (unknown.length === 0) return
  const more = unknown.length > MOST_SHOWN ? ` and ${unknown.length - MOST_SHOWN} more` : ''
  throw new GloveboxError('unknown-import', `Cannot load the core module: it imports ${unknown.slice(0, MOST_SHOWN).map(show).join(', ')}${more}, and no world says what that is; core modules may import ${PREVIEW1}, everything else has to be a component`)
}
