import { EncodeError, decode, encode, type WireMessage } from './codec.js'
import { Call, type CallContext } from './call.js'
import type { Ended, Ports, Program, ProgramEngine } from './engine.js'
import { GloveboxError } from './errors.js'
import type { Stdin } from './grants.js'
import { checkModules, createModuleSources, toModuleName } from './modules.js'
import { type RunOptions, checkRunOptions } from './options.js'
import { describeReach, toSeed } from './powers.js'
import type { RunResult } from './result.js'

export interface RunContext extends CallContext {
  readonly engine: ProgramEngine
}

/**
 * Runs one program: the life of a call whose guest is source text.
 * @throws GloveboxError for misuse, before anything of the guest is looked at
 */
export async function run<T>(source: string, options: RunOptions, context: RunContext): Promise<RunResult<T>> {
  checkRunOptions(options)
  if (typeof source !== 'string') throw new GloveboxError('invalid-option', `run: expected source text, got ${typeof source}`)
  const call = new Call(options, context)
  const ports = toPorts(call, checkModules(options.modules))
  const program = toProgram(source, options, call)
  const { halt, limits } = call
  if (byteLength(source) > limits.sourceBytes) {
    halt.set('source-size', `The program is larger than ${limits.sourceBytes} bytes; raise limits.sourceBytes`)
  }
  return call.live(async (): Promise<Ended<T>> => {
    const { ending, usage } = await context.engine.run(program, ports)
    if (ending.outcome !== 'returned' || halt.stop !== undefined) return { ending: ending.outcome === 'returned' ? { outcome: 'stopped' } : ending, usage }
    if (ending.message === undefined) return { ending: { outcome: 'returned', value: ending.value as T }, usage }
    try {
      return { ending: { outcome: 'returned', value: decode(ending.message) as T }, usage }
    } catch {
      // Only a guest that reached its own prelude's internals can send this.
      halt.set('poisoned', 'The isolate sent a malformed result; it was dropped')
      return { ending: { outcome: 'stopped' }, usage }
    }
  }, context.engine)
}

function toPorts(call: Call, modules: ReturnType<typeof checkModules>): Ports {
  let made: ReturnType<typeof createModuleSources> | undefined
  // Most programs import nothing.
  const sources = () => (made ??= createModuleSources({ modules, mounts: grants.fs.keys(), call: (operation, ...values) => door.call(operation, { values, bytes: 0 }) }))
  const { limits, halt, fuel, clock, door, grants, once, output, random } = call
  return {
    limits,
    halt,
    fuel,
    get place() {
      return call.place
    },
    clock: grants.clock === undefined ? clock : { ...clock, now: () => (once('clock', 'now', describeReach(grants.clock!)), clock.now()) },
    get signal() {
      return call.signal
    },
    call: (operation, args) => door.call(operation, args),
    callAsync: (operation, args) => door.callAsync(operation, args),
    resolveModule: (importer, specifier) => sources().resolveModule(importer, specifier),
    loadModule: (name) => sources().loadModule(name),
    write: (level, text) => output.write(level, text),
    exit: (code) => {
      call.exitCode = code
    },
    seed: () => {
      if (grants.random !== undefined) once('random', 'seed', describeReach(grants.random))
      return toSeed(random)
    },
    watchFuel: (left) => call.watchFuel(left),
  }
}

function toProgram(source: string, options: RunOptions, { grants }: Call): Program {
  const filename = options.filename ?? (options.language === 'ts' ? 'main.ts' : 'main.js')
  return {
    source,
    language: options.language ?? (filename.endsWith('.ts') ? 'ts' : 'js'),
    filename,
    input: options.input === undefined ? undefined : encodeInput(options.input),
    args: [...(options.args ?? [])],
    env: grants.env,
    stdin: toText(grants.stdin),
    tools: [...grants.tools.keys()],
    mounts: [...grants.fs.keys()],
    given: Object.keys(options.modules ?? {}).map(toModuleName),
  }
}

function toText(stdin: Stdin): string {
  if (typeof stdin === 'string') return stdin
  if (stdin instanceof Uint8Array) return new TextDecoder().decode(stdin)
  throw new GloveboxError('invalid-grant', 'Cannot grant "stdin" as a stream to a program: it reads all of it at once; pass text or bytes')
}

function encodeInput(input: unknown): WireMessage {
  try {
    return encode(input)
  } catch (cause) {
    if (!(cause instanceof EncodeError)) throw cause
    throw new GloveboxError('invalid-input', `Cannot pass "input": ${cause.message}`, { cause })
  }
}

/** UTF-8 bytes of a text, without encoding it. */
function byteLength(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}
