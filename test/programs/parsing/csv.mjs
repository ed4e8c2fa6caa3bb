import { readFileSync } from 'node:fs'
function parse(text) {
  const rows = [[]]
  let cell = '', quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') { cell += '"'; i++ } else if (c === '"') quoted = false
      else cell += c
    } else if (c === '"') quoted = true
    else if (c === ',') { rows.at(-1).push(cell); cell = '' }
    else if (c === '\n') { rows.at(-1).push(cell); cell = ''; rows.push([]) }
    else cell += c
  }
  return rows.slice(0, -1)
}
const [head, ...rows] = parse(readFileSync(`${process.env.DATA}/sales.csv`, 'utf8'))
console.log(head.length, rows.map((row) => row[2]))
