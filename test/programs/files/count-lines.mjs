import { createReadStream } from 'node:fs'
let lines = 0
for await (const chunk of createReadStream(`${process.env.DATA}/server.log`, { encoding: 'utf8' })) lines += chunk.split('\n').length - 1
console.log(lines)
