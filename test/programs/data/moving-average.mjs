const series = Array.from({ length: 10 }, (_, i) => Math.round(Math.sin(i) * 100))
const average = (values, width) => values.map((_, i) => values.slice(Math.max(0, i - width + 1), i + 1)).map((part) => +(part.reduce((a, b) => a + b) / part.length).toFixed(2))
console.log(series, average(series, 3))
