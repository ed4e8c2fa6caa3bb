import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/source-files.js'

/** What is made, not written. */
const MADE = /^(?:\.git|(?:.+\/)?node_modules|dist|coverage|\.cache|bench\/results|src\/quickjs\/guest\/bundle)$/

const files = filesBelow('')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const textFiles = files.filter((path) => /\.(ts|mjs|js|json|md|yaml|yml|txt|html|wat|wit)$|^\.ci\/|^LICENSE$/.test(path))

/** What the project does not say, and why. */
const FORBIDDEN: readonly (readonly [what: string, pattern: RegExp, files: RegExp])[] = [
  ['the path it is checked out at', new RegExp(ROOT.replaceAll(/\W/g, '\\$&')), /./],
  ['the number of an issue', /(?:\bissue|\bPR|\bpull request)\s*#?\d|\s#\d+\b(?!["'`;,)])/i, /\.(ts|mjs|md)$/],
  ['work that was put off', /\b(?:TODO|FIXME|XXX|HACK)\b|\bfor now\b|\bnot yet implemented\b/, /\.(ts|mjs|md)$/],
  ['another word for a guest, an isolate or a grant', /\b(?:sandboxee|jailbreak)\b/i, /\.(ts|md)$/],
]

/** The files that hold these patterns, or lines that stand for what they forbid. */
const EXEMPT = new Set(['test/rules/text.test.ts', 'LICENSE', 'package-lock.json', 'scripts/notices/engine.txt'])

describe('the text of the repository', () => {
  it.each(FORBIDDEN)('does not hold %s', (_, pattern, where) => {
    const found = textFiles.filter((path) => where.test(path) && !EXEMPT.has(path)).flatMap((path) => {
      const lines = read(path).split('\n')
      return lines.flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : []))
    })
    expect(found).toEqual([])
  })

  it('ends each file with one line feed and no line with a space', () => {
    const untidy = textFiles.filter((path) => /\.(ts|mjs|md)$/.test(path)).filter((path) => {
      const text = read(path)
      return !text.endsWith('\n') || text.endsWith('\n\n') || text.includes('\r') || / +$/m.test(text)
    })
    expect(untidy).toEqual([])
  })
})

describe('Markdown', () => {
  const documents = files.filter((path) => path.endsWith('.md') && !path.startsWith('examples/') && !path.startsWith('test/'))

  it('has one sentence a line', () => {
    const found = documents.flatMap((path) => {
      const prose = read(path).replace(/^```[^]*?^```$/gm, (block) => block.replace(/[^\n]/g, '')).replace(/`[^`\n]*`/g, (code) => 'x'.repeat(code.length))
      return prose.split('\n').flatMap((line, index) => (!line.startsWith('|') && /[.!?] +[A-Z]/.test(line.replace(/^\s*\d+\. /, '')) ? [`${path}:${index + 1}: ${line}`] : []))
    })
    expect(found).toEqual([])
  })

  it('links to files that exist', () => {
    const missing = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => join(path, '..', target!).replaceAll('\\', '/'))
        .filter((target) => !files.includes(target) && !files.some((file) => file.startsWith(`${target.replace(/\/$/, '')}/`)))
        .map((target) => `${path} links to ${target}`),
    )
    expect(missing).toEqual([])
  })

  it('links to headings that exist', () => {
    const slug = (heading: string): string => heading.trim().toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-')
    const missing = documents.flatMap((path) =>
      [...read(path).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)].filter(([, target, anchor]) => {
        const document = target === '' ? path : join(path, '..', target!).replaceAll('\\', '/')
        return !read(document).split('\n').some((line) => /^#+ /.test(line) && slug(line.replace(/^#+ /, '')) === anchor)
      }).map(([whole]) => `${path}: ${whole}`),
    )
    expect(missing).toEqual([])
  })
})

describe('package-lock.json', () => {
  const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, { resolved?: string; integrity?: string; optionalDependencies?: Record<string, string> }> }

  it('holds no address of a registry', () => {
    expect(Object.entries(lock.packages).filter(([, { resolved }]) => resolved !== undefined).map(([name]) => name)).toEqual([])
    expect(read('package-lock.json')).not.toContain('://registry')
  })

  it('holds the packages of every platform, without which a clean install refuses it', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => lock.packages[`node_modules/${name}`] === undefined && lock.packages[`${path}/node_modules/${name}`] === undefined),
    )
    expect(missing).toEqual([])
  })

  it('holds the digest of every package', () => {
    expect(Object.entries(lock.packages).filter(([name, { integrity }]) => name !== '' && integrity === undefined).map(([name]) => name)).toEqual([])
  })
})

function filesBelow(folder: string): readonly string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (MADE.test(path)) return []
    return entry.isDirectory() ? filesBelow(path) : [path]
  })
}
