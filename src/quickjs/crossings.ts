import type { WireMessage } from '../codec.js'
import type { HostAnswer, Ports } from '../engine.js'
import { Stop } from '../stop.js'
import type { EngineExports, Ptr } from './abi.js'
import { CROSSINGS, type Crossing } from './crossing-names.js'
import type { IsolateMemory } from './memory.js'
import type { ModuleLink } from './modules.js'

/** What a guest settled on: an encoded value, or its error as JSON text. */
export type Settlement =
  | { readonly outcome: 'nothing' }
  | { readonly outcome: 'value'; readonly message: WireMessage }
  | { readonly outcome: 'error'; readonly text: string }

export interface CrossingsOptions {
  readonly exports: EngineExports
  readonly memory: IsolateMemory
  readonly ports: Ports
  /** Bytecode of a guest library. */
  readonly library: (name: string) => Uint8Array | undefined
  /** JSON text of what is particular to the call. */
  readonly settings: () => string
  readonly modules: Pick<ModuleLink, 'source' | 'script'>
  readonly onSettle: (settlement: Settlement) => void
  readonly onCallAsync: (id: number, answer: Promise<HostAnswer>) => void
}

/** Longest operation, level or library name read from a guest. */
const MAX_NAME_BYTES = 256
const MAX_MODULE_NAME_BYTES = 4096
const MAX_BLOBS = 10_000
/** The prelude cuts every part of an error well below this. */
const MAX_ERROR_BYTES = 8 << 20

/**
 * Serves every host function of one call. Arguments are read by type and size before they are copied; anything a
 * prelude would not send ends the call.
 */
export function createCrossings(options: CrossingsOptions): (name: number, argc: number, argv: number) => Ptr {
  const { exports, memory, ports } = options
  const { limits } = ports

  const argument = (argv: number, index: number): Ptr => memory.view().getUint32(argv + 4 * index, true)
  const text = (argv: number, index: number, maxBytes: number, what: string): string => {
    const value = argument(argv, index)
    if (exports.qjs_is_string(value) === 0) throw malformed(what)
    const read = memory.readString(value, maxBytes)
    if (read === undefined) throw ports.halt.set(...tooLarge(what, maxBytes))
    return read
  }
  const blobs = (argc: number, argv: number, index: number, maxBytes: number, what: string): Uint8Array[] => {
    if (argc <= index) return []
    const array = argument(argv, index)
    if (exports.qjs_is_undefined(array) === 1) return []
    if (exports.qjs_is_array(array) === 0) throw malformed(what)
    return readBlobs(options, array, maxBytes, () => ports.halt.set(...tooLarge(what, maxBytes)))
  }
  const message = (argc: number, argv: number, maxBytes: number, what: string): WireMessage => {
    const read = text(argv, 1, maxBytes, what)
    return { text: read, blobs: blobs(argc, argv, 2, maxBytes - read.length, what) }
  }

  const serve: { readonly [K in Crossing]: (argc: number, argv: number) => Ptr } = {
    call: (argc, argv) => {
      const operation = text(argv, 0, MAX_NAME_BYTES, 'operation')
      const answer = ports.call(operation, message(argc, argv, limits.hostBytesOut, 'arguments'))
      return newAnswer(memory, exports, answer)
    },
    callAsync: (argc, argv) => {
      const operation = text(argv, 0, MAX_NAME_BYTES, 'operation')
      const args = message(argc, argv, limits.hostBytesOut, 'arguments')
      options.onCallAsync(exports.qjs_get_float64(argument(argv, 3)), ports.callAsync(operation, args))
      return exports.qjs_get_undefined()
    },
    log: (_argc, argv) => {
      const level = text(argv, 0, MAX_NAME_BYTES, 'level')
      ports.write(level, text(argv, 1, limits.outputBytes + 4, 'output'))
      return exports.qjs_get_undefined()
    },
    library: (_argc, argv) => {
      const name = text(argv, 0, MAX_NAME_BYTES, 'library')
      const bytecode = options.library(name)
      if (bytecode === undefined) throw malformed(`library "${name}"`)
      const pointer = memory.writeBytes(bytecode)
      const value = exports.qjs_eval_bytecode(pointer, bytecode.length)
      memory.free(pointer)
      return value
    },
    settle: (argc, argv) => {
      const outcome = text(argv, 0, MAX_NAME_BYTES, 'outcome')
      if (outcome === 'nothing') options.onSettle({ outcome })
      else if (outcome === 'value') options.onSettle({ outcome, message: message(argc, argv, limits.resultBytes, 'result') })
      else options.onSettle({ outcome: 'error', text: text(argv, 1, MAX_ERROR_BYTES, 'error') })
      return exports.qjs_get_undefined()
    },
    stop: (argc, argv) => {
      if (text(argv, 0, MAX_NAME_BYTES, 'reason') === 'timers') {
        return ports.halt.raise('timers', `The guest has more than ${limits.timers} timers alive; raise limits.timers`)
      }
      const code = argc > 1 ? exports.qjs_get_float64(argument(argv, 1)) : 0
      ports.exit(Number.isInteger(code) ? code & 255 : 0)
      return ports.halt.raise('exit', `The guest ended itself with exit code ${code & 255}`)
    },
    settings: () => memory.newString(options.settings()),
    source: (_argc, argv) => memory.newString(options.modules.source(text(argv, 0, MAX_MODULE_NAME_BYTES, 'module name'))),
    script: (_argc, argv) => options.modules.script(text(argv, 0, MAX_MODULE_NAME_BYTES, 'module name'), text(argv, 1, limits.memoryBytes, 'source')),
    seed: () => {
      const array = exports.qjs_new_array()
      ports.seed().forEach((word, index) => {
        const value = exports.qjs_new_number(word)
        exports.qjs_set_prop_uint32(array, index, value)
        exports.qjs_free_value(value)
      })
      return array
    },
  }
  const byName = new Map<number, (argc: number, argv: number) => Ptr>()
  for (const [crossing, byte] of CROSSINGS) byName.set(byte.charCodeAt(0), serve[crossing])

  return (name, argc, argv) => {
    ports.halt.check()
    const crossing = byName.get(name)
    if (crossing === undefined) throw malformed('crossing')
    return crossing(argc, argv)
  }
}

/** The guest-side value of an answer: text, text with buffers behind it, or `!` and a fault. */
export function newAnswer(memory: IsolateMemory, exports: EngineExports, answer: HostAnswer): Ptr {
  if (!answer.ok) return memory.newString(`!${JSON.stringify(answer.error)}`)
  const { text, blobs } = answer.message
  if (blobs.length === 0) return memory.newString(text)
  return newArray(exports, [memory.newString(text), ...blobs.map((blob) => memory.newBuffer(blob))])
}

/** An array that takes over the given values. */
export function newArray(exports: EngineExports, values: readonly Ptr[]): Ptr {
  const array = exports.qjs_new_array()
  values.forEach((value, index) => {
    exports.qjs_set_prop_uint32(array, index, value)
    exports.qjs_free_value(value)
  })
  return array
}

function readBlobs({ exports, memory }: CrossingsOptions, array: Ptr, maxBytes: number, tooMuch: () => Stop): Uint8Array[] {
  const read: Uint8Array[] = []
  let left = maxBytes
  // The prelude's own dense array ends at the first element that is no buffer; the bound is for a guest that has
  // made every array look endless.
  for (let index = 0; index < MAX_BLOBS; index++) {
    const view = exports.qjs_get_prop_uint32(array, index)
    const isEnd = exports.qjs_is_array_buffer(view) === 0
    const bytes = isEnd ? undefined : memory.readBuffer(view, left)
    exports.qjs_free_value(view)
    if (isEnd) return read
    if (bytes === undefined) throw tooMuch()
    left -= bytes.length
    read.push(bytes)
  }
  throw malformed('list of buffers')
}

function malformed(what: string): Stop {
  return new Stop('poisoned', `The isolate sent a malformed ${what}; it was dropped`)
}

function tooLarge(what: string, maxBytes: number): ['result-size' | 'output' | 'host-calls' | 'poisoned', string] {
  switch (what) {
    case 'result':
      return ['result-size', `The result is larger than ${maxBytes} bytes; return less or raise limits.resultBytes`]
    case 'output':
      return ['output', `The guest wrote more than ${maxBytes} bytes of output; raise limits.outputBytes`]
    case 'arguments':
      return ['host-calls', `A host call's arguments are larger than ${maxBytes} bytes; raise limits.hostBytesOut`]
    default:
      return ['poisoned', `The isolate sent a malformed ${what}; it was dropped`]
  }
}
