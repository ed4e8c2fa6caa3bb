import { describe, expect, it } from 'vitest'
import { HELP, UsageError, parseArgs } from '../../bench/args.js'

describe('parseArgs()', () => {
  const nothing = { quick: false, json: false, help: false, list: false, check: false }

  it('asks for a full run of everything when nothing is given', () => {
    expect(parseArgs([])).toEqual(nothing)
  })

  it('takes every option it documents', () => {
    expect(parseArgs(['--quick', '--json', '--help', '--list', '--check', '--filter=host-call/quickjs', '--report=out']))
      .toEqual({ quick: true, json: true, help: true, list: true, check: true, filter: 'host-call/quickjs', report: 'out' })
    expect(parseArgs(['--from=a.json', '--check'])).toEqual({ ...nothing, check: true, from: 'a.json' })
    expect(parseArgs(['--compare', 'a.json', 'b.json', '--json'])).toEqual({ ...nothing, json: true, compare: ['a.json', 'b.json'] })
    for (const option of ['--quick', '--json', '--help', '--list', '--check', '--filter=TEXT', '--report[=DIR]', '--from=FILE', '--compare A B']) expect(HELP).toContain(option)
  })

  it('writes the report where it belongs unless told', () => {
    expect(parseArgs(['--report']).report).toBe('default')
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
    ['--filter', 'needs a value'],
    ['--filter=', 'needs a value'],
    ['--quick=yes', 'takes no value'],
    ['--json=', 'takes no value'],
    ['--report=', 'takes no empty value'],
    ['--from', 'needs a value'],
    ['--compare', 'needs two files'],
  ])('refuses %j and says why', (arg, message) => {
    expect(() => parseArgs([arg])).toThrow(UsageError)
    expect(() => parseArgs([arg])).toThrow(message)
  })

  it('refuses an option given twice', () => {
    expect(() => parseArgs(['--filter=a', '--filter=b'])).toThrow('"--filter" is given twice')
  })

  it.each([
    [['--compare', 'a.json'], 'needs two files'],
    [['--compare', 'a', 'b', 'c'], 'needs two files'],
    [['a.json', '--compare', 'b.json'], 'Unknown option "a.json"'],
    [['--compare', 'a', 'b', '--quick'], 'goes with no "--quick"'],
    [['--from=a', '--quick'], 'goes with no "--quick"'],
    [['--from=a', '--filter=b'], 'goes with no "--filter"'],
  ])('refuses %j together', (args, message) => {
    expect(() => parseArgs(args)).toThrow(UsageError)
    expect(() => parseArgs(args)).toThrow(message)
  })
})
