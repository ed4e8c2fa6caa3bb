import { readFileSync } from 'node:fs'
import { WASI } from 'node:wasi'
import { readRequest } from './baseline.ts'

// Runs one program of WASI preview 1 in this process with node:wasi.
const { file, args, env, folder } = readRequest()
const wasi = new WASI({ version: 'preview1', args: ['component', ...args], env, preopens: folder === undefined ? {} : { '/': folder }, returnOnExit: true })
const { instance } = await WebAssembly.instantiate(readFileSync(file), wasi.getImportObject() as WebAssembly.Imports)
process.exitCode = wasi.start(instance)
