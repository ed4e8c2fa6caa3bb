import { readFileSync } from 'node:fs'
const pattern = /^(?<time>\S+) (?<level>\w+)\s+\[(?<part>\w+)\] (?<message>.*)$/
const entries = readFileSync(`${process.env.DATA}/server.log`, 'utf8').trim().split('\n').map((line) => pattern.exec(line).groups)
console.log(Object.entries(Object.groupBy(entries, ({ level }) => level)).map(([level, all]) => `${level} ${all.length}`), entries.find(({ level }) => level === 'WARN').message)
