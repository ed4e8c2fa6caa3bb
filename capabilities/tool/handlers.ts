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
        output = await execute(tool, checked, { signal: timeout.signal, callId: `${String(name)}:${count}`, name: String(name) })
      } finally {
        timeout.release()
      }
      const answer = options.output === undefined ? output : await validate(options.output, output, () => new GuestVisibleError('Error', 'invalid-output', `Tool "${String(name)}" answered what its schema forbids`))
      spend(call, 'in', sizeOf(answer), options.maxOutputBytes ?? MAX_OUTPUT_BYTES, `Output of tool "${String(name)}"`)
      call.source(`tool:${String(name)}`)
      return answer
    },
  })
}

/** Runs the embedder's function until it answers, fails or its signal is aborted; a hanging one is left behind. */
async function execute(tool: Tool, input: unknown, { signal, callId, name }: { readonly signal: AbortSignal; readonly callId: string; readonly name: string }): Promise<unknown> {
  const failed = (): GuestVisibleError => new GuestVisibleError('Error', 'tool-failed', `Tool "${name}" failed`)
  const timedOut = (): GuestVisibleError => new GuestVisibleError('Error', 'tool-timeout', `Tool "${name}" did not answer in time`)
  if (signal.aborted) throw timedOut()
  let onAbort = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(timedOut())
    signal.addEventListener('abort', onAbort, { once: true })
  })
  try {
    const context = Object.freeze({ signal, callId, secrets: tool.options.secrets ?? Object.freeze({}) })
    return await Promise.race([aborted, Promise.resolve().then(() => tool.options.execute(input, context))])
  } catch (error) {
    // The embedder's own message may hold paths and secrets; what a guest may know is said with GuestVisibleError.
    throw error instanceof GuestVisibleError ? error : failed()
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

async function validate(schema: StandardSchema, value: unknown, toError: (issues: string) => GuestVisibleError): Promise<unknown> {
  const result: SchemaResult<unknown> = await schema['~standard'].validate(value)
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
