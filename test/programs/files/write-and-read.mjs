import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
const folder = path.join(process.env.DATA, 'out')
mkdirSync(folder, { recursive: true })
writeFileSync(path.join(folder, 'a.txt'), 'one\n')
writeFileSync(path.join(folder, 'a.txt'), 'two\n', { flag: 'a' })
console.log(readFileSync(path.join(folder, 'a.txt'), 'utf8').split('\n'))
rmSync(folder, { recursive: true })
