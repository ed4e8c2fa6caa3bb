const rows = [['a', 'x', 1], ['a', 'y', 2], ['b', 'x', 3], ['a', 'x', 4]]
const columns = [...new Set(rows.map((row) => row[1]))].sort()
const table = {}
for (const [row, column, value] of rows) {
  table[row] ??= Object.fromEntries(columns.map((name) => [name, 0]))
  table[row][column] += value
}
console.log(table)
export default table
