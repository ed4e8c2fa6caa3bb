import { defineConfig } from 'tsup'

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
  esbuildOptions(options) {
    options.chunkNames = 'chunks/[name]-[hash]'
    options.mainFields = ['module', 'main']
  },
})
