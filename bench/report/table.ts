/** Columns of text: the first and the last to the left, numbers between to the right. A line of one cell is a heading. */
export function renderTable(lines: readonly (readonly string[])[]): string[] {
  const columns = Math.max(...lines.map((line) => line.length))
  const widths = Array.from({ length: columns }, (_, i) => Math.max(...lines.map((line) => (line.length === 1 ? 0 : (line[i] ?? '').length))))
  return lines.map((line) => line.map((cell, i) => (i === 0 || i === columns - 1 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ').trimEnd())
}
