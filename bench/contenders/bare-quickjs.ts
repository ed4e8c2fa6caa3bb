import { meter } from '../../wasm/meter/index.js'
import { type Machine, createMachine } from '../meter/machine.js'
import { readPackageFile } from '../packages.js'
import type { Contender } from '../suite.js'
import { type Room, waysOf } from './room.js'

const common = { limits: 'none', pace: 'fast', package: 'quickjs-wasi' } as const

/** The engine's module with nothing around it: what metering costs shows between this and the next one. */
export const bareQuickjs: Contender = { ...common, name: 'quickjs.wasm', arm: 'baseline', open: { compute: () => openBare((bytes) => bytes) } }

export const bareQuickjsMetered: Contender = {
  ...common,
  name: 'quickjs.wasm, metered',
  arm: 'baseline',
  limits: 'fuel',
  open: { compute: () => openBare((bytes) => meter(bytes, { code: 'known', imports: 'host' }).bytes) },
}

/** What the engine asks of WASI goes to Node's own, which is documented as no security boundary. */
export const nodeWasi: Contender = {
  ...common,
  name: 'node:wasi, quickjs.wasm',
  arm: 'contained',
  ...waysOf({
    room: 'isolate',
    parts: [],
    lacks: { 'kept-isolate': 'its instances are those of quickjs-wasi' },
    async prepare() {
      // Importing it alone prints a warning.
      const { WASI } = await import('node:wasi')
      const module = await WebAssembly.compile(readPackageFile('quickjs-wasi', 'quickjs.wasm'))
      return (): Room => {
        const wasi = new WASI({ version: 'preview1' })
        return toRoom(createMachine(module, { wasi: { imports: wasi.wasiImport, initialize: (instance) => wasi.initialize(instance) } }))
      }
    },
  }),
}

async function openBare(prepare: (bytes: Uint8Array) => Uint8Array) {
  const bytes = prepare(readPackageFile('quickjs-wasi', 'quickjs.wasm'))
  const room = toRoom(createMachine(await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>)))
  return (program: string): unknown => room.evaluate(program)
}

function toRoom(machine: Machine): Room {
  return { evaluate: (program) => JSON.parse(String(machine.evaluate(`JSON.stringify(${program})`))) as unknown, close() {} }
}
