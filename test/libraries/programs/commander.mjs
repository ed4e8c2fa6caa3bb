import { Command } from 'commander'

const seen = []
const program = new Command('tool').exitOverride().configureOutput({ writeOut: (text) => seen.push(text), writeErr: (text) => seen.push(text) })
program.option('-v, --verbose', 'say more').version('1.2.3')
program.command('add <a> [b...]').option('-s, --sum <n>', 'a sum', Number, 1).action((a, b, options) => seen.push([a, b, options]))
program.parse(['add', 'x', 'y', 'z', '--sum', '5'], { from: 'user' })
let code
try {
  program.parse(['add', '--nope'], { from: 'user' })
} catch (error) {
  code = error.code
}
export default { seen, code, help: program.helpInformation() }
