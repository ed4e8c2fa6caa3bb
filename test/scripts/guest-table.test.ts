import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { WEB_NAMES } from '../../scripts/guest-table/names.js'
import { type Section, probe } from '../../scripts/guest-table/probe.js'
import { toDocument } from '../../scripts/guest-table/render.js'
import { builtinNames } from '../../src/quickjs/guest/builtin-modules.js'
import { useSandbox } from '../support/sandbox.js'
import { ROOT } from '../support/source-files.js'

const { sandbox } = useSandbox()
const document = readFileSync(join(ROOT, 'docs/guest-apis.md'), 'utf8')
let sections: readonly Section[]
beforeAll(async () => {
  sections = await probe(sandbox())
})

const statusOf = (title: string, name: string): unknown => {
  const entry = sections.find((section) => section.title === title)?.entries.find((one) => one.name === name)
  return entry && [entry.status, entry.reason]
}

describe('probe()', () => {
  it('looks at every name of ECMA-429 and at every module', () => {
    expect(sections[0]!.entries.map(({ name }) => name)).toEqual(WEB_NAMES)
    expect(sections.slice(2).map(({ title }) => title)).toEqual(builtinNames().sort())
    expect(sections.flatMap(({ entries }) => entries).length).toBeGreaterThan(1000)
  })

  it.each([
    ['Web platform', 'structuredClone', 'works', ''],
    ['Web platform', 'fetch', 'granted', '`grants.net`'],
    ['Web platform', 'WebAssembly.Module', 'absent', 'the engine has none; components run WebAssembly beside guests'],
    ['node:fs', 'readFileSync', 'granted', '`grants.fs`'],
    ['node:fs', 'watch', 'refused', 'nothing outside a call changes its files; read them again instead'],
    ['node:child_process', 'execSync', 'refused', 'pass a tool to the call that does what the guest may ask for'],
    ['node:path', 'join', 'works', ''],
  ])('tells of %s that %s %s', (title, name, status, reason) => {
    expect(statusOf(title, name)).toEqual([status, reason])
  })

  it('finds no name of ECMA-429 refused', () => {
    expect(sections[0]!.entries.filter(({ status }) => status === 'refused')).toEqual([])
  })
})

describe('docs/guest-apis.md', () => {
  it('names all that there is', () => {
    for (const { title } of sections) expect(document).toContain(`\n## ${title}\n`)
  })

  it('is what a fresh run writes', async (context) => {
    // Other versions of Node have other names to compare with.
    const [, written] = /compared with Node (\S+)\.\n/.exec(document)!
    context.skip(written !== process.versions.node, `written beside Node ${written}`)
    await expect(toDocument(sections, process.versions.node)).toMatchFileSnapshot('../../docs/guest-apis.md')
  })
})
