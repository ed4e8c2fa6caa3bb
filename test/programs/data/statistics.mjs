const values = [2, 4, 4, 4, 5, 5, 7, 9]
const mean = values.reduce((a, b) => a + b, 0) / values.length
const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length)
const sorted = values.toSorted((a, b) => a - b)
const median = (sorted[3] + sorted[4]) / 2
console.log('mean %d, median %d, deviation %d', mean, median, deviation)
export default { mean, median, deviation, max: Math.max(...values) }
