const data = Float64Array.from({ length: 101 }, (_, i) => i * i)
const percentile = (p) => data[Math.round((p / 100) * (data.length - 1))]
console.log([50, 90, 99].map((p) => `p${p}=${percentile(p)}`).join(' '), data.subarray(0, 4))
