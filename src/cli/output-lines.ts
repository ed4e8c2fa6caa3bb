import type { RunResult } from '../result.js'

/** One thing a guest wrote: a console line, or text it wrote to a stream itself. */
export interface OutputLine {
  readonly level: string
  readonly text: string
}

const TO_STDERR: ReadonlySet<string> = new Set(['warn', 'error', 'trace'])

/** Everything a guest wrote, in order within each stream: what stands between console lines was written directly. */
export function toOutputLines({ console, stdout, stderr }: Pick<RunResult, 'console' | 'stdout' | 'stderr'>): readonly OutputLine[] {
  const streams = { out: stdout, err: stderr }
  const lines: OutputLine[] = []
  const takeRaw = (stream: 'out' | 'err', length: number): void => {
    if (length > 0) lines.push({ level: stream, text: streams[stream].slice(0, length).replace(/\n$/, '') })
    streams[stream] = streams[stream].slice(Math.max(0, length))
  }
  for (const { level, text } of console) {
    const stream = TO_STDERR.has(level) ? 'err' : 'out'
    takeRaw(stream, streams[stream].indexOf(`${text}\n`))
    streams[stream] = streams[stream].slice(text.length + 1)
    lines.push({ level, text })
  }
  takeRaw('out', streams.out.length)
  takeRaw('err', streams.err.length)
  return lines
}
