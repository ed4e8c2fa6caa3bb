import { parseArgs } from 'node:util'
const { values, positionals } = parseArgs({ args: ['--name', 'tea', '-v', 'file.txt', '--count=3'], options: { name: { type: 'string' }, verbose: { type: 'boolean', short: 'v' }, count: { type: 'string' } }, allowPositionals: true })
console.log({ ...values }, positionals)
