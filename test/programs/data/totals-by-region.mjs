import { readFileSync } from 'node:fs'
const rows = readFileSync(`${process.env.DATA}/sales.csv`, 'utf8').trim().split('\n').slice(1).map((line) => {
  const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((cell) => cell.replace(/,$/, '').replace(/^"|"$/g, '').replaceAll('""', '"'))
  const [date, region, product, units, price] = cells
  return { date, region, product, units: +units, price: +price }
})
const totals = rows.reduce((sum, { region, units, price }) => ({ ...sum, [region]: (sum[region] ?? 0) + units * price }), {})
for (const [region, total] of Object.entries(totals).sort()) console.log(region.padEnd(8), total.toFixed(2))
