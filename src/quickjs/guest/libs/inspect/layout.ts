import type { Context } from './options.js'

/** Columns without colours. */
const widthOf = (text: string): number => (text.includes('\x1b') ? text.replace(/\x1b\[\d+m/g, '') : text).length

export interface Parts {
  /** What comes before the opening bracket, with its space. */
  readonly prefix: string
  readonly brackets: readonly [open: string, close: string]
  readonly entries: readonly string[]
  /** Text shown for the object itself, such as a function's name. */
  readonly base?: string
  readonly level: number
  /** Elements may share lines. */
  readonly isList: boolean
  /** The entry that says how many more there are is not one of them. */
  readonly hasMore?: boolean
}

/** On one line when short and simple, else one entry a line, or a list in columns. */
export function layOut({ prefix, brackets, entries, base, level, isList, hasMore }: Parts, context: Context): string {
  const [open, close] = brackets
  const start = base === undefined ? '' : base + ' '
  const { compact } = context
  if (compact === true) return layOutTight({ prefix, open, close, entries, start: base }, context)
  const output = isList && compact >= 1 && entries.length > 6 ? toColumns(entries, context, hasMore === true) : entries
  const indentation = ' '.repeat(context.indentation)
  if (context.level - level < compact && output === entries) {
    const length = output.reduce((sum, entry) => sum + widthOf(entry), 0) + 2 * output.length + context.indentation + open.length + prefix.length + start.length + 10
    const line = output.join(', ')
    if (length <= context.breakLength && !line.includes('\n') && !start.includes('\n')) return `${start}${prefix}${open} ${line} ${close}`
  }
  return `${start}${prefix}${open}\n${indentation}  ${output.join(`,\n${indentation}  `)}\n${indentation}${close}`
}

/** As much on a line as fits, whatever the nesting. */
function layOutTight(parts: { readonly prefix: string; readonly open: string; readonly close: string; readonly entries: readonly string[]; readonly start: string | undefined }, context: Context): string {
  const { prefix, open, close, entries, start = '' } = parts
  const first = prefix + open
  const base = start === '' ? '' : ` ${start}`
  const length = entries.reduce((sum, entry) => sum + widthOf(entry), 0) + entries.length
  if (length + entries.length <= context.breakLength && !start.includes('\n')) return `${first}${base} ${entries.join(', ')} ${close}`
  const indentation = `\n${' '.repeat(context.indentation)}`
  return `${first}${start === '' && first.length === 1 ? ' ' : `${base}${indentation}  `}${entries.join(`,${indentation}  `)} ${close}`
}

/** Rows of roughly square columns, numbers to the right; unchanged when entries are too long for it. */
function toColumns(entries: readonly string[], context: Context, hasMore: boolean): readonly string[] {
  const count = hasMore ? entries.length - 1 : entries.length
  const widths = entries.slice(0, count).map((entry) => widthOf(entry) + 2)
  const widest = Math.max(...widths)
  const total = widths.reduce((sum, width) => sum + width, 0)
  const roomy = widest * 3 + context.indentation < context.breakLength
  if (!roomy || (total / widest <= 5 && widest > 8)) return entries
  // A character is about 2.5 times as high as it is wide; entries of like width may stand closer.
  const width = Math.max(widest - 3 - Math.sqrt(widest - total / entries.length), 1)
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * width * count) / width),
    Math.floor((context.breakLength - context.indentation) / widest),
    Number(context.compact) * 4,
    15,
  )
  if (columns <= 1) return entries
  const columnWidths = Array.from({ length: columns }, (_, column) => {
    let width = 0
    for (let i = column; i < count; i += columns) width = Math.max(width, widths[i]!)
    return width
  })
  const toRight = entries.slice(0, count).every((entry) => /^(?:\x1b\[\d+m)?(?:-?[\d._]+(?:e[+-]?\d+)?n?|-?Infinity|NaN)(?:\x1b\[\d+m)?$/.test(entry))
  const rows: string[] = []
  for (let i = 0; i < count; i += columns) {
    const last = Math.min(i + columns, count)
    let row = ''
    for (let at = i; at < last; at++) {
      const cell = at === last - 1 ? entries[at]! : entries[at]! + ', '
      const width = columnWidths[at - i]! - (at === last - 1 ? 2 : 0)
      row += toRight ? cell.padStart(width + cell.length - widthOf(cell)) : at === last - 1 ? cell : cell.padEnd(width + cell.length - widthOf(cell))
    }
    rows.push(row)
  }
  return hasMore ? [...rows, entries[count]!] : rows
}
