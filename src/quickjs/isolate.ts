import type { HostAnswer, Ports, Program } from '../engine.js'
import type { GuestError } from '../result.js'
import { toGuestError } from './frames.js'
import type { WireMessage } from '../codec.js'
import type { Ptr } from './abi.js'
import { compile } from './compile.js'
import { createCrossings, type Settlement } from './crossings.js'
import { GuestThrow } from './guest-throw.js'
import type { Image, PreludeFunction } from './image.js'
import type { Instance, Link } from './instance.js'
import { Inbox, type Settlers } from './inbox.js'
import { WRAPPED } from './program.js'
import type { IsolateMemory } from './memory.js'
import { type ModuleLink, createModuleLink } from './modules.js'
import { ValueReader } from './read-values.js'
import { Rejections } from './rejections.js'
import type { Turns } from './turns.js'
import type { TypeStripper } from './typescript.js'
import { ValueWriter } from './write-values.js'

/** Memory the engine keeps below the hard ceiling, so that a guest sees an error it can catch before the engine traps. */
export const RESERVE_BYTES = 512 * 1024
const MAX_TEXT_BYTES = 64 << 20
/** Settings of an isolate that serves no call. */
const EMPTY = JSON.stringify({ args: [], env: {}, stdin: '', tools: [], timers: 0, startMs: 0, mounts: [], given: [], filename: '/main.js' })

/** Source text in the isolate's memory, ready to be evaluated. */
interface Script {
  readonly code: number
  readonly length: number
  readonly name: number
  readonly options: number
}

export interface IsolateOptions {
  readonly instance: Instance
  readonly image: Image
  readonly ports: Ports
  readonly library: (name: string) => Uint8Array | undefined
  readonly typescript: TypeStripper | undefined
  /** JSON text of what is particular to the call. @default none, for an isolate of our own */
  readonly settings?: (() => string) | undefined
  /** What may be searched for modules. @default nothing */
  readonly program?: Pick<Program, 'mounts' | 'given'> | undefined
  /** Names of the packages that the image has. @default none */
  readonly packages?: ReadonlySet<string> | undefined
}

/** One disposable instance at work for one call. Any exception but `GuestThrow` means it must never be used again. */
export class Isolate {
  readonly #kept: Pick<IsolateOptions, 'ports' | 'library' | 'typescript' | 'settings' | 'program' | 'packages'>
  readonly #image: Image
  #instance!: Instance
  #turns!: Turns
  #memory!: IsolateMemory
  #writer!: ValueWriter
  /** While it has no instance. */
  #fuelLeft: number | undefined
  readonly #rejections = new Rejections()
  /** Guest source texts by file name. */
  readonly #sources = new Map<string, string>()
  readonly #original: (file: string, line: number, column: number) => number
  #settlement: Settlement | undefined
  #hasTimers = false
  /** Answers on their way to the guest. */
  readonly inbox = new Inbox()

  constructor(options: IsolateOptions) {
    const { instance, image, ports, library, typescript, settings, program, packages } = options
    this.#kept = { ports, library, typescript, settings, program, packages }
    this.#original = (file, line, column) => typescript?.originalColumn(file, line, column) ?? column
    this.#image = image
    this.attach(instance)
    ports.watchFuel(() => this.fuelLeft())
    const { exports } = instance
    exports.qjs_set_memory_limit(Math.max(ports.limits.memoryBytes - RESERVE_BYTES, RESERVE_BYTES))
    exports.qjs_set_max_stack_size(ports.limits.stackBytes)
  }

  /** Goes to work in an instance that has the isolate's memory and globals. */
  attach(instance: Instance): void {
    const { ports, library, typescript, settings = () => EMPTY, program, packages } = this.#kept
    const { exports } = instance
    this.#instance = instance
    this.#turns = instance.turns
    this.#memory = instance.access
    this.#fuelLeft = undefined
    const { prelude, landmarks, scratch } = this.#image
    this.#writer = new ValueWriter(exports, this.#memory, prelude, scratch)
    let linked: ModuleLink | undefined
    // Most programs import nothing.
    const modules = (): ModuleLink => (linked ??= createModuleLink({
      exports,
      memory: this.#memory,
      ports,
      program,
      packages,
      typescript,
      toError: (text) => this.#toError(text),
      library: (name, fn, args) => this.library(name, fn, args).text,
      exportNames: (name, member) => this.#names('exportNames', [name, member]),
      compile: (source, filename) => this.#compileAt(source, filename, WRAPPED),
      onLoad: (name, source) => this.addSource(name, source),
    }))
    const options = {
      exports,
      memory: this.#memory,
      reader: new ValueReader(this.#memory, landmarks),
      writer: this.#writer,
      encoders: prelude,
      ports,
      library,
      settings,
      modules,
      onSettle: (settlement: Settlement) => {
        this.#settlement ??= settlement
      },
      onCallAsync: (settlers: Settlers, answer: HostAnswer | Promise<HostAnswer>) => this.inbox.await(settlers, answer),
      onTimer: () => {
        this.#hasTimers = true
      },
    }
    const link: Link = {
      hostCall: createCrossings(options),
      promiseRejection: (promise, reason, handled) => this.#rejections.note(exports, { promise, reason }, handled),
      resolveModule: (importer, specifier) => modules().resolveModule(importer, specifier),
      loadModule: (name, outLength) => modules().loadModule(name, outLength),
      now: () => ports.clock.now(),
      utcOffsetSeconds: (epochSeconds) => ports.clock.utcOffsetSeconds(epochSeconds),
      // Asked for by the C library only; the guest's randomness comes through a crossing.
      random: (length) => new Uint8Array(length),
      write: (descriptor, bytes) => ports.write(descriptor === 1 ? 'stdout' : 'stderr', new TextDecoder().decode(bytes)),
      refill: () => ports.fuel.refill(),
      turn: () => ports.fuel.turn(),
    }
    instance.link = link
  }

  /** Lets go of its instance while the guest waits; nothing but `attach` can be asked of it then. */
  detach(): void {
    this.#fuelLeft = this.fuelLeft()
    this.#instance = this.#turns = this.#memory = this.#writer = undefined as never
  }

  /** Fuel left of the current slice. */
  fuelLeft(): number {
    return this.#fuelLeft ?? Math.max(Number(this.#instance.exports['glovebox:fuel'].value), 0)
  }

  get settlement(): Settlement | undefined {
    return this.#settlement
  }

  /** Calls a prelude function and returns its value, owned by the caller. */
  prelude(name: PreludeFunction, ...args: readonly Ptr[]): Ptr {
    return this.#call(this.#image.prelude[name], args)
  }

  /** Runs the compiled program with its encoded input. */
  async main(program: Ptr, input: WireMessage | undefined): Promise<void> {
    const { exports } = this.#instance
    const value = input === undefined ? exports.qjs_get_undefined() : this.#writer.value({ ok: true, message: input })
    if (value === 0) throw new GuestThrow(exports.qjs_get_exception())
    exports.qjs_free_value(await this.enter('main', program, value))
    exports.qjs_free_value(value)
  }

  /** Calls a prelude function that runs guest code, giving the host its turns meanwhile. */
  enter(name: PreludeFunction, ...args: readonly Ptr[]): Promise<Ptr> {
    return this.#enter(this.#image.prelude[name], args)
  }

  /** Compiles and evaluates source; a module gives the promise of its namespace. */
  async eval(source: string, filename: string, flags: number): Promise<Ptr> {
    const code = this.#memory.writeText(source)
    const name = this.#memory.writeText(filename)
    const value = await this.#turns.eval(code.pointer, code.length, name.pointer, flags)
    this.#memory.free(code.pointer)
    this.#memory.free(name.pointer)
    return this.#expect(value)
  }

  /** As `eval` of a global script whose first line counts as `firstLine`, so that wrapped source keeps its own lines. */
  async evalAt(source: string, filename: string, firstLine: number): Promise<Ptr> {
    const script = this.#writeScript(source, filename, firstLine)
    const value = await this.#turns.evalAt(this.#instance.exports.qjs_get_context_ptr(), script.code, script.length, script.options)
    return this.#box(value, script)
  }

  /** As `evalAt`, of source that runs nothing: it only makes a function. */
  #compileAt(source: string, filename: string, firstLine: number): Ptr {
    const { exports } = this.#instance
    const script = this.#writeScript(source, filename, firstLine)
    return this.#box(exports.JS_Eval2(exports.qjs_get_context_ptr(), script.code, script.length, script.options), script)
  }

  #writeScript(source: string, filename: string, firstLine: number): Script {
    const { pointer: code, length } = this.#memory.writeText(source)
    const { pointer: name } = this.#memory.writeText(filename)
    // JSEvalOptions of quickjs.h: version 1, flags, filename, line.
    const options = this.#memory.alloc(16)
    const view = this.#memory.view()
    ;[1, 0, name, firstLine].forEach((field, index) => view.setInt32(options + 4 * index, field, true))
    return { code, length, name, options }
  }

  #box(value: bigint, { code, name, options }: Script): Ptr {
    for (const pointer of [code, name, options]) this.#memory.free(pointer)
    const boxed = this.#memory.alloc(8)
    this.#memory.view().setBigInt64(boxed, value, true)
    return this.#expect(boxed)
  }

  /** Names of the parts of a CommonJS package that was evaluated into the image. */
  packageParts(name: string): string {
    return this.#names('packageParts', [name])
  }

  /** Frees a value that a call returned. */
  release(value: Ptr): void {
    this.#instance.exports.qjs_free_value(value)
  }

  #names(fn: 'exportNames' | 'packageParts', texts: readonly string[]): string {
    const args = texts.map((text) => this.#memory.newString(text))
    const names = this.prelude(fn, ...args)
    const text = this.#memory.readString(names, MAX_TEXT_BYTES) ?? ''
    for (const value of [...args, names]) this.#instance.exports.qjs_free_value(value)
    return text
  }

  /** Throws the syntax error of source that does not compile; nothing of it is evaluated. */
  compile(source: string, filename: string, flags: number): void {
    const { exports } = this.#instance
    const compiled = compile(exports, this.#memory, { source, filename, flags })
    if (compiled === undefined) throw new GuestThrow(exports.qjs_get_exception())
    this.#memory.free(compiled.pointer)
  }

  /** Calls a function of a guest library with texts and numbers and reads what it returns. */
  library(name: string, fn: string, args: readonly (string | number)[]): { readonly text: string; readonly number: number } {
    const { exports } = this.#instance
    const libraryName = this.#memory.newString(name)
    const library = this.prelude('lib', libraryName)
    const property = this.#memory.writeText(fn)
    const found = exports.qjs_get_prop_string(library, property.pointer)
    this.#memory.free(property.pointer)
    const values = args.map((value) => (typeof value === 'string' ? this.#memory.newString(value) : exports.qjs_new_number(value)))
    const returned = this.#call(found, values)
    const text = exports.qjs_is_string(returned) === 0 ? '' : (this.#memory.readString(returned, MAX_TEXT_BYTES) ?? '')
    const number = exports.qjs_get_float64(returned)
    for (const value of [libraryName, library, found, returned, ...values]) exports.qjs_free_value(value)
    return { text, number }
  }

  /** Whether jobs are queued. */
  get hasJobs(): boolean {
    return this.#instance.exports.qjs_is_job_pending() !== 0
  }

  /** Runs queued jobs until there are none; each is metered like any guest code. */
  async drainJobs(): Promise<void> {
    if ((await this.#turns.drain()) < 0) throw new GuestThrow(this.#instance.exports.qjs_get_exception())
  }

  /** The reason of a rejection that nothing handles, once jobs are drained. */
  unhandledRejection(): Ptr | undefined {
    return this.#rejections.first()
  }

  /** Hands the oldest answer that has arrived to the guest, if there is one, and runs the jobs that follow. */
  async deliverAnswer(): Promise<void> {
    const arrived = this.inbox.take()
    if (arrived === undefined) return
    const { exports } = this.#instance
    const { answer, settlers: { resolve, reject } } = arrived
    const made = answer.ok ? this.#writer.value(answer) : 0
    const value = made !== 0 ? made : answer.ok ? exports.qjs_get_exception() : this.#toError(JSON.stringify(answer.error))
    const self = exports.qjs_get_undefined()
    const left = await this.#turns.deliver(made === 0 ? reject : resolve, self, 1, this.#writer.list([value]))
    for (const used of [value, self, resolve, reject]) exports.qjs_free_value(used)
    if (left < 0) throw new GuestThrow(exports.qjs_get_exception())
  }

  /** Milliseconds until the next timer of the guest is due, or -1. */
  nextTimer(): number {
    if (!this.#hasTimers) return -1
    const value = this.prelude('nextTimer')
    const due = this.#instance.exports.qjs_get_float64(value)
    this.#instance.exports.qjs_free_value(value)
    return due
  }

  /** Runs the next due timer; `force` runs the next one at all, for a clock that does not move. */
  async fireTimer(options: { readonly force: boolean }): Promise<void> {
    const { exports } = this.#instance
    const force = exports.qjs_new_number(options.force ? 1 : 0)
    exports.qjs_free_value(await this.enter('fireTimer', force))
    exports.qjs_free_value(force)
  }

  /** As `describe`, of an error no guest code had a part in. */
  describeNow(value: Ptr): string {
    return this.#memory.readString(this.prelude('describeError', value), 1 << 20) ?? '{}'
  }

  /** JSON text of a thrown value, made by the prelude under the guest's fuel. */
  async describe(value: Ptr): Promise<string> {
    const text = await this.enter('describeError', value)
    return this.#memory.readString(text, 1 << 20) ?? '{}'
  }

  /** A described error with its stack in the guest's own coordinates and the source line it came from. */
  toGuestError(described: string): GuestError {
    return toGuestError(described, { sources: this.#sources, original: this.#original })
  }

  /** Remembers the text behind a file name, for code frames. */
  addSource(filename: string, source: string): void {
    this.#sources.set(filename, source)
  }

  #toError(text: string): Ptr {
    const argument = this.#memory.newString(text)
    const error = this.prelude('toError', argument)
    this.#instance.exports.qjs_free_value(argument)
    return error
  }

  #call(fn: Ptr, args: readonly Ptr[]): Ptr {
    const { exports } = this.#instance
    const argv = this.#newArguments(args)
    const value = exports.qjs_call(fn, exports.qjs_get_undefined(), args.length, argv)
    if (argv !== 0) this.#memory.free(argv)
    return this.#expect(value)
  }

  async #enter(fn: Ptr, args: readonly Ptr[]): Promise<Ptr> {
    const { exports } = this.#instance
    const argv = this.#newArguments(args)
    const value = await this.#turns.call(fn, exports.qjs_get_undefined(), args.length, argv)
    if (argv !== 0) this.#memory.free(argv)
    return this.#expect(value)
  }

  #newArguments(args: readonly Ptr[]): number {
    if (args.length === 0) return 0
    const argv = this.#memory.alloc(4 * args.length)
    const view = this.#memory.view()
    args.forEach((value, index) => view.setUint32(argv + 4 * index, value, true))
    return argv
  }

  #expect(value: Ptr): Ptr {
    const { exports } = this.#instance
    if (exports.qjs_is_exception(value) === 0) return value
    throw new GuestThrow(exports.qjs_get_exception())
  }
}
