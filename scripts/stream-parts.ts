import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Plugin } from 'esbuild'

/** What readable-stream asks for, and what a guest has in its place. */
const PARTS: Readonly<Record<string, string>> = { 'buffer': 'buffer', 'events': 'events', 'process/': 'process', 'string_decoder/': 'string-decoder', 'abort-controller': 'abort' }
const IN_LIBRARY = /node_modules\/readable-stream\/lib\//

/** Puts the guest's own modules in the place of those that readable-stream brings along, so that each is there once. */
export const streamParts: Plugin = {
  name: 'stream-parts',
  setup({ onResolve, onLoad }) {
    const folder = resolve('src/quickjs/guest/libs/node-stream/parts')
    onResolve({ filter: /^(?:buffer|events|process\/|string_decoder\/|abort-controller)$/ }, ({ path, importer }) =>
      IN_LIBRARY.test(importer) ? { path: resolve(folder, `${PARTS[path]!}.ts`) } : undefined,
    )
    // A lazy global must not be made by merely looking whether it is there.
    onLoad({ filter: IN_LIBRARY }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(/globalThis\.(?:AbortController|AbortSignal|Blob) \|\| /g, ''),
      loader: 'js',
    }))
  },
}
