import type { GuestError } from '../result.js'

export interface FrameOptions {
  /** Guest source texts by file name. */
  readonly sources: ReadonlyMap<string, string>
  /** The column in the source as written of a column in the source as run; lines are the same. */
  readonly original: (file: string, line: number, column: number) => number
}

const FRAME = /^\s*at (?:(.*?) \()?([^()]+?):(\d+)(?::(\d+))?\)?$/
const MAX_FRAMES = 32
const MAX_CAUSES = 8
const FRAME_WIDTH = 160

/** Makes a guest error of its JSON description: frames of ours are dropped, the first of the guest's is drawn. */
export function toGuestError(described: string, options: FrameOptions): GuestError {
  let parsed: unknown
  try {
    parsed = JSON.parse(described)
  } catch {
    parsed = undefined
  }
  return convert(parsed, options, 0)
}

function convert(described: unknown, options: FrameOptions, depth: number): GuestError {
  const fields = (typeof described === 'object' && described !== null ? described : {}) as Record<string, unknown>
  const frames = typeof fields['stack'] === 'string' ? toFrames(fields['stack'], options) : []
  const name = toText(fields['name'], 'Error')
  const message = toText(fields['message'], '')
  const drawn = frames.map((frame) => drawFrame(frame, options.sources)).find((text) => text !== undefined)
  return {
    name,
    message,
    ...(typeof fields['code'] === 'string' ? { code: fields['code'] } : {}),
    ...(frames.length > 0 ? { stack: [`${name}: ${message}`, ...frames.map(showFrame)].join('\n') } : {}),
    ...(drawn === undefined ? {} : { frame: drawn }),
    ...(fields['cause'] === undefined || depth >= MAX_CAUSES ? {} : { cause: convert(fields['cause'], options, depth + 1) }),
  }
}

interface Frame {
  readonly fn: string
  readonly file: string
  readonly line: number
  readonly column: number
}

function toFrames(stack: string, { sources, original }: FrameOptions): Frame[] {
  const frames: Frame[] = []
  for (const text of stack.split('\n', 4 * MAX_FRAMES)) {
    const match = FRAME.exec(text)
    const file = match?.[2]
    if (match === null || file === undefined || !sources.has(file)) continue
    const line = Number(match[3])
    const column = Number(match[4] ?? 1)
    // The line before the first is where a function body is wrapped.
    if (line < 1) continue
    frames.push({ fn: match[1] ?? '', file, line, column: frames.length === 0 ? original(file, line, column) : column })
    if (frames.length === MAX_FRAMES) break
  }
  return frames
}

function showFrame({ fn, file, line, column }: Frame): string {
  const place = `${file}:${line}:${column}`
  return fn === '' || fn.startsWith('<') ? `    at ${place}` : `    at ${fn} (${place})`
}

function drawFrame({ file, line, column }: Frame, sources: ReadonlyMap<string, string>): string | undefined {
  const lines = sources.get(file)?.split('\n')
  const text = lines?.[line - 1]
  if (text === undefined || text.length > FRAME_WIDTH) return undefined
  const before = lines?.[line - 2]
  const width = String(line).length
  const shown = [
    ...(before === undefined || before.length > FRAME_WIDTH ? [] : [`${String(line - 1).padStart(width)} | ${before}`]),
    `${line} | ${text}`,
    `${' '.repeat(width)} | ${' '.repeat(Math.max(0, Math.min(column - 1, text.length)))}^`,
  ]
  return shown.join('\n')
}

function toText(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise
}
