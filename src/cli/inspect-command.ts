import type { Inspection } from '../component/inspect.js'
import { inspectComponent } from '../component/inspect.js'
import { oneFile, readComponent } from './component-file.js'
import { EXIT } from './exit-code.js'
import { parseFlags } from './flags.js'
import { INSPECT_HELP } from './help.js'
import { neutralise, neutraliseLine } from './neutralise.js'
import { INSPECT_FLAGS } from './run-flags.js'
import type { Surroundings } from './surroundings.js'

/** `glovebox inspect`: the exit code. */
export async function inspectCommand(args: readonly string[], { cwd, stdout }: Surroundings): Promise<number> {
  const { positionals, rest, values } = parseFlags(args, INSPECT_FLAGS)
  if (values.has('help')) {
    stdout.write(INSPECT_HELP)
    return EXIT.returned
  }
  const name = oneFile(positionals, rest, 'glovebox inspect FILE.wasm')
  const interfaces = (values.get('interface') ?? []).map((value) => value ?? '')
  const inspection = await inspectComponent(await readComponent(name, cwd), { interfaces })
  stdout.write(values.has('json') ? `${JSON.stringify(inspection)}\n` : toText(name, inspection))
  return inspection.refused === undefined ? EXIT.returned : EXIT.failed
}

/** How each grant is given on the command line. */
const FLAGS: { readonly [K in Inspection['needs'][number]['grant']]: string } = {
  fs: '--allow-read=HOST::/PATH or --allow-write=HOST::/PATH',
  net: '--allow-net=URL-PATTERN',
  tcp: 'a policy with tcp',
  clock: '--allow-time',
  random: '--allow-random',
  env: '--allow-env=NAME,...',
  stdin: '--allow-stdin',
  interface: 'functions of yours, in code',
}

/** Uses that are named before the rest is counted. */
const MOST_USES = 6
const MOST_FUNCTIONS = 100

function toText(name: string, inspection: Inspection): string {
  const { bytes, digest, features, kind, needs, offers, refused, sizes, wit } = inspection
  const count = (value: number): string => value.toLocaleString('en-US')
  const lines = [`${name}: ${kind === 'neither' ? 'neither a component nor a core module,' : `a ${kind} of`} ${count(bytes)} bytes`, `sha256 ${digest}`]
  if (refused !== undefined) lines.push('', `Refused (${refused.code}): ${refused.message}`)
  if (offers !== undefined) {
    const { command, functions, requests } = offers
    const ways = [
      ...(command ? [`glovebox run ${name} -- ARGUMENTS`] : []),
      ...(requests ? ['component.fetch(request), in code'] : []),
      ...functions.slice(0, MOST_FUNCTIONS).map((each) => `glovebox call ${name} '${each}' --args='[...]'`),
      ...(functions.length > MOST_FUNCTIONS ? [`and ${functions.length - MOST_FUNCTIONS} more functions`] : []),
    ]
    lines.push('', 'It can be used as', ...(ways.length === 0 ? ['nothing: it exports no function that takes and gives data'] : ways).map((way) => `  ${way}`))
  }
  if (needs.length > 0) lines.push('', 'It would need, to do more than be denied')
  else if (refused === undefined) lines.push('', 'It needs no grant.')
  for (const { grant, uses } of needs) {
    const more = uses.length > MOST_USES ? ` and ${uses.length - MOST_USES} more` : ''
    lines.push(`  ${grant.padEnd(9)} for ${uses.slice(0, MOST_USES).join(', ')}${more}`, `            granted with ${FLAGS[grant]}`)
  }
  if (sizes !== undefined) lines.push('', `Its code is ${count(sizes.core)} bytes metered and ${count(sizes.glue)} of glue; its memory starts with ${count(sizes.memory)} bytes.`)
  if (features !== undefined && features.length > 0) lines.push(`It uses ${features.join(', ')}.`)
  return `${lines.map(neutraliseLine).join('\n')}\n${wit === undefined ? '' : `\n${neutralise(wit)}`}`
}
