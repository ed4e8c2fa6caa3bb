const multiply = (a, b) => a.map((row) => b[0].map((_, j) => row.reduce((sum, value, k) => sum + value * b[k][j], 0)))
console.log(multiply([[1, 2], [3, 4]], [[5, 6], [7, 8]]))
console.table(multiply([[1, 0], [0, 1]], [[2, 3], [4, 5]]))
