import { format, inspect } from 'node:util'
import { pathToFileURL } from 'node:url'

// Runs programs one after the other in plain Node and prints what each wrote, as JSON by file name.
const output = {}
for (const file of process.argv.slice(2)) {
  let text = ''
  const write = (...args) => {
    text += `${format(...args)}\n`
  }
  Object.assign(console, { log: write, info: write, dir: (value, options) => write(inspect(value, options)) })
  try {
    const { default: main } = await import(pathToFileURL(file).href)
    const value = typeof main === 'function' ? await main() : await main
    if (value !== undefined) write(JSON.stringify(value))
  } catch (error) {
    write(`threw ${error.name}: ${error.message}`)
  }
  output[file] = text
}
process.stdout.write(JSON.stringify(output))
