import { transform } from 'sucrase'

const OPTIONS = { transforms: ['typescript' as const], disableESTransforms: true, production: true }

const fail = (error: unknown, filename: string): never => {
  const { message, loc } = error as { message?: string; loc?: { line: number; column: number } }
  // Sucrase puts the file before its message and the place behind it.
  const text = String(message).replace(/^Error transforming [^:]*: /, '').replace(/ \(\d+:\d+\)$/, '')
  const syntaxError = new SyntaxError(text)
  if (loc !== undefined) {
    const stack = `    at <typescript> (${filename}:${loc.line}:${loc.column + 1})\n`
    Object.defineProperty(syntaxError, 'stack', { value: stack, configurable: true })
  }
  throw syntaxError
}

/** Takes types out of TypeScript, inside the isolate, so that no guest text is ever parsed by the host. */
export default () => ({
  /** JavaScript with the same lines. Throws a SyntaxError at the guest's place. */
  strip(source: string, filename: string): string {
    try {
      return transform(source, { ...OPTIONS, filePath: filename }).code
    } catch (error) {
      return fail(error, filename)
    }
  },
  /** The column in `source` that a column of its stripped line came from; both count from 1. */
  originalColumn(source: string, line: number, column: number): number {
    const { sourceMap } = transform(source, { ...OPTIONS, filePath: 'main', sourceMapOptions: { compiledFilename: 'main' } })
    return sourceMap === undefined ? column : mapColumn(String(sourceMap.mappings), line, column)
  },
})

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** Reads one line of a source map's `mappings` (ECMA-426, base64 VLQ). */
function mapColumn(mappings: string, line: number, column: number): number {
  let found = column
  let sourceColumn = 0
  const lines = mappings.split(';')
  for (let i = 0; i < line && i < lines.length; i++) {
    let generated = 0
    for (const segment of lines[i]!.split(',')) {
      const fields = readVlq(segment)
      generated += fields[0] ?? 0
      sourceColumn += fields[3] ?? 0
      if (fields.length >= 4 && i === line - 1 && generated <= column - 1) found = sourceColumn + (column - 1 - generated) + 1
    }
  }
  return found
}

function readVlq(segment: string): number[] {
  const fields: number[] = []
  let value = 0
  let shift = 0
  for (const digit of segment) {
    const bits = DIGITS.indexOf(digit)
    value |= (bits & 31) << shift
    if (bits & 32) shift += 5
    else {
      fields.push(value & 1 ? -(value >> 1) : value >> 1)
      value = 0
      shift = 0
    }
  }
  return fields
}
