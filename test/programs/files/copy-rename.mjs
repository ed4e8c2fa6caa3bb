import { copyFileSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
const at = (name) => `${process.env.DATA}/${name}`
copyFileSync(at('config.ini'), at('copy.ini'))
renameSync(at('copy.ini'), at('moved.ini'))
console.log(existsSync(at('copy.ini')), readFileSync(at('moved.ini'), 'utf8').length)
rmSync(at('moved.ini'))
