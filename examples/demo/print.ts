import type { Change, LedgerEntry, RunResult } from 'glovebox'

const colour = process.stdout.isTTY && !process.env['NO_COLOR']
const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text)

/** What a guest wrote may hold terminal escapes: they are shown, not obeyed. */
const plain = (text: string): string => text.replaceAll(/[^\P{C}\n]/gu, (character) => `\\u${character.codePointAt(0)!.toString(16).padStart(4, '0')}`)

const print = (text = ''): void => void process.stdout.write(`${text}\n`)
const indent = (text: string): string => plain(text).trimEnd().replaceAll(/^/gm, '  ')

export function printSection(title: string, text: string): void {
  print(`\n${paint(1, title)}`)
  print(indent(text))
}

export function printOutcome(result: RunResult): void {
  if (result.outcome === 'returned') {
    const { problems: _, ...value } = result.value as { problems: string[] }
    printSection('Result', JSON.stringify(value, undefined, 2))
  } else printSection('Result', result.outcome === 'threw' ? `threw ${result.error.name}: ${result.error.message}\n${result.error.frame ?? ''}` : `stopped (${result.reason}): ${result.message}`)
  printSection('Console', result.console.map(({ level, text }) => `${level.padEnd(5)} ${text}`).join('\n'))
}

export function printChanges(changes: readonly Change[]): void {
  printSection('Change set of /project (nothing is written until the host commits it)', changes.map(({ kind, path, bytes }) => `${kind.padEnd(9)} ${path}  ${bytes?.length ?? 0} bytes`).join('\n'))
}

/** Each message says what was asked, why it was denied and which grant would allow it. */
export function printDenials(ledger: readonly LedgerEntry[], messages: readonly string[]): void {
  print(`\n${paint(1, 'Denied')}`)
  for (const { capability, operation, target, reason } of ledger.filter(({ decision }) => decision === 'denied')) {
    const remedy = messages.find((message) => message.includes(target.replace(/^\w+ /, '')))?.split('; grant ').at(-1)
    print(`  ${paint(31, 'denied')} ${plain(`${capability}.${operation} ${target}`)}: ${plain(reason ?? '')}`)
    print(`         would be allowed by ${paint(32, plain(remedy ?? ''))}`)
  }
}

export function printLedger(ledger: readonly LedgerEntry[]): void {
  print(`\n${paint(1, 'Ledger')}`)
  for (const { seq, capability, operation, target, decision, bytesIn, bytesOut } of ledger) {
    const mark = decision === 'allowed' ? paint(32, 'allowed') : paint(31, 'denied ')
    print(`  ${String(seq).padStart(2)} ${mark} ${`${capability}.${operation}`.padEnd(15)} ${plain(target).padEnd(54)} in ${bytesIn}, out ${bytesOut}`)
  }
}
