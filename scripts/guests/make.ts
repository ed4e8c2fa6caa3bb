import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ALLOCATOR, GUESTS, compileC } from './recipes.ts'

// Builds one guest with the package it needs, which is installed: node scripts/guests/make.ts NAME OUT
const tool = (name: string): string => join(GUESTS, 'tools', name, 'node_modules')
const source = (path: string): string => readFileSync(join(GUESTS, path), 'utf8')

interface Componentized {
  readonly component: Uint8Array
}
type Make = () => Uint8Array | Promise<Uint8Array>

const MAKERS: Readonly<Record<string, Make>> = {
  async 'words-qjs'() {
    const { componentize } = createRequire(join(tool('componentize-qjs'), '../package.json'))('componentize-qjs') as { componentize(options: object): Promise<Componentized> }
    return (await componentize({ witPath: join(GUESTS, 'words/words.wit'), jsSource: source('words/words.js'), sync: true, optSize: true })).component
  },
  async 'words-js'() {
    const entry = pathToFileURL(join(tool('componentize-js'), '@bytecodealliance/componentize-js/src/componentize.js')).href
    const { componentize } = (await import(entry)) as { componentize(source: string, options: object): Promise<Componentized> }
    return (await componentize(source('words/words.js'), { witWorld: source('words/words.wit'), worldName: 'words', disableFeatures: ['http'] })).component
  },
  async numbers() {
    const entry = pathToFileURL(join(tool('assemblyscript'), 'assemblyscript/dist/asc.js')).href
    const { main } = (await import(entry)) as { main(args: readonly string[], options: object): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }> }
    let made: Uint8Array | undefined
    const { error, stderr } = await main(['numbers.ts', '-O', '--runtime', 'stub', '--use', 'abort=', '--outFile', 'numbers.wasm'], {
      readFile: (name: string) => (name === 'numbers.ts' ? source('numbers/numbers.ts') : null),
      writeFile: (name: string, contents: Uint8Array) => {
        if (name.endsWith('.wasm')) made = contents
      },
      listFiles: () => [],
    })
    if (made === undefined) throw new Error(`asc failed: ${error?.message ?? ''} ${stderr.toString()}`)
    return made
  },
  query() {
    const folder = join(tool('sqlite'), 'better-sqlite3/deps/sqlite3')
    const defines = ['THREADSAFE=0', 'OMIT_LOAD_EXTENSION', 'OMIT_WAL', 'DEFAULT_MEMSTATUS=0', 'OMIT_DEPRECATED', 'OMIT_SHARED_CACHE', 'TEMP_STORE=3'].map((each) => `-DSQLITE_${each}`)
    // Seconds count more than the speed of queries.
    return compileC([join(folder, 'sqlite3.c'), 'sqlite/query.c', ALLOCATOR], { flags: ['-O0', '-w', '-I', folder, ...defines], timeoutMs: 60_000 })
  },
}

const [name = '', out] = process.argv.slice(2)
const make = MAKERS[name]
if (make === undefined || out === undefined) throw new Error(`Usage: node scripts/guests/make.ts ${Object.keys(MAKERS).join('|')} OUT`)
writeFileSync(out, await make())
