import { posix } from 'node:path'
import type { TestResult } from './run-test.js'

export interface Figures {
  readonly folder: string
  readonly files: number
  readonly passed: number
  readonly failed: number
  /** Subtests that need the server of the tests. */
  readonly server: number
  /** Files that did not come to their end, by an error or a limit. */
  readonly broken: number
}

/** Figures of each folder, in order of their names. A broken file counts as one failure more than it names. */
export function toFigures(results: readonly TestResult[]): Figures[] {
  const folders = new Map<string, TestResult[]>()
  for (const result of results) {
    const folder = posix.dirname(result.path)
    folders.set(folder, [...(folders.get(folder) ?? []), result])
  }
  return [...folders].map(([folder, list]) => ({ folder, ...toSum(list) }))
}

export function toSum(list: readonly TestResult[]): Omit<Figures, 'folder'> {
  const all = list.flatMap(({ subtests }) => subtests)
  const passed = all.filter(({ status }) => status === 'PASS').length
  const server = all.filter(({ status }) => status === 'SERVER').length
  const broken = list.filter((result) => result.broken !== undefined).length
  return { files: new Set(list.map(({ path }) => path)).size, passed, failed: all.length - passed - server + broken, server, broken }
}

/** What failed and why, then a line for each folder and one for all. */
export function toText(results: readonly TestResult[]): string {
  const lines: string[] = []
  for (const { path, variant, subtests, broken } of results) {
    const failures = subtests.filter(({ status }) => status !== 'PASS' && status !== 'SERVER')
    if (failures.length === 0 && broken === undefined) continue
    lines.push(`${path}${variant}`)
    if (broken !== undefined) lines.push(`  BROKEN ${oneLine(broken)}`)
    for (const { name, status, message } of failures) lines.push(`  ${status} ${oneLine(name)}: ${oneLine(message ?? '')}`)
  }
  if (lines.length > 0) lines.push('')
  for (const { folder, ...figures } of toFigures(results)) lines.push(toLine(folder, figures))
  lines.push(toLine('all', toSum(results)))
  return `${lines.join('\n')}\n`
}

function toLine(name: string, { passed, failed, server, files, broken }: Omit<Figures, 'folder'>): string {
  const share = passed + failed === 0 ? '-' : `${((100 * passed) / (passed + failed)).toFixed(1)} %`
  return `${name.padEnd(48)} ${share.padStart(8)}  ${passed} passed, ${failed} failed in ${files} files${broken === 0 ? '' : ` (${broken} broken)`}${server === 0 ? '' : `, ${server} need a server`}`
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 300 ? `${line.slice(0, 300)}...` : line
}
