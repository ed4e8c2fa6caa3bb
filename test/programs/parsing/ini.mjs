import { readFileSync } from 'node:fs'
const settings = {}
let section = settings
for (const line of readFileSync(`${process.env.DATA}/config.ini`, 'utf8').split('\n')) {
  const [, name] = /^\[(.+)\]$/.exec(line.trim()) ?? []
  if (name) section = settings[name] = {}
  else if (line.includes('=') && !line.startsWith(';')) {
    const [key, value] = line.split('=').map((part) => part.trim())
    section[key] = value === 'true' ? true : Number.isNaN(Number(value)) ? value : Number(value)
  }
}
console.log(settings)
