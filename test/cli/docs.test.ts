import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { toUsage } from '../../src/cli/flags.js'
import { BUILD_FLAGS, CALL_FLAGS, INSPECT_FLAGS, RUN_FLAGS } from '../../src/cli/run-flags.js'
import { parsePolicy } from '../../src/policy-file/parse.js'
import { policyJsonSchema } from '../../src/policy-file/schema.js'

const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')

describe('docs/cli.md', () => {
  it('has every flag as the command writes it', () => {
    for (const [name, flag] of Object.entries(RUN_FLAGS)) expect(page).toContain(`| \`${toUsage(name, flag).replaceAll('|', '\\|')}\` |`)
  })

  it('has the flags of the commands of components', () => {
    for (const name of Object.keys({ ...CALL_FLAGS, ...INSPECT_FLAGS, ...BUILD_FLAGS })) expect(page).toContain(name === 'out' ? '-o DIR' : `--${name}`)
  })

  it('shows a policy that is valid', () => {
    const [, text] = /```json\n([^]*?)```/.exec(page)!
    expect(Object.keys(parsePolicy(JSON.parse(text!)))).toEqual(['fs', 'net', 'clock', 'random', 'env', 'limits'])
  })

  it('names every part of a policy', () => {
    const parts = Object.keys(policyJsonSchema()['properties'] as object).filter((name) => name !== '$schema')
    for (const part of parts) expect(page).toContain(`\`${part}\``)
  })
})
