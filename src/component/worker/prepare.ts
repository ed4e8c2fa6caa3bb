import { meter, MeterError } from '../../../wasm/meter/index.js'
import { GloveboxError } from '../../errors.js'
import { type ComponentEvents, isComponent, isCoreModule, readComponent } from '../binary/component.js'
import { withDocs } from '../binary/docs.js'
import { toWorld } from '../binary/world.js'
import { toGlue } from '../glue.js'
import { checkExports, checkImports, withoutVersion } from '../imports.js'
import { adapt } from '../preview1.js'
import type { World } from '../world.js'
import { countInstances } from './instances.js'
import type { Bounds, Order, Prepared, PreparedModule } from './protocol.js'
import type { Transpiler } from './transpiler.js'

/**
 * Takes a component apart and meters its core modules.
 * @throws GloveboxError for what is refused; whatever else is thrown says that the transpiler broke
 */
export async function prepare(order: Order, transpiler: Transpiler): Promise<Prepared> {
  const { bounds } = order
  const adapted = !isComponent(order.bytes)
  const bytes = adapted ? await toComponent(order, transpiler) : order.bytes
  const { world, modules: embedded } = read(bytes, bounds)
  checkImports(world, new Set(order.interfaces))
  checkExports(world)
  const mode = chooseMode(order, world)
  const files = await generate(bytes, { mode, world, order, transpiler, embedded })
  const text = files.find(({ name }) => name.endsWith('.js'))
  if (text === undefined) throw new GloveboxError('internal', 'The transpiler generated no glue')
  checkOutput(files.reduce((sum, file) => sum + file.bytes.length, 0), bounds)
  const glue = toGlue(new TextDecoder().decode(text.bytes))
  const { modules, features } = meterAll(files.filter(({ name }) => name.endsWith('.wasm')), glue, bounds)
  return { mode, world, glue, modules, features, adapted }
}

async function toComponent({ bytes, adapters }: Order, transpiler: Transpiler): Promise<Uint8Array> {
  if (!isCoreModule(bytes)) throw new GloveboxError('invalid-component', 'Cannot load the component: the bytes are neither a component nor a core module of WebAssembly')
  return adapt(bytes, { adapters, transpiler })
}

function read(bytes: Uint8Array, { maxModules, maxExports }: Bounds): { readonly world: World; readonly modules: readonly Uint8Array[] } {
  const modules: Uint8Array[] = []
  const docs: Uint8Array[] = []
  const scope = readOrRefuse(bytes, {
    onModule(module) {
      modules.push(module)
      if (modules.length > maxModules) throw new GloveboxError('invalid-component', `Cannot load the component: it has more than ${maxModules} core modules`)
    },
    onCustom(name, payload) {
      if (name === 'package-docs') docs.push(payload)
    },
  })
  const world = withDocs(toWorld(scope), docs)
  for (const externs of [world.imports, world.exports]) {
    const count = externs.reduce((sum, extern) => sum + (extern.kind === 'function' ? 1 : extern.functions.length + extern.resources.length + extern.types.length), 0)
    if (count > maxExports) throw new GloveboxError('invalid-component', `Cannot load the component: it imports or exports ${count} items where ${maxExports} are the most`)
  }
  return { world, modules }
}

function readOrRefuse(bytes: Uint8Array, events: ComponentEvents): ReturnType<typeof readComponent> {
  try {
    return readComponent(bytes, events)
  } catch (error) {
    if (!(error instanceof MeterError)) throw error
    const what = error.message.replace(/^Cannot meter the module: /, '')
    throw new GloveboxError('invalid-component', `Cannot load the component: ${what}`)
  }
}

function chooseMode({ mode, canSuspend, asyncImports }: Order, { imports }: World): 'sync' | 'jspi' {
  if (mode !== 'auto') return mode
  const waits = new Set(asyncImports)
  const isWaiting = imports.some((extern) => extern.kind === 'interface' && extern.functions.some(({ name }) => waits.has(`${withoutVersion(extern.name)}#${name}`)))
  return canSuspend && isWaiting ? 'jspi' : 'sync'
}

interface Generation {
  readonly mode: 'sync' | 'jspi'
  readonly world: World
  readonly order: Order
  readonly transpiler: Transpiler
  readonly embedded: readonly Uint8Array[]
}

async function generate(bytes: Uint8Array, { mode, world, order, transpiler, embedded }: Generation): Promise<readonly { readonly name: string; readonly bytes: Uint8Array }[]> {
  const exports = world.exports.flatMap((extern) => (extern.kind === 'function' ? [extern.name] : extern.functions.map(({ name }) => `${extern.name}#${name}`)))
  try {
    return await transpiler.generate(bytes, mode === 'sync' ? undefined : { imports: order.asyncImports, exports })
  } catch (error) {
    // What the transpiler knows by offset only, the meter may know by name.
    if (error instanceof GloveboxError && error.code === 'invalid-component') for (const module of embedded) refuseByName(module, order.bounds)
    throw error
  }
}

function refuseByName(module: Uint8Array, bounds: Bounds): void {
  try {
    meter(module, meterOptions(bounds))
  } catch (error) {
    if (error instanceof MeterError && error.feature !== 'malformed') throw error
  }
}

function meterAll(files: readonly { readonly name: string; readonly bytes: Uint8Array }[], glue: string, bounds: Bounds): { readonly modules: readonly PreparedModule[]; readonly features: readonly string[] } {
  const instances = countInstances(glue, files.map(({ name }) => name))
  const total = [...instances.values()].reduce((sum, count) => sum + count, 0)
  if (total > bounds.maxInstances) throw new GloveboxError('invalid-component', `Cannot load the component: it makes ${total} instances of core modules where ${bounds.maxInstances} are the most`)
  const features = new Set<string>()
  let output = glue.length
  let pages = 0
  const modules = files.map(({ name, bytes }) => {
    const metered = meter(bytes, meterOptions(bounds))
    for (const feature of metered.report.features) features.add(feature)
    output += metered.bytes.length
    checkOutput(output, bounds)
    const count = instances.get(name) ?? 0
    const memory = metered.report.importsMemory ? metered.report.memory : undefined
    pages += (memory?.initialPages ?? 0) * count
    return { name, bytes: metered.bytes, instances: count, memory }
  })
  if (pages * 65_536 > bounds.maxMemoryBytes) throw new MeterError('memory-limit', 0, `memories that start with ${pages * 65_536} bytes where ${bounds.maxMemoryBytes} are the most`)
  return { modules, features: [...features].sort() }
}

const meterOptions = ({ maxMemoryBytes, maxTableElements }: Bounds) =>
  ({ fuel: 'host', memory: 'host', state: 'exported', maxMemoryPages: Math.floor(maxMemoryBytes / 65_536), maxTableElements }) as const

function checkOutput(bytes: number, { maxOutputBytes }: Bounds): void {
  if (bytes > maxOutputBytes) throw new GloveboxError('load-stopped', `Cannot load the component: it comes to more than ${maxOutputBytes} bytes of code; raise maxOutputBytes if it is worth it`)
}
