/** From the most telling kind of line to the least. */
const TELLING = [/\bError: /, /\b(error|fatal|failed|cannot|unable|not found)\b/i]
const PREFIX = /^(npm (error|ERR!)\s*)?(gyp ERR!\s*)?(stack\s+)?/
const FRAME = /^(code|path|command|warn|A complete log)\b/

const WARNING = /^npm warn/i

/** The first line of npm's output that tells what went wrong. */
export function firstError(output: string): string {
  const lines = output.split('\n').map((line) => line.replace(PREFIX, '').trim()).filter((line) => line !== '')
  for (const pattern of TELLING) {
    const line = lines.find((candidate) => pattern.test(candidate) && !FRAME.test(candidate))
    if (line !== undefined) return line
  }
  return lines.find((line) => !FRAME.test(line) && !WARNING.test(line)) ?? lines[0] ?? 'no output'
}
