import { appendFile, readFile, stat, unlink, writeFile } from 'node:fs/promises'
const file = `${process.env.DATA}/tmp-promises.txt`
await writeFile(file, 'a')
await appendFile(file, 'bc')
console.log((await stat(file)).size, await readFile(file, { encoding: 'utf8' }))
await unlink(file)
console.log(await stat(file).catch((error) => error.code))
