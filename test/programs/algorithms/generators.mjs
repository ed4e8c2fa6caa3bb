function* take(count, items) { for (const item of items) { if (count-- <= 0) return; yield item } }
function* naturals() { for (let n = 1; ; n++) yield n }
console.log([...take(5, naturals())], naturals().filter((n) => n % 2).map((n) => n * n).take(3).toArray())
