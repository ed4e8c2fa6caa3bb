import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    alias: {
      '#platform': fileURLToPath(new URL('./src/platform/node.ts', import.meta.url)),
      '#compiler': fileURLToPath(new URL('./src/component/platform/node.ts', import.meta.url)),
    },
  },
  test: {
    projects: [
      { extends: true, test: { name: 'inline', include: ['test/**/*.test.ts'] } },
      // What a call comes to must not depend on the thread it runs on.
      { extends: true, test: { name: 'thread', include: ['test/run/{outcome,values,modules,limits,grants,turns}.test.ts', 'test/{attacks,incidents}/**/*.test.ts'], env: { GLOVEBOX_ISOLATION: 'thread' } } },
    ],
    globalSetup: ['test/support/bundle-thread.ts', 'test/support/bundle-compiler.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    pool: 'forks',
    // The counts of a run, for who reports them.
    reporters: ['default', 'json'],
    outputFile: { json: 'node_modules/.cache/glovebox/tests.json' },
  },
})
