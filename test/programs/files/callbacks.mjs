import fs from 'node:fs'
const text = await new Promise((resolve, reject) => fs.readFile(`${process.env.DATA}/config.ini`, 'utf8', (error, data) => (error ? reject(error) : resolve(data))))
console.log(text.length)
fs.readFile('/data-that-is-not-there/x', (error) => console.log(typeof error.message))
await new Promise((resolve) => setTimeout(resolve, 20))
