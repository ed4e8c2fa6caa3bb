import { type FlagTable, toUsage } from './flags.js'
import { BENCH_FLAGS, BUILD_FLAGS, CALL_FLAGS, INSPECT_FLAGS, PLAIN_FLAGS, RUN_FLAGS } from './run-flags.js'

const WIDTH = 96

export const MAIN_HELP = `glovebox runs a program that can touch nothing it was not handed.

Usage:
  glovebox run FILE|- [flags] [-- arguments]   Run a program; see glovebox run --help
  glovebox inspect FILE.wasm                   Say what a component needs and offers
  glovebox call FILE.wasm NAME --args=[...]    Call one function of a component
  glovebox build FILE.wasm -o DIR              Make a component ready for where nothing compiles
  glovebox policy check FILE                   Say what a policy lets a program do
  glovebox bench [--json]                      Measure what isolates and calls cost on this machine
${toRows(PLAIN_FLAGS)}
Example:
  glovebox run report.ts --allow-read=./data --timeout=2s
`

export const RUN_HELP = `Usage: glovebox run FILE|- [flags] [-- arguments]

Runs FILE, or the program on standard input, with nothing but what flags grant.
The value goes to standard output, everything else to standard error.
A FILE that ends in .wasm is a component or a core module of WASI: a command, whose output goes where it wrote it.

Flags (a value stands after "=", and only there):
${toRows(RUN_FLAGS)}
Exit codes:
  0 returned   1 threw, or stopped for another reason   2 usage   77 an uncaught denial
  124 deadline or fuel   130 cancelled   137 memory
`

export const CALL_HELP = `Usage: glovebox call FILE.wasm 'interface#function' [--args=JSON] [flags]

Calls one function of a component in a fresh instance, with nothing but what flags grant.
The value goes to standard output, everything else to standard error.

Flags (a value stands after "=", and only there):
${toRows(CALL_FLAGS)}
Exit codes:
  0 returned   1 its error, or stopped for another reason   2 usage, or a component that is refused
  124 deadline or fuel   130 cancelled   137 memory
`

export const INSPECT_HELP = `Usage: glovebox inspect FILE.wasm [flags]

Says of a component or a core module, without running it: whether glovebox takes it, what can be called, which grants it
would need and why, which features it uses, its sizes, and its imports and exports in the interface language.
Exit codes: 0 it can be run, 1 it is refused, 2 usage.

Flags:
${toRows(INSPECT_FLAGS)}`

export const BUILD_HELP = `Usage: glovebox build FILE.wasm -o DIR [flags]

Checks, transpiles and meters a component ahead of time. DIR/index.js is what sandbox.load() takes where WebAssembly
is imported, DIR/node.js the same for Node. Who can write to DIR decides what runs there.
Exit codes: 0 written, 2 usage, or a component that is refused.

Flags:
${toRows(BUILD_FLAGS)}`

export const POLICY_HELP = `Usage: glovebox policy check FILE

Checks a JSON policy and says what a program under it can read, write and destroy, where data can leave,
and which credential goes where. Exit codes: 0 valid, 2 invalid.
`

export const BENCH_HELP = `Usage: glovebox bench [--json]

Measures for a few seconds, on this machine, what a fresh isolate, a host call, a tool call and the end of a program
without end cost, beside node:vm and a plain function. Exit codes: 0 measured, 1 an answer was wrong.

${toRows(BENCH_FLAGS)}`

function toRows(table: FlagTable): string {
  return Object.entries(table)
    .map(([name, flag]) => `  ${toUsage(name, flag)}\n${wrap(flag.help).map((line) => `      ${line}\n`).join('')}`)
    .join('')
}

function wrap(text: string): readonly string[] {
  const lines = ['']
  for (const word of text.split(' ')) {
    const line = lines.at(-1)!
    if (line !== '' && line.length + word.length > WIDTH - 8) lines.push(word)
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`
  }
  return lines
}
