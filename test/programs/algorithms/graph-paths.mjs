const roads = { a: { b: 4, c: 1 }, b: { d: 1 }, c: { b: 2, d: 5 }, d: {} }
const distance = { a: 0 }
const open = new Set(Object.keys(roads))
while (open.size) {
  const [near] = [...open].sort((x, y) => (distance[x] ?? Infinity) - (distance[y] ?? Infinity))
  open.delete(near)
  for (const [to, length] of Object.entries(roads[near])) distance[to] = Math.min(distance[to] ?? Infinity, distance[near] + length)
}
console.log(distance)
