import type { WireMessage } from '../codec.js'
import type { Arguments, HostAnswer, Ports } from '../engine.js'
import { Stop } from '../stop.js'
import type { EngineExports, Ptr } from './abi.js'
import { CROSSINGS, type Crossing } from './crossing-names.js'
import type { Settlers } from './inbox.js'
import type { IsolateMemory } from './memory.js'
import type { ModuleLink } from './modules.js'
import { priceOf } from './prices.js'
import { UNREAD, type ValueReader } from './read-values.js'
import type { ValueWriter } from './write-values.js'

/** What a guest settled on: a copied or an encoded value, or its error as JSON text. */
export type Settlement =
  | { readonly outcome: 'nothing' }
  | { readonly outcome: 'value'; readonly message?: undefined; readonly value: unknown }
  | { readonly outcome: 'value'; readonly message: WireMessage }
  | { readonly outcome: 'error'; readonly text: string }

export interface CrossingsOptions {
  readonly exports: EngineExports
  readonly memory: IsolateMemory
  readonly reader: ValueReader
  readonly writer: ValueWriter
  /** The prelude's codec, for values the reader leaves: of a list of arguments, and of one value. */
  readonly encoders: { readonly encodeList: Ptr; readonly encodeValue: Ptr }
  readonly ports: Ports
  /** Bytecode of a guest library. */
  readonly library: (name: string) => Uint8Array | undefined
  /** JSON text of what is particular to the call. */
  readonly settings: () => string
  readonly modules: () => Pick<ModuleLink, 'source' | 'script'>
  readonly onSettle: (settlement: Settlement) => void
  readonly onCallAsync: (settlers: Settlers, answer: HostAnswer | Promise<HostAnswer>) => void
  /** The guest has started its first timer. */
  readonly onTimer: () => void
}

/** Longest operation, level or library name read from a guest. */
const MAX_NAME_BYTES = 256
const MAX_MODULE_NAME_BYTES = 4096
const MAX_BLOBS = 10_000
/** The prelude cuts every part of an error well below this. */
const MAX_ERROR_BYTES = 8 << 20
/** Bytes read that are covered by what the crossing costs the guest itself. */
const FREE_BYTES = 256
/** What a fuel global holds at the least while its guest may go on. */
const LEAST_FUEL = -0x3000_0000

/**
 * Serves every host function of one call. Values are read by type and size before they are copied; anything a
 * prelude would not send ends the call. Returns the value for the guest, or 0 where an exception is pending.
 */
export function createCrossings(options: CrossingsOptions): (name: number, argc: number, argv: number) => Ptr {
  const { exports, memory, ports, reader, writer, encoders } = options
  const { limits } = ports

  /** Reading is work of the host's for the guest: it pays a unit for each byte, as for what it does itself. */
  const charge = (bytes: number): void => {
    if (bytes <= FREE_BYTES) return
    const fuel = exports['glovebox:fuel']
    fuel.value = Math.max(Number(fuel.value) - bytes, LEAST_FUEL)
  }
  const argument = (argv: number, index: number): Ptr => memory.view().getUint32(argv + 4 * index, true)
  const text = (argv: number, index: number, maxBytes: number, tooMuch: () => Stop): string => textAt(argument(argv, index), maxBytes, tooMuch)
  const textAt = (value: Ptr, maxBytes: number, tooMuch: () => Stop): string => {
    reader.begin(maxBytes + 2, tooMuch)
    const read = reader.read(value)
    if (typeof read !== 'string') throw malformed('text')
    charge(reader.bytes)
    return read
  }
  const moduleName = (argv: number): string => text(argv, 0, MAX_MODULE_NAME_BYTES, tooLongName)
  const name = (argv: number): string => text(argv, 0, MAX_NAME_BYTES, tooLongName)

  /** What the prelude's codec makes of values; `undefined` where it refused them and its exception is pending. */
  const encodeInGuest = (encoder: Ptr, argc: number, argv: number, maxBytes: number, tooMuch: () => Stop): WireMessage | undefined => {
    const self = exports.qjs_get_undefined()
    const made = exports.qjs_call(encoder, self, argc, argv)
    exports.qjs_free_value(self)
    try {
      if (exports.qjs_is_exception(made) !== 0) return undefined
      if (exports.qjs_is_array(made) === 0) return { text: textAt(made, maxBytes, tooMuch), blobs: [] }
      const first = exports.qjs_get_prop_uint32(made, 0)
      const read = textAt(first, maxBytes, tooMuch)
      exports.qjs_free_value(first)
      return { text: read, blobs: readBlobs(options, made, maxBytes - read.length, tooMuch) }
    } finally {
      exports.qjs_free_value(made)
    }
  }
  const tooManyArguments = (): Stop =>
    ports.halt.set('host-calls', `A host call's arguments are larger than ${limits.hostBytesOut} bytes; raise limits.hostBytesOut`)
  const tooLargeResult = (): Stop =>
    ports.halt.set('result-size', `The result is larger than ${limits.resultBytes} bytes; return less or raise limits.resultBytes`)
  const tooMuchOutput = (): Stop =>
    ports.halt.set('output', `The guest wrote more than ${limits.outputBytes} bytes of output; raise limits.outputBytes`)

  /** All arguments but the first, which is the operation. */
  const readArguments = (argc: number, argv: number): Arguments | undefined => {
    reader.begin(limits.hostBytesOut, tooManyArguments)
    const values = reader.readArguments(argc, argv, 1)
    const { bytes } = reader
    charge(bytes)
    if (values !== UNREAD) return { values, bytes }
    const message = encodeInGuest(encoders.encodeList, argc - 1, argv + 4, limits.hostBytesOut, tooManyArguments)
    return message && { message }
  }
  const undefinedValue = (): Ptr => exports.qjs_get_undefined()

  const serve: { readonly [K in Crossing]: (argc: number, argv: number) => Ptr } = {
    call: (argc, argv) => {
      const operation = name(argv)
      const args = readArguments(argc, argv)
      if (args === undefined) return 0
      if (operation.startsWith('pure.')) charge(priceOf(operation, args))
      return writer.answer(ports.call(operation, args))
    },
    callAsync: (argc, argv) => {
      const operation = name(argv)
      const args = readArguments(argc, argv)
      const error = args === undefined ? exports.qjs_get_exception() : 0
      const promise = exports.qjs_new_promise(writer.scratch, writer.scratch + 4)
      const view = memory.view()
      const settlers = { resolve: view.getUint32(writer.scratch, true), reject: view.getUint32(writer.scratch + 4, true) }
      if (args !== undefined) {
        options.onCallAsync(settlers, ports.callAsync(operation, args))
        // An act that stops the call stops it here, whichever thread decides it.
        ports.halt.check()
      } else {
        const self = undefinedValue()
        const rejected = exports.qjs_call(settlers.reject, self, 1, writer.list([error]))
        for (const value of [error, self, rejected, settlers.resolve, settlers.reject]) exports.qjs_free_value(value)
      }
      return promise
    },
    log: (_argc, argv) => {
      const level = name(argv)
      ports.write(level, text(argv, 1, limits.outputBytes + 4, tooMuchOutput))
      return undefinedValue()
    },
    library: (_argc, argv) => {
      const library = name(argv)
      const bytecode = options.library(library)
      if (bytecode === undefined) throw malformed(`library "${library}"`)
      const pointer = memory.writeBytes(bytecode)
      const value = exports.qjs_eval_bytecode(pointer, bytecode.length)
      memory.free(pointer)
      return value
    },
    settle: (_argc, argv) => {
      const outcome = name(argv)
      if (outcome === 'nothing') options.onSettle({ outcome })
      else if (outcome === 'error') options.onSettle({ outcome: 'error', text: text(argv, 1, MAX_ERROR_BYTES, () => malformed('error')) })
      else {
        reader.begin(limits.resultBytes, tooLargeResult)
        const value = reader.read(argument(argv, 1))
        charge(reader.bytes)
        if (value !== UNREAD) options.onSettle({ outcome: 'value', value })
        else {
          const message = encodeInGuest(encoders.encodeValue, 1, argv + 4, limits.resultBytes, tooLargeResult)
          if (message === undefined) return 0
          options.onSettle({ outcome: 'value', message })
        }
      }
      return undefinedValue()
    },
    stop: (argc, argv) => {
      if (name(argv) === 'timers') {
        return ports.halt.raise('timers', `The guest has more than ${limits.timers} timers alive; raise limits.timers`)
      }
      const code = argc > 1 ? exports.qjs_get_float64(argument(argv, 1)) : 0
      ports.exit(Number.isInteger(code) ? code & 255 : 0)
      return ports.halt.raise('exit', `The guest ended itself with exit code ${code & 255}`)
    },
    settings: () => memory.newString(options.settings()),
    source: (_argc, argv) => memory.newString(options.modules().source(moduleName(argv))),
    script: (_argc, argv) => options.modules().script(moduleName(argv), text(argv, 1, limits.memoryBytes, () => malformed('source'))),
    seed: () => newArray(exports, ports.seed().map((word) => exports.qjs_new_number(word))),
    timed: () => {
      options.onTimer()
      return undefinedValue()
    },
  }
  const byName: ((argc: number, argv: number) => Ptr)[] = []
  for (const [crossing, byte] of CROSSINGS) byName[byte.charCodeAt(0)] = serve[crossing]

  return (at, argc, argv) => {
    ports.halt.check()
    const crossing = byName[memory.bytes()[at]!]
    if (crossing === undefined) throw malformed('crossing')
    return crossing(argc, argv)
  }
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

/** The buffers of an array behind its first element. */
function readBlobs({ exports, memory }: CrossingsOptions, array: Ptr, maxBytes: number, tooMuch: () => Stop): Uint8Array[] {
  const read: Uint8Array[] = []
  let left = maxBytes
  // The prelude's own dense array ends at the first element that is no buffer; the bound is for a guest that has
  // made every array look endless.
  for (let index = 1; index < MAX_BLOBS; index++) {
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

function tooLongName(): Stop {
  return malformed('name')
}
