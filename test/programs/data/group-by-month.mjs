import fs from 'fs'
const lines = fs.readFileSync(process.env.DATA + '/sales.csv', 'utf8').split(/\r?\n/).filter(Boolean).slice(1)
const months = Object.groupBy(lines, (line) => line.slice(0, 7))
for (const [month, group] of Object.entries(months)) console.log(month, group.length)
export default Object.keys(months)
