let cells = new Set(['1,0', '1,1', '1,2'])
for (let step = 0; step < 3; step++) {
  const counts = new Map()
  for (const cell of cells) { const [x, y] = cell.split(',').map(Number); for (let i = -1; i < 2; i++) for (let j = -1; j < 2; j++) if (i || j) { const key = `${x + i},${y + j}`; counts.set(key, (counts.get(key) ?? 0) + 1) } }
  cells = new Set([...counts].filter(([cell, count]) => count === 3 || (count === 2 && cells.has(cell))).map(([cell]) => cell))
  console.log([...cells].sort().join(' '))
}
