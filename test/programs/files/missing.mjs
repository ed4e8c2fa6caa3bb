import { existsSync, readFileSync } from 'node:fs'
try {
  readFileSync(`${process.env.DATA}/none.txt`)
} catch (error) {
  console.log(error.code, error.syscall, existsSync(process.env.DATA))
}
