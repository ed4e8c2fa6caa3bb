import { Chalk } from 'chalk'

const chalk = new Chalk({ level: 3 })
export default [chalk.red.bold('x'), chalk.hex('#ff8800')`a`, chalk.bgBlue(`a ${chalk.green('b')} c\nd`), new Chalk({ level: 0 }).red('plain')]
