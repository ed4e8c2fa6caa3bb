import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../support/source-files.js'

const run = promisify(execFile)

describe('npm run demo', () => {
  it('shows the result, the draft, three denials with their grants, usage and ledger, and changes nothing', { timeout: 30_000 }, async () => {
    const index = join(ROOT, 'examples/demo/project/reports/index.md')
    const before = readFileSync(index, 'utf8')
    const { stdout, stderr } = await run(process.execPath, ['examples/demo/main.ts'], { cwd: ROOT, timeout: 25_000, env: { ...process.env, NODE_NO_WARNINGS: '1' } })
    expect(stderr).toBe('')
    expect(stdout).toContain('"days": 365')
    expect(stdout).toContain('modified  reports/index.md')
    expect(stdout).toContain('created   reports/seattle-2015.md')
    expect(stdout).toContain('Bearer [redacted:STATION_API_TOKEN]')
    expect(stdout).toContain('in 0 places of what came back')
    expect(stdout.match(/^ {2}denied \w+\.\w+ .+\n +would be allowed by .+\S$/gm)).toHaveLength(3)
    expect(stdout).toMatch(/"fuel": \d+/)
    expect(stdout.match(/^ +\d+ (?:allowed|denied ) \w+\.\w+/gm)!.length).toBeGreaterThan(8)
    // Not a terminal: no colours.
    expect(stdout).not.toContain('\u001b')
    expect(readFileSync(index, 'utf8')).toBe(before)
  })
})
