import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMarkdown } from '../support/markdown.js'
import { ROOT } from '../support/source-files.js'

interface Row {
  readonly attack: string
  readonly defence: string
  readonly files: readonly string[]
  readonly tests: readonly string[]
}

const rows: readonly Row[] = readMarkdown('SECURITY.md')
  .split('\n')
  .filter((line) => line.startsWith('| ') && line.split('|').length === 6 && !line.startsWith('| Attack'))
  .map((line) => {
    const [, attack, defence, files, tests] = line.split('|').map((cell) => cell.trim())
    return { attack: attack!, defence: defence!, files: linksOf(files!), tests: linksOf(tests!) }
  })

function linksOf(cell: string): readonly string[] {
  return [...cell.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target!)
}

describe('the threat model', () => {
  it('has rows', () => {
    expect(rows.length).toBeGreaterThan(30)
  })

  it.each(rows)('$attack: its defence and its test are there', ({ defence, files, tests }) => {
    expect(defence).not.toBe('')
    expect(files.length).toBeGreaterThan(0)
    expect(tests.length).toBeGreaterThan(0)
    for (const path of [...files, ...tests]) expect(existsSync(join(ROOT, path)), path).toBe(true)
    for (const path of tests) {
      if (statSync(join(ROOT, path)).isDirectory()) continue
      expect(path).toMatch(/^test\/.*\.test\.ts$/)
      expect(readFileSync(join(ROOT, path), 'utf8')).toMatch(/\bit(?:\.\w+)?\(/)
    }
  })
})

describe('claims of containment in the README', () => {
  it('each link to a test', () => {
    const section = readMarkdown('README.md').split('## What is contained')[1]!.split('\n## ')[0]!
    const claims = section.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| A program'))
    expect(claims.length).toBeGreaterThan(5)
    for (const claim of claims) expect(linksOf(claim).some((path) => path.startsWith('test/') && existsSync(join(ROOT, path))), claim).toBe(true)
  })
})
