import { promises as fs } from 'node:fs'
const people = JSON.parse(await fs.readFile(`${process.env.DATA}/people.json`, 'utf8'))
const oldest = people.sort((a, b) => a.born.localeCompare(b.born)).slice(0, 2)
console.log(oldest)
