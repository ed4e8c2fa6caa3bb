import { GloveboxError } from '../errors.js'
import { printWit } from './binary/wit.js'
import type { Compiled } from './compiled.js'
import { type GlueFactory, OUTSIDE, toFunctionBody, toScope } from './glue.js'
import { checkLinkage } from './linkage.js'
import type { CoreFile } from './modules.js'
import { checkCoreModule } from './names.js'
import type { CompilerPlatform } from './platform/platform.js'
import type { Prepared } from './worker/protocol.js'

const PAGE = 65_536

/** Everything of a prepared component but its code. */
export type Description = Pick<Prepared, 'mode' | 'world' | 'features'> & { readonly digest: string; readonly size: number; readonly glueSize: number }

/** Compiles a prepared component's modules, checks all their names, and only then evaluates its glue. */
export async function assemble(prepared: Prepared, { digest, size, platform }: { readonly digest: string; readonly size: number; readonly platform: CompilerPlatform }): Promise<Compiled> {
  const modules = await Promise.all(prepared.modules.map(async ({ bytes, ...file }): Promise<CoreFile> => ({ ...file, size: bytes.length, module: await compile(platform, file.name, bytes) })))
  checkModules(modules)
  const factory = evaluate(platform, prepared.glue)
  return toCompiled({ ...prepared, digest, size, glueSize: prepared.glue.length }, modules, factory)
}

/** @throws GloveboxError `invalid-component` for a name that is more than a name, or a module that is not metered */
export function checkModules(modules: readonly CoreFile[]): void {
  for (const { module, name } of modules) checkCoreModule(module, name)
}

/** Puts description, modules and glue together. */
export function toCompiled(description: Description, modules: readonly CoreFile[], factory: GlueFactory): Compiled {
  const { digest, mode, world, features } = description
  const files = new Map(modules.map((file) => [file.name, file]))
  return Object.freeze({
    digest,
    mode,
    world,
    features,
    modules,
    imports: world.imports.map(({ name }) => name).sort(),
    wit: printWit(world),
    sizes: Object.freeze({
      component: description.size,
      core: modules.reduce((sum, { size }) => sum + size, 0),
      glue: description.glueSize,
      memory: modules.reduce((sum, { memory, instances }) => sum + (memory?.initialPages ?? 0) * PAGE * instances, 0),
    }),
    instantiate(imports, link) {
      checkLinkage(world, imports)
      const instantiate = factory(toScope(link.globals))
      const exports = instantiate((name) => files.get(name) ?? missing(name), imports, link.instantiateCore.bind(link))
      return { exports }
    },
  } satisfies Compiled)
}

function missing(name: string): never {
  throw new GloveboxError('internal', `The glue asks for a core module ${JSON.stringify(name)} that there is not`)
}

async function compile(platform: CompilerPlatform, name: string, bytes: Uint8Array): Promise<WebAssembly.Module> {
  try {
    return await platform.compile(bytes)
  } catch (cause) {
    if (!(cause instanceof WebAssembly.CompileError)) throw cause
    throw new GloveboxError('invalid-component', `Cannot load the component: the engine does not compile ${name}: ${cause.message}`, { cause })
  }
}

function evaluate(platform: CompilerPlatform, glue: string): GlueFactory {
  try {
    return platform.evaluate(toFunctionBody(glue), OUTSIDE)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw new GloveboxError('invalid-component', 'Cannot load the component: its names clash in the generated glue', { cause })
  }
}
