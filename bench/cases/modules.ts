import type { SeriesCase } from '../suite.js'
import { QUICK } from './quick.js'

const COUNTS = [1, 10, 100]

/** About a kilobyte, of which a little is run. */
const toModule = (index: number): string => `export const value = ${index}
export function describe(list) {
${Array.from({ length: 12 }, (_, i) => `  if (list.length === ${i}) return { kind: 'kind ${i}', first: list[0], index: ${index} }`).join('\n')}
  return undefined
}`

export const modules: SeriesCase = {
  kind: 'series',
  name: 'modules',
  opens: 'modules',
  title: 'Modules',
  about: 'in a fresh isolate, load a module that imports others of a kilobyte each, all of them in memory of the host',
  proofs: [
    {
      program: 'import { value as a } from "./m0.js"\nimport { value as b } from "./m1.js"\nexport default a + b',
      expected: 3,
      given: { modules: { './m0.js': 'export const value = 1', './m1.js': 'import { value as v } from "./m0.js"\nexport const value = v + 1' } },
    },
  ],
  axis: { kind: 'number', title: 'Modules', unit: 'count', scale: 'log' },
  points: COUNTS.map((count) => ({
    at: count,
    program: [
      ...Array.from({ length: count }, (_, i) => `import { value as v${i} } from "./m${i}.js"`),
      `export default ${Array.from({ length: count }, (_, i) => `v${i}`).join(' + ')}`,
    ].join('\n'),
    expected: (count * (count - 1)) / 2,
    operations: 1,
    given: { modules: Object.fromEntries(Array.from({ length: count }, (_, i) => [`./m${i}.js`, toModule(i)])) },
  })),
  pace: { fast: { warmUp: 5, burst: 2 }, slow: { warmUp: 2, burst: 1 } },
  rounds: { full: 15, quick: 2 },
  quick: { at: [10], contenders: QUICK },
}
