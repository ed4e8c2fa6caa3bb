import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig } from 'tsup'

/** What decides how a component is prepared: components that are kept, or were built in, are of one state of it. */
function digestForm(): string {
  const hash = createHash('sha256')
  for (const folder of ['wasm/meter', 'src/component/binary', 'src/component/worker', 'src/component']) {
    for (const name of readdirSync(folder).filter((each) => each.endsWith('.ts')).sort()) hash.update(`${folder}/${name}\0`).update(readFileSync(`${folder}/${name}`))
  }
  return hash.digest('hex').slice(0, 16)
}

// Chunks are shared between the entries: a capability made by one must be known to the other by its private brand.
export default defineConfig({
  entry: {
    index: 'src/index.ts',
    node: 'src/node.ts',
    web: 'src/web.ts',
    quickjs: 'src/quickjs/index.ts',
    component: 'src/component/index.ts',
    cli: 'src/cli/main.ts',
    'platform/node': 'src/platform/node.ts',
    'platform/web': 'src/platform/web.ts',
    'platform/workerd': 'src/platform/workerd.ts',
    'threads/node': 'src/threads/node.ts',
    'threads/web': 'src/threads/web.ts',
    'compiler/node': 'src/component/platform/node.ts',
    'compiler/web': 'src/component/platform/web.ts',
    'compiler/workerd': 'src/component/platform/workerd.ts',
    'compiler/worker-node': 'src/component/worker/node.ts',
    'compiler/worker-web': 'src/component/worker/web.ts',
  },
  format: 'esm',
  platform: 'neutral',
  target: 'es2023',
  splitting: true,
  dts: false,
  removeNodeProtocol: false,
  // Kept as it is written, so that each runtime resolves its own through the package's conditional imports.
  external: ['#platform', '#compiler', /^@bytecodealliance\//, /^node:/, '../quickjs.wasm'],
  define: { GLOVEBOX_FORM: JSON.stringify(digestForm()) },
  esbuildPlugins: [
    {
      name: 'texts-stay-behind',
      setup({ onResolve }) {
        onResolve({ filter: /\/guest\/bundle\/libraries\.js$/ }, () => ({ path: resolve('src/quickjs/guest/bundle/shipped.ts') }))
      },
    },
  ],
  esbuildOptions(options) {
    options.chunkNames = 'chunks/[name]-[hash]'
    options.mainFields = ['module', 'main']
  },
})
