const find = (list, wanted) => { let [low, high] = [0, list.length]; while (low < high) { const middle = (low + high) >> 1; if (list[middle] < wanted) low = middle + 1; else high = middle } return list[low] === wanted ? low : -1 }
const list = Array.from({ length: 50 }, (_, i) => i * 3)
console.log(find(list, 42), find(list, 43))
