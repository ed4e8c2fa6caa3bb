import { Denied, GuestVisibleError, type HostCall, type Handlers, toHandlers } from '../capability.js'
import type { SchemaResult, StandardSchema, Tool } from './tool.js'

export interface ToolHandlersOptions {
  readonly tools: ReadonlyMap<string, Tool>
  /** Encoded size of a value in bytes. */
  readonly sizeOf: (value: unknown) => number
  /** Aborts the returned signal after `ms` or with `signal`; the platform's timers stay outside. */
  readonly withTimeout: (signal: AbortSignal, ms: number | undefined) => { readonly signal: AbortSignal; readonly release: () => void }
}

const MAX_INPUT_BYTES = 1 << 20
const MAX_OUTPUT_BYTES = 4 << 20
const MAX_ISSUES = 8

/** `tool.call(name, input)`: input checked, executed, output checked. */
export function createToolHandlers({ tools, sizeOf, withTimeout }: ToolHandlersOptions): Handlers {
  const calls = new Map<string, number>()
  const onAbort = createAbortWatch()
  return toHandlers({
    'tool.call': async ([name, input], call) => {
      call.target = String(name)
      const tool = typeof name === 'string' ? tools.get(name) : undefined
      if (tool === undefined) throw new Denied(`tools.${String(name)}`, 'no such tool was granted', `tools: { ${JSON.stringify(name)}: defineTool({ ... }) }`)
      const { options } = tool
      const count = (calls.get(name as string) ?? 0) + 1
      calls.set(name as string, count)
      if (options.maxCalls !== undefined && count > options.maxCalls) {
        throw new Denied(`tools.${String(name)}`, `it was called ${options.maxCalls} times already`, `a tool with a higher maxCalls`)
      }
      spend(call, 'out', sizeOf(input), options.maxInputBytes ?? MAX_INPUT_BYTES, `Input of tool "${String(name)}"`)
      const checked = await validate(options.input, input, (issues) => new GuestVisibleError('TypeError', 'invalid-input', `Tool "${String(name)}" refused its input: ${issues}`))
      const timeout = withTimeout(call.signal, options.timeoutMs)
      let output: unknown
      try {
        output = await execute(tool, checked, { signal: timeout.signal, callId: `${String(name)}:${count}`, name: String(name), onAbort, source: (label) => call.source(label) })
      } finally {
        timeout.release()
      }
      const answer = options.output === undefined ? output : await validate(options.output, output, () => new GuestVisibleError('Error', 'invalid-output', `Tool "${String(name)}" answered what its schema forbids`))
      spend(call, 'in', call.measure?.(answer) ?? sizeOf(answer), options.maxOutputBytes ?? MAX_OUTPUT_BYTES, `Output of tool "${String(name)}"`)
      call.source(`tool:${String(name)}`)
      return answer
    },
  })
}

interface Execution {
  readonly signal: AbortSignal
  readonly callId: string
  readonly name: string
  /** Calls back when the signal is aborted; returns the end of that. */
  readonly onAbort: (signal: AbortSignal, callback: () => void) => () => void
  readonly source: (label: string) => void
}

/** Runs the embedder's function until it answers, fails or its signal is aborted; a hanging one is left behind. */
function execute(tool: Tool, input: unknown, { signal, callId, name, onAbort, source }: Execution): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timedOut = (): void => reject(new GuestVisibleError('Error', 'tool-timeout', `Tool "${name}" did not answer in time`))
    if (signal.aborted) return timedOut()
    const release = onAbort(signal, timedOut)
    const succeed = (value: unknown): void => {
      release()
      resolve(value)
    }
    // The embedder's own message may hold paths and secrets; what a guest may know is said with GuestVisibleError.
    const fail = (error: unknown): void => {
      release()
      reject(error instanceof GuestVisibleError ? error : new GuestVisibleError('Error', 'tool-failed', `Tool "${name}" failed`))
    }
    try {
      const context = Object.freeze({ signal, callId, secrets: tool.options.secrets ?? NO_SECRETS, source })
      Promise.resolve(tool.options.execute(input, context)).then(succeed, fail)
    } catch (error) {
      fail(error)
    }
  })
}

const NO_SECRETS = Object.freeze({})

/** Many callbacks behind one listener for each signal: adding and removing listeners costs more than a small tool. */
function createAbortWatch(): Execution['onAbort'] {
  const watched = new WeakMap<AbortSignal, Set<() => void>>()
  return (signal, callback) => {
    let callbacks = watched.get(signal)
    if (callbacks === undefined) {
      const added = new Set<() => void>()
      callbacks = added
      watched.set(signal, added)
      signal.addEventListener('abort', () => added.forEach((each) => each()), { once: true })
    }
    callbacks.add(callback)
    return () => void callbacks.delete(callback)
  }
}

async function validate(schema: StandardSchema, value: unknown, toError: (issues: string) => GuestVisibleError): Promise<unknown> {
  const checking = schema['~standard'].validate(value)
  const result: SchemaResult<unknown> = 'then' in checking ? await checking : checking
  if (result.issues === undefined) return result.value
  const issues = result.issues.slice(0, MAX_ISSUES).map(({ message, path = [] }) => {
    const place = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
    return place === '' ? message : `${place}: ${message}`
  })
  throw toError(issues.join('; '))
}

function spend(call: HostCall, direction: 'in' | 'out', bytes: number, most: number, what: string): void {
  if (bytes > most) throw new GuestVisibleError('RangeError', 'too-large', `${what} has ${bytes} bytes, more than ${most}`)
  call.spend(direction, bytes)
}
