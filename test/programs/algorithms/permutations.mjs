function* permutations(items) {
  if (items.length <= 1) yield items
  else for (let i = 0; i < items.length; i++) for (const rest of permutations(items.toSpliced(i, 1))) yield [items[i], ...rest]
}
console.log([...permutations(['a', 'b', 'c'])].map((all) => all.join('')).join(' '))
