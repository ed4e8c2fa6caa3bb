import { describe, expect, it } from 'vitest'
import { HELP, UsageError, parseArgs } from '../../bench/args.js'

describe('parseArgs()', () => {
  it('asks for a full run of everything when nothing is given', () => {
    expect(parseArgs([])).toEqual({ quick: false, json: false, help: false })
  })

  it('takes every option it documents', () => {
    expect(parseArgs(['--quick', '--json', '--help', '--filter=host-call/quickjs'])).toEqual({ quick: true, json: true, help: true, filter: 'host-call/quickjs' })
    for (const option of ['--quick', '--json', '--help', '--filter=TEXT']) expect(HELP).toContain(option)
  })

  it('keeps an equals sign within a value', () => {
    expect(parseArgs(['--filter=a=b']).filter).toBe('a=b')
  })

  it.each([
    ['--quik', 'Unknown option "--quik"'],
    ['--rounds=3', 'Unknown option "--rounds=3"'],
    ['fresh-isolate', 'Unknown option "fresh-isolate"'],
    ['-q', 'Unknown option "-q"'],
    ['', 'Unknown option ""'],
    ['--', 'Unknown option "--"'],
    ['--constructor', 'Unknown option "--constructor"'],
    ['--filter', 'needs text'],
    ['--filter=', 'needs text'],
    ['--quick=yes', 'takes no value'],
    ['--json=', 'takes no value'],
  ])('refuses %j and says why', (arg, message) => {
    expect(() => parseArgs([arg])).toThrow(UsageError)
    expect(() => parseArgs([arg])).toThrow(message)
  })

  it('refuses an option given twice', () => {
    expect(() => parseArgs(['--filter=a', '--filter=b'])).toThrow('"--filter" is given twice')
  })
})
