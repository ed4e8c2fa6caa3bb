import fs from 'node:fs'
const file = `${process.env.DATA}/people.json`
const people = JSON.parse(fs.readFileSync(file))
const target = `${process.env.DATA}/people-new.json`
fs.writeFileSync(target, JSON.stringify(people.map((person) => ({ ...person, tags: [...person.tags, 'seen'] })), null, 2))
console.log(fs.readFileSync(target, 'utf8').length, JSON.parse(fs.readFileSync(target, 'utf8'))[2].tags)
fs.unlinkSync(target)
