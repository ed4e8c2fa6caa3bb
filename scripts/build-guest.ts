import { createHash } from 'node:crypto'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { streamParts } from './stream-parts.js'

// Bundles the prelude and every guest library into script text that an isolate can evaluate, and writes the table of
// them that the engine imports: node scripts/run.mjs scripts/build-guest.ts
const guest = resolve('src/quickjs/guest')
const target = resolve(guest, 'bundle/libraries.ts')

/** Tells texts of one build from those of another; both are ours. */
function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** An isolate has no modules but these: what cannot be bundled is a mistake, never something to find out at run time. */
const noOutside: Plugin = {
  name: 'no-outside',
  setup({ onResolve }) {
    onResolve({ filter: /^node:/ }, ({ path, importer }) => ({ errors: [{ text: `"${path}" is not there in a guest; imported by ${importer}` }] }))
  },
}

/** One script whose value is the default export of `entry`. */
async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'lib',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2023',
    charset: 'ascii',
    legalComments: 'none',
    // Names stay, so that stack traces can be read.
    minifySyntax: true,
    minifyWhitespace: true,
    minifyIdentifiers: false,
    plugins: [streamParts, noOutside],
    logLevel: 'error',
  })
  const code = outputFiles[0]!.text.trim()
  if (/\brequire\(|\bimport\(/.test(code.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`/g, '""'))) {
    throw new Error(`${entry}: its bundle still loads modules at run time`)
  }
  return `(function(){${code}return lib.default})()`
}

const files = (await readdir(resolve(guest, 'libs'))).filter((file) => file.endsWith('.ts')).sort()
const prelude = await bundle(resolve(guest, 'prelude.ts'))
const libraries: [string, string][] = []
for (const file of files) libraries.push([basename(file, '.ts'), await bundle(resolve(guest, 'libs', file))])

const rows = libraries.map(([name, code]) => `  ${JSON.stringify(name)}: ${JSON.stringify(code)},\n`).join('')
await mkdir(resolve(guest, 'bundle'), { recursive: true })
const prints = `/** Tells these texts from those of another build. */\nexport const PRINTS = ${JSON.stringify({ prelude: fingerprint(prelude), libraries: Object.fromEntries(libraries.map(([name, code]) => [name, fingerprint(code)])) })} as const\n`
// What ships: the engine module brings image and bytecode along, so the texts stay behind.
await writeFile(
  resolve(guest, 'bundle/shipped.ts'),
  `// Made by scripts/build-guest.ts.\nexport const PRELUDE: string = ''\nexport const LIBRARIES: Readonly<Record<string, string>> = {}\n${prints}`,
)
await writeFile(
  target,
  '// Made by scripts/build-guest.ts.\n' +
    '/** Evaluated once into the pristine image: its value is the default export of `prelude.ts`. */\n' +
    `export const PRELUDE: string = ${JSON.stringify(prelude)}\n\n` +
    '/** Guest libraries by name: the value of each is the default export of its file. */\n' +
    `export const LIBRARIES: Readonly<Record<string, string>> = {\n${rows}}\n${prints}`,
)
console.log([['prelude', prelude], ...libraries].map(([name, code]) => `${name} ${(code!.length / 1024).toFixed(1)} KiB`).join(', '))
