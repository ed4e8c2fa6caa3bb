import type { Library } from './catalogue.js'

/** The table of docs/libraries.md. */
export function toDocument(libraries: readonly Library[]): string {
  const mark = (why: string | undefined): string => (why === undefined ? 'runs' : `no: ${why}`)
  const rows = libraries.map(({ packageName, version, missing }) => `| \`${packageName}\` | ${version} | ${mark(missing.bundle)} | ${mark(missing.mount)} |`)
  const count = (way: 'bundle' | 'mount'): number => libraries.filter(({ missing }) => missing[way] === undefined).length
  return `# Libraries that run

${libraries.length} libraries of npm each run a small program of \`test/libraries/programs\` with the output it has in plain Node: ${count('bundle')} as bundles, ${count('mount')} as mounted packages.

- *Bundled*: \`bundle()\` made a set of the library and \`quickjs({ packages })\` keeps it in its image, as in the [README](../README.md#packages).
  Bundles take a library's build for pages and edge runtimes.
- *Mounted*: \`node_modules\` was mounted read-only and the program found the library in it by Node's rules.
  Each file is two host calls, so a large library needs more than the 1,000 of the default: \`limits: { hostCalls: 2000 }\`.

All of them fit in the default 64 MiB of memory.
This table is written by \`npx vitest run -u test/libraries\`, which also runs it.

| Library | Version | Bundled | Mounted |
|---|---|---|---|
${rows.join('\n')}
`
}
