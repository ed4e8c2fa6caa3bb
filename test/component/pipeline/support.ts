import { componentEmbed, componentNew, parse } from '@bytecodealliance/jco-transpile/wasm-tools'
import { type CompileOptions, compileComponent } from '../../../src/component/compile.js'
import type { Compiled } from '../../../src/component/compiled.js'
import type { CoreLink } from '../../../src/component/link.js'
import { compilerFromSources } from '../../support/compiler-platform.js'

const PAGE = 65_536

/** Makes a component of its text. */
export async function wat(text: string): Promise<Uint8Array> {
  return (await parse(text)).slice()
}

export const compile = (bytes: Uint8Array, options: Partial<CompileOptions> = {}): Promise<Compiled> => compileComponent(bytes, { platform: compilerFromSources, ...options })

export const compileText = async (text: string, options: Partial<CompileOptions> = {}): Promise<Compiled> => compile(await wat(text), options)

/** What a call gives an instance, in its plainest form: a budget, and memories of 16 MiB. */
export function createLink({ fuel: budget = 10_000_000 }: { readonly fuel?: number } = {}): CoreLink & { readonly used: () => number } {
  const fuel = new WebAssembly.Global({ value: 'i32', mutable: true }, 0)
  let handed = 0
  const refill = (): number => {
    const slice = Math.min(1_000_000, budget - handed)
    handed += Math.max(0, slice)
    return slice > 0 ? slice : -1
  }
  return {
    used: () => handed - Math.max(0, fuel.value as number),
    globals: { WebAssembly: { Global: WebAssembly.Global, RuntimeError: WebAssembly.RuntimeError, promising: Reflect.get(WebAssembly, 'promising'), Suspending: Reflect.get(WebAssembly, 'Suspending') }, TextDecoder },
    instantiateCore({ module, memory }, imports = {}) {
      const own = memory && { memory: new WebAssembly.Memory({ initial: memory.initialPages, maximum: Math.max(memory.initialPages, Math.min(memory.maxPages ?? 65_536, (16 << 20) / PAGE)) }) }
      return new WebAssembly.Instance(module, { ...imports, glovebox: { fuel, refill, ...own } })
    },
  }
}

/** A component that traps whatever is called of it, of a world in WIT. */
export async function fromWit(witSource: string, world = 'w'): Promise<Uint8Array> {
  return (await componentNew(await componentEmbed({ witSource, dummy: true, world }), [])).slice()
}

/** A component with a custom section more. */
export function withCustom(bytes: Uint8Array, name: string, text: string): Uint8Array {
  const encode = (value: string): number[] => [...new TextEncoder().encode(value)]
  const body = [...leb(name.length), ...encode(name), ...encode(text)]
  return Uint8Array.of(...bytes, 0, ...leb(body.length), ...body)
}

const leb = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)])
