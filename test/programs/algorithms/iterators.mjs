const grid = { width: 2, height: 2, *[Symbol.iterator]() { for (let y = 0; y < this.height; y++) for (let x = 0; x < this.width; x++) yield [x, y] } }
const [first, ...others] = grid
console.log(first, others, Math.max(...[...grid].flat()), Array.from(grid, ([x, y]) => x + y), Object.fromEntries(grid))
