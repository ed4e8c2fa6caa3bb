import { availableParallelism, loadavg } from 'node:os'
import { createSandbox } from '../sandbox.js'
import { type Measurement, measureCosts } from './bench.js'
import { EXIT } from './exit-code.js'
import { parseFlags } from './flags.js'
import { BENCH_HELP } from './help.js'
import { BENCH_FLAGS } from './run-flags.js'
import type { Surroundings } from './surroundings.js'
import { UsageError } from './usage-error.js'
import { readVersion } from './version.js'

const SUITE = 'The whole suite, beside twenty other ways of running foreign code, is in the repository of glovebox: npm run bench'

/** `glovebox bench`: the exit code. */
export async function benchCommand(args: readonly string[], { stdout, stderr }: Surroundings): Promise<number> {
  const { positionals, rest, values } = parseFlags(args, BENCH_FLAGS)
  if (positionals.length > 0 || rest.length > 0) throw new UsageError('expected: glovebox bench [--json]')
  if (values.has('help')) {
    stdout.write(BENCH_HELP)
    return EXIT.returned
  }
  stderr.write('glovebox: measuring for a few seconds ...\n')
  const loadBefore = loadavg()[0]!
  await using sandbox = await createSandbox()
  const cases = await measureCosts(sandbox, () => performance.now())
  const machine = { glovebox: await readVersion(), node: process.versions.node, platform: `${process.platform} ${process.arch}`, cores: availableParallelism(), load: loadBefore }
  if (values.has('json')) {
    stdout.write(`${JSON.stringify({ ...machine, cases })}\n`)
    return EXIT.returned
  }
  const { glovebox, node, platform, cores, load } = machine
  stdout.write(`glovebox ${glovebox} on Node ${node}, ${platform}, ${cores} cores, load ${load.toFixed(2)}\n\n${cases.map(showCase).join('\n')}\n`)
  stdout.write(`node:vm and a plain function hold nobody; they are here for what the work costs by itself.\n${SUITE}\n`)
  return EXIT.returned
}

function showCase({ name, about, arms }: Measurement): string {
  const lines = arms.map((arm) => `  ${arm.name.padEnd(16)}${arm.p50 === undefined ? 'cannot be stopped' : `${showTime(arm.p50)}${arm.p95 === undefined ? '' : showTime(arm.p95)}`}\n`)
  return `${name}: ${about}\n  ${''.padEnd(16)}${'p50'.padStart(11)}${arms.some(({ p95 }) => p95 !== undefined) ? 'p95'.padStart(11) : ''}\n${lines.join('')}`
}

function showTime(ms: number): string {
  // Below a nanosecond is the noise of what was taken off.
  const text = ms < 1e-6 ? '< 1 ns' : ms < 1e-3 ? `${(ms * 1e6).toFixed(0)} ns` : ms < 1 ? `${digits(ms * 1000)} µs` : `${digits(ms)} ms`
  return text.padStart(11)
}

function digits(value: number): string {
  return value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2)
}
