import { pathToFileURL } from 'node:url'

// Imports programs one after the other in plain Node and prints the JSON text of what each gives, by file name.
const output = {}
for (const file of process.argv.slice(2)) {
  try {
    output[file] = JSON.stringify((await import(pathToFileURL(file).href)).default)
  } catch (error) {
    output[file] = `threw ${error.name}: ${error.message}`
  }
}
process.stdout.write(JSON.stringify(output))
