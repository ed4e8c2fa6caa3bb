import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { policyJsonSchema } from '../src/policy-file/schema.js'

// Writes the JSON Schema of policy files: node scripts/run.mjs scripts/build-schema.ts [OUT]
const target = resolve(process.argv[2] ?? 'dist/policy.schema.json')
await mkdir(dirname(target), { recursive: true })
await writeFile(target, `${JSON.stringify({ $id: 'https://unpkg.com/glovebox/dist/policy.schema.json', title: 'glovebox policy', ...policyJsonSchema() }, null, 2)}\n`)
console.log(target)
