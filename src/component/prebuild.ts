import { platform as ownPlatform } from '#compiler'
import { MeterError } from '../../wasm/meter/index.js'
import { GloveboxError } from '../errors.js'
import { isComponent } from './binary/component.js'
import { readWorld } from './binary/read-world.js'
import { MOST_TABLE_ELEMENTS } from './compile.js'
import { withoutVersion } from './imports.js'
import type { CompilerPlatform } from './platform/platform.js'
import { type Manifest, writePrebuilt } from './prebuilt.js'
import { ASYNC_IMPORTS } from './wasi/asynchronous.js'
import type { World } from './world.js'

export interface PrebuildOptions {
  /** `jspi` gives guests that can be suspended, for runtimes that have it. @default 'jspi' */
  readonly mode?: 'jspi' | 'sync'
  /** Names of interfaces the embedder will offer. @default none */
  readonly interfaces?: readonly string[]
  /** @default the one of the package's conditional import */
  readonly platform?: CompilerPlatform
}

/**
 * Prepares a component ahead of time as `sandbox.load()` would, and writes it to a folder.
 * @throws GloveboxError as `sandbox.load()` does
 */
export async function prebuildComponent(bytes: Uint8Array, directory: string, { mode = 'jspi', interfaces = [], platform = ownPlatform }: PrebuildOptions = {}): Promise<Manifest> {
  const world = isComponent(bytes) ? toWorld(bytes) : undefined
  const asyncImports = [...ASYNC_IMPORTS, ...(world === undefined ? [] : toAsyncImports(world, interfaces))]
  return writePrebuilt(bytes, directory, { platform, mode, interfaces, asyncImports, maxTableElements: MOST_TABLE_ELEMENTS })
}

/** Functions of the embedder's interfaces, all of which may wait. */
export function toAsyncImports({ imports }: World, interfaces: readonly string[]): readonly string[] {
  return imports
    .filter(({ name }) => interfaces.includes(name) || interfaces.includes(withoutVersion(name)))
    .flatMap((each) => (each.kind === 'function' ? [] : each.functions.map(({ name }) => `${withoutVersion(each.name)}#${name}`)))
}

function toWorld(bytes: Uint8Array): World {
  try {
    return readWorld(bytes)
  } catch (cause) {
    if (!(cause instanceof MeterError)) throw cause
    throw new GloveboxError('invalid-component', `Cannot load the component: ${cause.message.replace(/^Cannot meter the module: /, '')}`, { cause })
  }
}
