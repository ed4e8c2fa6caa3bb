import { platform as ownPlatform } from '#compiler'
import { MeterError } from '../../wasm/meter/index.js'
import { ModuleReader } from '../../wasm/meter/module.js'
import { type ErrorCode, GloveboxError } from '../errors.js'
import { isComponent, isCoreModule } from './binary/component.js'
import { readWorld } from './binary/read-world.js'
import { printWit } from './binary/wit.js'
import { MOST_TABLE_ELEMENTS, compileComponent } from './compile.js'
import type { Compiled } from './compiled.js'
import { isCallable, listFunctions, nameOf } from './functions.js'
import { withoutVersion } from './imports.js'
import { type Need, needsOfModule, needsOfWorld } from './needs.js'
import type { CompilerPlatform } from './platform/platform.js'
import { toAsyncImports } from './prebuild.js'

/** What is known of a component, or of a core module, without running it. */
export interface Inspection {
  readonly kind: 'component' | 'core module' | 'neither'
  readonly bytes: number
  /** SHA-256 in hexadecimal. */
  readonly digest: string
  /** Why it cannot be loaded; what is not known then is left out. */
  readonly refused?: { readonly code: ErrorCode; readonly message: string }
  /** What can be done with it. */
  readonly offers?: { readonly command: boolean; readonly requests: boolean; readonly functions: readonly string[] }
  /** Grants it would need to do more than be denied, each with what it would use it for. */
  readonly needs: readonly Need[]
  readonly imports?: readonly string[]
  readonly features?: Compiled['features']
  readonly sizes?: Compiled['sizes']
  readonly wit?: string
}

export interface InspectOptions {
  /** Names of interfaces the embedder would offer. @default none */
  readonly interfaces?: readonly string[]
  /** @default the one of the package's conditional import */
  readonly platform?: CompilerPlatform
}

/**
 * Says what a component imports, exports and would need, and whether it is refused.
 * @throws GloveboxError `missing-dependency`, `unsupported-platform`
 */
export async function inspectComponent(bytes: Uint8Array, { interfaces = [], platform = ownPlatform }: InspectOptions = {}): Promise<Inspection> {
  const kind = isComponent(bytes) ? 'component' : isCoreModule(bytes) ? 'core module' : 'neither'
  const about = { kind, bytes: bytes.length, digest: await platform.digest(bytes) } as const
  const known = kind === 'component' ? attempt(() => readWorld(bytes)) : undefined
  try {
    const asyncImports = known === undefined ? [] : toAsyncImports(known, interfaces)
    const { features, imports, sizes, wit, world } = await compileComponent(bytes, { platform, interfaces, asyncImports, maxTableElements: MOST_TABLE_ELEMENTS })
    const has = (name: string): boolean => world.exports.some((each) => withoutVersion(each.name) === name)
    const functions = listFunctions(world).filter(isCallable).map(nameOf).filter((name) => !name.startsWith('wasi:'))
    const offers = { command: has('wasi:cli/run'), requests: has('wasi:http/incoming-handler'), functions }
    const needs = kind === 'component' ? needsOfWorld(world) : needsOfModule(new ModuleReader(bytes).imports)
    return { ...about, offers, needs, imports, features, sizes, wit }
  } catch (error) {
    if (!(error instanceof GloveboxError) || error.code === 'missing-dependency' || error.code === 'unsupported-platform') throw error
    const refused = { code: error.code, message: error.message }
    if (known === undefined) return { ...about, refused, needs: [] }
    return { ...about, refused, needs: needsOfWorld(known), imports: known.imports.map(({ name }) => name).sort(), wit: printWit(known) }
  }
}

/** What cannot be read is refused for it, too. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof MeterError || error instanceof GloveboxError) return undefined
    throw error
  }
}
