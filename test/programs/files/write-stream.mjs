import fs from 'node:fs'
const file = `${process.env.DATA}/stream.txt`
const stream = fs.createWriteStream(file)
for (let i = 0; i < 3; i++) stream.write(`line ${i}\n`)
await new Promise((resolve) => stream.end(resolve))
console.log(fs.readFileSync(file, 'utf8'))
fs.rmSync(file)
