const INDEX = '(index)'
const VALUES = 'Values'

/** Rows in a frame, as Node draws them; undefined for what has no rows. */
export function toTable(data: unknown, columns: readonly unknown[] | undefined, show: (value: unknown) => string): string | undefined {
  if (typeof data !== 'object' || data === null) return undefined
  if (data instanceof Map) {
    const pairs = [...(data as Map<unknown, unknown>)].map(([key, value], index) => [String(index), show(key), show(value)])
    return draw(['(iteration index)', 'Key', VALUES], pairs)
  }
  const indexName = data instanceof Set ? '(iteration index)' : INDEX
  const rows: string[][] = []
  const names: string[] = columns === undefined ? [] : columns.map(String)
  let hasValues = false
  const entries = toEntries(data)
  const cells = entries.map(([index, value]) => {
    const row = new Map<string, string>()
    if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
      for (const key of Object.keys(value)) {
        if (columns === undefined && !names.includes(key)) names.push(key)
        if (!names.includes(key)) continue
        const descriptor = Object.getOwnPropertyDescriptor(value, key)
        row.set(key, descriptor?.get === undefined ? show(descriptor?.value) : '[Getter]')
      }
      return { index, row, value: '' }
    }
    hasValues = true
    return { index, row, value: show(value) }
  })
  const header = [indexName, ...names, ...(hasValues ? [VALUES] : [])]
  for (const { index, row, value } of cells) rows.push([index, ...names.map((name) => row.get(name) ?? ''), ...(hasValues ? [value] : [])])
  return draw(header, rows)
}

function toEntries(data: object): [string, unknown][] {
  if (data instanceof Set) return [...data].map((value, index) => [String(index), value])
  return Object.keys(data).map((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(data, key)
    return [key, descriptor?.get === undefined ? descriptor?.value : '[Getter]']
  })
}

function draw(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]!.length)) + 2)
  const rule = (left: string, cross: string, right: string): string => left + widths.map((width) => '─'.repeat(width)).join(cross) + right
  const line = (row: readonly string[]): string => `│${row.map((cell, column) => ` ${cell}`.padEnd(widths[column]!)).join('│')}│`
  return [rule('┌', '┬', '┐'), line(header), rule('├', '┼', '┤'), ...rows.map(line), rule('└', '┴', '┘')].join('\n')
}
