const before = { a: 1, b: { c: 2 }, d: [1, 2] }
const after = { a: 1, b: { c: 3 }, e: true }
const changes = []
const walk = (x, y, path) => {
  for (const key of new Set([...Object.keys(x ?? {}), ...Object.keys(y ?? {})])) {
    const [left, right, at] = [x?.[key], y?.[key], [...path, key]]
    if (left && right && typeof left === 'object' && typeof right === 'object') walk(left, right, at)
    else if (left !== right) changes.push(`${at.join('.')}: ${JSON.stringify(left)} -> ${JSON.stringify(right)}`)
  }
}
walk(before, after, [])
console.log(changes.join('\n'))
