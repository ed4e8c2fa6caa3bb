const values = { I: 1, V: 5, X: 10, L: 50, C: 100, D: 500, M: 1000 }
const toNumber = (text) => [...text].reduce((sum, c, i, all) => sum + (values[c] < (values[all[i + 1]] ?? 0) ? -values[c] : values[c]), 0)
console.log(['MCMXCIV', 'MMXXVI', 'IX'].map(toNumber))
