function distance(a, b) {
  const row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    let previous = row[0]++
    for (let j = 1; j <= b.length; j++) [previous, row[j]] = [row[j], a[i - 1] === b[j - 1] ? previous : 1 + Math.min(previous, row[j], row[j - 1])]
  }
  return row[b.length]
}
console.log(distance('kitten', 'sitting'), distance('', 'abc'), distance('same', 'same'))
