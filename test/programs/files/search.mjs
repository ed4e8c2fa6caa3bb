import { readFileSync } from 'node:fs'
const lines = readFileSync(`${process.env.DATA}/server.log`, 'utf8').split('\n')
lines.forEach((line, i) => { if (/ERROR/.test(line)) console.log(`${i + 1}: ${line}`) })
