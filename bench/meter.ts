import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import { meter } from '../wasm/meter/index.js'
import { KERNELS } from './meter/kernels.js'
import { createMachine } from './meter/machine.js'

// What metering costs QuickJS, kernel by kernel: the median over rounds in which every arm takes its turn.
// node scripts/run.mjs bench/meter.ts [--rounds=9] [--only=PATTERN]
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' }, only: { type: 'string', default: '' } } })
const rounds = Number(values.rounds)
const WARM_UP = 4

const source = new Uint8Array(await readFile(createRequire(import.meta.url).resolve('quickjs-wasi/quickjs.wasm')))
const compile = (bytes: Uint8Array): WebAssembly.Module => new WebAssembly.Module(bytes as Uint8Array<ArrayBuffer>)
const known = meter(source, { code: 'known', imports: 'host' })
const hostile = meter(source)
const arms = [
  { name: 'plain', module: compile(source) },
  { name: 'metered', module: compile(known.bytes) },
  { name: 'as hostile', module: compile(hostile.bytes) },
]

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1] as number
const cells = (...texts: readonly string[]): string => texts.map((text, at) => (at === 0 ? text.padEnd(14) : text.padStart(12))).join('')

console.log(`node ${process.version}, v8 ${process.versions.v8}, ${rounds} rounds; ratios to plain\n`)
console.log(cells('kernel', 'plain ms', ...arms.slice(1).map(({ name }) => name), 'fuel/µs'))
const logs = arms.map(() => 0)
const kernels = KERNELS.filter(({ name }) => name.includes(values.only))
for (const { name, source: kernel } of kernels) {
  const machines = arms.map(({ module }) => createMachine(module))
  const answers = new Set(machines.map((machine) => Array.from({ length: WARM_UP }, () => machine.evaluate(kernel)).at(-1)))
  if (answers.size !== 1) throw new Error(`The arms disagree on "${name}": ${[...answers].join(', ')}`)
  const times = arms.map((): number[] => [])
  let fuel = 0
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < arms.length; turn += 1) {
      const at = (turn + round) % arms.length
      const machine = machines[at] as (typeof machines)[number]
      const before = machine.fuelUsed()
      const started = performance.now()
      machine.evaluate(kernel)
      times[at]?.push(performance.now() - started)
      if (at === 1) fuel = machine.fuelUsed() - before
    }
  }
  const medians = times.map(median)
  const [base = 1] = medians
  medians.forEach((ms, at) => (logs[at] = (logs[at] as number) + Math.log(ms / base)))
  console.log(cells(name, base.toFixed(1), ...medians.slice(1).map((ms) => (ms / base).toFixed(2)), (fuel / base / 1000).toFixed(0)))
}
console.log(cells('geometric mean', '', ...logs.slice(1).map((sum) => Math.exp(sum / kernels.length).toFixed(3))))
for (const [title, { report }] of [['metered', known], ['as hostile', hostile]] as const) {
  console.log(
    `${title}: ${report.sizeBefore} -> ${report.sizeAfter} bytes; fuel at ${report.loops} loops, on entry of ` +
      `${report.chargedFunctions} of ${report.functions} functions, at ${report.chargedPlaces} other places`,
  )
}
