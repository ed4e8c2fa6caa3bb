import { readdirSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
for (const name of readdirSync(process.env.DATA).sort()) console.log(name, extname(name), statSync(join(process.env.DATA, name)).isFile())
