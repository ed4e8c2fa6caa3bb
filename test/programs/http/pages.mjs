const items = []
for (let page = 1; page !== null; ) {
  const { items: more, next } = await fetch(`${process.env.ORIGIN}/page?page=${page}`).then((response) => response.json())
  items.push(...more)
  page = next
}
console.log(items)
