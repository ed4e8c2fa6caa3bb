const { stringify } = JSON

interface Described {
  name: string
  message: string
  code?: string
  stack?: string
  cause?: Described
}

const MAX_TEXT = 16_384
const MAX_CAUSES = 8

const read = (value: unknown, key: string): unknown => {
  try {
    return (value as Record<string, unknown>)[key]
  } catch {
    return undefined
  }
}

const toText = (value: unknown): string => {
  try {
    const text = typeof value === 'string' ? value : String(value)
    return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… [${text.length - MAX_TEXT} more]` : text
  } catch {
    return '[a value that cannot be shown]'
  }
}

const describe = (error: unknown, depth: number): Described => {
  if ((typeof error !== 'object' && typeof error !== 'function') || error === null) {
    return { name: 'Thrown', message: toText(error) }
  }
  const name = read(error, 'name')
  const message = read(error, 'message')
  const isError = typeof name === 'string' && message !== undefined
  const described: Described = isError
    ? { name: toText(name), message: toText(message) }
    : { name: 'Thrown', message: toPlain(error) }
  const code = read(error, 'code')
  if (typeof code === 'string' || typeof code === 'number') described.code = toText(code)
  const stack = read(error, 'stack')
  if (typeof stack === 'string') described.stack = toText(stack)
  const cause = read(error, 'cause')
  if (cause !== undefined && depth < MAX_CAUSES) described.cause = describe(cause, depth + 1)
  return described
}

const toPlain = (value: unknown): string => {
  try {
    const text = stringify(value)
    return toText(text === undefined ? String(value) : text)
  } catch {
    return toText(value)
  }
}

/**
 * A thrown value as JSON text for the host: getters, proxies and `toString` of the guest run here, under its fuel,
 * and whatever they throw is left out.
 */
export const describeError = (error: unknown): string => stringify(describe(error, 0))
