import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Contender } from '../suite.js'
import { endow } from './endowments.js'
import { type Room, waysOf } from './room.js'

/** No boundary at all: what the work itself costs. */
export const plain: Contender = {
  name: 'new Function',
  arm: 'baseline',
  limits: 'none',
  pace: 'fast',
  ...waysOf({
    room: 'isolate',
    parts: ['exists', 'lookup', 'console', 'files', 'http'],
    call: true,
    bytes: true,
    load: true,
    lacks: { 'kept-isolate': 'has no isolates', 'waiting-isolate': 'has no isolates', hostile: 'claims to contain nothing' },
    async prepare({ folder }) {
      let loads = 0
      return (host, parts): Room => {
        const endowments = endow(host, parts)
        const names = Object.keys(endowments)
        const values = Object.values(endowments)
        return {
          evaluate: (program) => new Function(...names, `return (${program})`)(...values) as unknown,
          call: (program, input) => (new Function(`return (${program})`)() as (input: unknown) => unknown)(input),
          async load(program, modules) {
            // Modules are kept by name for as long as the process lives, so each load has names of its own.
            const mark = `${++loads}-`
            const rename = (source: string): string => source.replaceAll('"./', `"./${mark}`)
            for (const [name, source] of Object.entries(modules)) writeFileSync(join(folder, mark + name.slice(2)), rename(source))
            const entry = join(folder, `${mark}main.mjs`)
            writeFileSync(entry, rename(program))
            return ((await import(pathToFileURL(entry).href)) as { default: unknown }).default
          },
          close() {},
        }
      }
    },
  }),
}
