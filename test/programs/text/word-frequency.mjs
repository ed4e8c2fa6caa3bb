const text = `It was the best of times, it was the worst of times, it was the age of wisdom`
const counts = {}
for (const word of text.toLowerCase().match(/\b[a-z]+\b/g)) counts[word] = (counts[word] || 0) + 1
console.log(Object.entries(counts).sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).slice(0, 5))
