import type { CopyOnWriteDir } from '../../capabilities/fs/copy-on-write.js'
import type { Policy } from '../policy-file/schema.js'
import type { LedgerEntry, RunResult, StopReason, Usage } from '../result.js'
import { toAdvice } from './advice.js'
import type { Colours } from './colours.js'
import { endedWell } from './exit-code.js'
import { neutralise, neutraliseLine } from './neutralise.js'
import { toOutputLines } from './output-lines.js'
import { showValue } from './show-value.js'

export interface ShowOptions {
  readonly policy: Policy
  readonly drafts: ReadonlyMap<string, Pick<CopyOnWriteDir, 'changes'>>
  readonly colours: Colours
  /** What goes to standard output: the value, or what the guest wrote there. @default 'value' */
  readonly prints?: 'value' | 'output'
}

/** What goes to standard output, which is the value or the guest's own and nothing else, and to standard error. */
export interface Shown {
  readonly stdout: string
  readonly stderr: string
}

const MOST_DENIALS = 8
const MOST_CHANGES = 50

const STOP_FLAGS: { readonly [K in StopReason]?: string } = { fuel: '--fuel=N', deadline: '--timeout=1m', memory: '--memory=128mb' }

/**
 * A result for a person. Every line of the guest's stands behind a bar, so none can pass for one of ours.
 */
export function showResult(result: RunResult, { policy, drafts, colours, prints = 'value' }: ShowOptions): Shown {
  const shown = prints === 'value' ? result : { ...result, stdout: '' }
  const lines: string[] = toOutputLines(shown).flatMap(({ level, text }) => {
    const paint = level === 'error' || level === 'err' ? colours.red : level === 'warn' ? colours.yellow : (plain: string) => plain
    return barred(level, text, colours, paint)
  })
  if (result.outcome === 'threw') {
    const { name, message, stack, frame } = result.error
    const code = result.error.code === undefined || result.error.code === 'denied' ? '' : ` [${result.error.code}]`
    lines.push(...barred('threw', `${stack ?? `${name}: ${message}`}${code}`, colours, colours.red))
    if (frame !== undefined) lines.push(...barred('', `\n${frame}`, colours, (text) => text))
    for (let cause = result.error.cause; cause !== undefined; cause = cause.cause) {
      lines.push(...barred('cause', cause.stack ?? `${cause.name}: ${cause.message}`, colours, colours.red))
    }
  }
  const isEnd = prints === 'output' && endedWell(result)
  if (result.outcome === 'stopped' && !isEnd) {
    const flag = STOP_FLAGS[result.reason]
    lines.push(`${colours.red('stopped')} (${result.reason}): ${neutraliseLine(result.message)}`, ...(flag === undefined ? [] : [`        on the command line: ${flag}`]))
  }
  lines.push(...showDenials(result.ledger, policy, colours), ...showChanges(drafts, colours))
  lines.push(colours.dim(toUsageLine(isEnd ? 'returned' : result.outcome, result.usage)))
  if (prints === 'output') return { stdout: neutralise(result.stdout), stderr: `${lines.join('\n')}\n` }
  const stdout = result.outcome === 'returned' && result.value !== undefined ? `${showValue(result.value)}\n` : ''
  return { stdout, stderr: `${lines.join('\n')}\n` }
}

function barred(label: string, text: string, colours: Colours, paint: (text: string) => string): readonly string[] {
  return neutralise(text).split('\n').map((line, index) => `${colours.dim(`${(index === 0 ? label : '').padEnd(5)} |`)} ${paint(line)}`)
}

function showDenials(ledger: readonly LedgerEntry[], policy: Policy, colours: Colours): readonly string[] {
  const denials = new Map(ledger.filter(({ decision }) => decision === 'denied').map((entry) => [`${entry.capability}.${entry.operation} ${entry.target}`, entry]))
  const lines = [...denials].slice(0, MOST_DENIALS).flatMap(([asked, entry]) => [
    `${colours.yellow('denied')}: ${neutraliseLine(asked)}${entry.reason === undefined ? '' : ` (${neutraliseLine(entry.reason)})`}`,
    `        ${neutraliseLine(toAdvice(entry, policy))}`,
  ])
  return denials.size > MOST_DENIALS ? [...lines, `        and ${denials.size - MOST_DENIALS} more; --json lists them all`] : lines
}

function showChanges(drafts: ShowOptions['drafts'], colours: Colours): readonly string[] {
  return [...drafts].flatMap(([path, draft]) => {
    const changes = draft.changes()
    const rows = changes.slice(0, MOST_CHANGES).map(({ kind, path: name, from }) => `        ${kind} ${neutraliseLine(from === undefined ? name : `${from} -> ${name}`)}`)
    const more = changes.length > MOST_CHANGES ? [`        and ${changes.length - MOST_CHANGES} more`] : []
    return [`${colours.bold('draft')}: ${neutraliseLine(path)} has ${changes.length} change${changes.length === 1 ? '' : 's'}, kept from the host`, ...rows, ...more]
  })
}

/** `returned in 12 ms; fuel 1,204,511; memory 3.1 MiB; 2 host calls` */
export function toUsageLine(outcome: RunResult['outcome'], { wallMs, fuel, memoryPeakBytes, hostCalls }: Usage): string {
  const time = wallMs < 10 ? wallMs.toFixed(1) : String(Math.round(wallMs))
  const memory = (memoryPeakBytes / 2 ** 20).toFixed(1)
  return `${outcome} in ${time} ms; fuel ${fuel.toLocaleString('en-US')}; memory ${memory} MiB; ${hostCalls} host call${hostCalls === 1 ? '' : 's'}`
}
