import type { Ended } from '../engine.js'
import { GloveboxError } from '../errors.js'
import type { GuestError } from '../result.js'
import { Stop } from '../stop.js'
import type { SwitchModule } from '../switch.js'
import type { Compiled } from './compiled.js'
import { HOST_FAILURE, linkHostFunctions } from './host-functions.js'
import { withoutVersion } from './imports.js'
import { CoreInstance } from './instance.js'
import type { ComponentPort } from './port.js'
import type { ComponentCall } from './seam.js'
import { type Wasi, createWasi } from './wasi/host.js'

/** What a call has of its component while it lasts. */
export interface Living {
  readonly exports: Readonly<Record<string, unknown>>
  readonly port: ComponentPort
  readonly wasi: Wasi
}

/** The guest's own error, thrown by whoever runs it. */
export class ComponentThrow {
  constructor(readonly error: GuestError) {}
}

export interface LifeOptions {
  readonly compiled: Compiled
  readonly switchModule: SwitchModule | undefined
  readonly call: ComponentCall
}

/**
 * One instance from its making to its end: `work` calls it, and what it gives is the value. Whatever the guest does
 * becomes an ending; the instance is dropped behind it and can neither run nor reach anything any more.
 */
export async function liveIn<T>({ compiled, switchModule, call }: LifeOptions, work: (living: Living) => Promise<T>): Promise<Ended<T>> {
  const { fuel } = call
  const port: ComponentPort = withSuspension(call.port, compiled.mode === 'jspi')
  const { halt, limits } = port
  const instance = new CoreInstance({ fuel, halt, limits, switchModule: compiled.mode === 'jspi' ? switchModule : undefined })
  call.watchFuel(() => instance.fuelLeft())
  let ending: Ended<T>['ending']
  try {
    const wasi = createWasi(port)
    const imports = linkImports(compiled, { wasi, port, call })
    const { exports } = compiled.instantiate(imports, instance)
    ending = { outcome: 'returned', value: await orStop(work({ exports, port, wasi }), port) }
  } catch (error) {
    // Misuse or our own defect, not the guest's doing: it must be seen.
    if (error instanceof GloveboxError) throw error
    ending = error instanceof ComponentThrow && instance.broken === undefined ? { outcome: 'threw', error: error.error } : { outcome: 'stopped' }
    if (ending.outcome === 'stopped') stopFor(error, instance, port)
  }
  const usage = { fuel: fuel.used(instance.fuelLeft()), memoryPeakBytes: instance.memoryPeakBytes }
  instance.close()
  return { ending: halt.stop === undefined ? ending : { outcome: 'stopped' }, usage }
}

/** The port with what its engine can do. Its signal is made when it is asked for, so it must not be read here. */
function withSuspension(port: ComponentCall['port'], canSuspend: boolean): ComponentPort {
  return Object.create(port, { canSuspend: { value: canSuspend } }) as ComponentPort
}

/** Only what the component imports is made. */
function linkImports({ world }: Compiled, { wasi, port, call }: { readonly wasi: Wasi; readonly port: ComponentPort; readonly call: ComponentCall }) {
  const imports = Object.create(null) as Record<string, Readonly<Record<string, unknown>>>
  for (const extern of world.imports) {
    const name = withoutVersion(extern.name)
    const own = call.interfaces[extern.name] ?? call.interfaces[name]
    if (own !== undefined) imports[name] = linkHostFunctions(extern, own, port)
    else if (name in wasi.imports) imports[name] = wasi.imports[name]!
  }
  return imports
}

/** What `work` gives, unless the call is stopped first: a guest that waits cannot hear of it by itself. */
function orStop<T>(work: Promise<T>, { halt }: ComponentPort): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const forget = halt.onStop(() => reject(halt.stop))
    work.then(resolve, reject).finally(forget)
  })
}

function stopFor(error: unknown, instance: CoreInstance, { halt, limits }: ComponentPort): void {
  if (halt.stop !== undefined) return
  if (error instanceof Stop) halt.set(error.reason, error.message)
  else if (isStackOverflow(error)) halt.set('stack', 'The component used up the stack of the host and was dropped; recurse less deeply')
  else if (instance.broken !== undefined) halt.set('trap', HOST_FAILURE)
  else if (instance.isFull && error instanceof WebAssembly.RuntimeError) halt.set('memory', `The component used up its ${limits.memoryBytes} bytes of memory; raise limits.memoryBytes`)
  else if (error instanceof WebAssembly.RuntimeError) halt.set('trap', `The component trapped: ${error.message}`)
  else halt.set('trap', 'The component broke the rules of its interface and was dropped')
}

/** Of other errors of this class, such as an offset outside of a memory, only the text tells it. */
function isStackOverflow(error: unknown): boolean {
  return (error instanceof RangeError && /call stack/.test(error.message)) || (error instanceof Error && error.name === 'InternalError')
}
