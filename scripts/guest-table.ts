import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { createSandbox } from '../src/index.js'
import { quickjs } from '../src/quickjs/index.js'
import { probe } from './guest-table/probe.js'
import { toDocument } from './guest-table/render.js'

// Writes docs/guest-apis.md of what guests of the built engine have: node scripts/run.mjs scripts/guest-table.ts
const module = await WebAssembly.compile(readFileSync(resolve('dist/quickjs.wasm')))
await using sandbox = await createSandbox({ engines: [quickjs({ module })] })
writeFileSync(resolve('docs/guest-apis.md'), toDocument(await probe(sandbox), process.versions.node))
