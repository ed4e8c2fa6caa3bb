const first = new Date(Date.UTC(2026, 9, 1))
const length = new Date(Date.UTC(2026, 10, 0)).getUTCDate()
const cells = [...Array(first.getUTCDay()).fill('  '), ...Array.from({ length }, (_, i) => String(i + 1).padStart(2))]
for (let i = 0; i < cells.length; i += 7) console.log(cells.slice(i, i + 7).join(' '))
