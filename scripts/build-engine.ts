import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { LIBRARIES, PRELUDE, PRINTS } from '../src/quickjs/guest/bundle/libraries.js'
import { bootLink, compileScript, createImage, instantiateImage } from '../src/quickjs/image.js'
import { toSections } from '../src/quickjs/kept-image.js'
import { meter } from '../wasm/meter/index.js'

// Meters the QuickJS module that ships with glovebox, ready to be imported as a file where nothing may be compiled at
// run time, and puts the image of a booted isolate and the libraries' bytecode in it, so that no engine has to make
// them when it starts: node scripts/run.mjs scripts/build-engine.ts [OUT]
const source = createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm')
const target = resolve(process.argv[2] ?? 'dist/quickjs.wasm')
const { bytes, report } = meter(await readFile(source), { memory: 'host', state: 'exported', imports: 'host', code: 'known' })
const module = await WebAssembly.compile(bytes as Uint8Array<ArrayBuffer>)
const image = createImage(module, PRELUDE)
const prints: Readonly<Record<string, string>> = PRINTS.libraries
const libraries = Object.entries(LIBRARIES).map(([name, text]) => {
  const compiler = instantiateImage(module, image, { maxPages: 1024, link: bootLink, turnModules: undefined })
  return [prints[name]!, compileScript(compiler, text, `glovebox:${name}`)] as const
})
const sections = toSections(image, { prelude: PRINTS.prelude, libraries })
await mkdir(dirname(target), { recursive: true })
await writeFile(target, [bytes, sections])
console.log(
  `${target}: ${report.sizeBefore} -> ${report.sizeAfter} bytes, ${report.functions} functions of which ` +
    `${report.chargedFunctions} take fuel on entry, ${report.loops} loops; ${sections.length} bytes of image and libraries`,
)
console.log(libraries.map(([, bytecode], i) => `${Object.keys(LIBRARIES)[i]} ${(bytecode.length / 1024).toFixed(1)} KiB`).join(', '))
