import { describe, expect, it } from 'vitest'
import { toMilliseconds } from '../../src/cli/duration.js'
import { parseFlags } from '../../src/cli/flags.js'
import { toLimitOverrides } from '../../src/cli/limit-flags.js'
import { RUN_FLAGS } from '../../src/cli/run-flags.js'
import { toBytes, tryBytes } from '../../src/cli/size.js'
import { UsageError } from '../../src/cli/usage-error.js'

const parse = (...args: string[]) => parseFlags(args, RUN_FLAGS)

describe('parseFlags()', () => {
  it('takes values after "=", files as they come and arguments after "--"', () => {
    const { positionals, rest, values } = parse('a.ts', '--allow-read=./x=y', '--json', '--allow-read=./z', '--allow-time', '--', '--json', '-', '--')
    expect(positionals).toEqual(['a.ts'])
    expect(rest).toEqual(['--json', '-', '--'])
    expect([...values]).toEqual([['allow-read', ['./x=y', './z']], ['json', [undefined]], ['allow-time', [undefined]]])
  })

  it('takes "-" for a file', () => {
    expect(parse('-').positionals).toEqual(['-'])
  })

  it.each<readonly [string[], string]>([
    [['--allow-raed=x'], 'unknown flag --allow-raed; did you mean --allow-read=HOST[::GUEST]?'],
    [['--Timeout=2s'], 'unknown flag --Timeout; did you mean --timeout=2s?'],
    [['-h'], 'unknown flag -h; did you mean --help?'],
    [['-json'], 'unknown flag -json; did you mean --json?'],
    [['--no-limits'], 'unknown flag --no-limits; see --help'],
    [['--allow-all'], 'unknown flag --allow-all'],
    [['--__proto__'], 'unknown flag --__proto__; see --help'],
    [['--constructor=x'], 'unknown flag --constructor; see --help'],
    [['--'.concat('x'.repeat(100_000))], 'unknown flag'],
    [['--allow-read', './x'], '--allow-read needs a value after "=": --allow-read=HOST[::GUEST]'],
    [['--allow-read='], '--allow-read needs a value after "="'],
    [['--allow-time='], '--allow-time needs a value after "=": --allow-time[=coarse:100ms|fixed:ISO]'],
    [['--json=false'], '--json takes no value; write --json'],
    [['--timeout=1s', '--timeout=2s'], '--timeout is there twice; it counts once'],
    [['--json', '--json'], '--json is there twice'],
  ])('refuses %j', (args, message) => {
    expect(() => parse(...args)).toThrow(UsageError)
    expect(() => parse(...args)).toThrow(message)
  })
})

describe('toMilliseconds()', () => {
  it.each([['1ms', 1], ['500ms', 500], ['2s', 2000], ['1.5s', 1500], ['1m', 60_000], ['1h', 3_600_000], ['0.001s', 1]])('reads %s', (text, ms) => {
    expect(toMilliseconds(text, '--timeout')).toBe(ms)
  })

  it.each([[''], ['2'], ['2 s'], ['-2s'], ['0s'], ['0.0001ms'], ['1e3s'], ['2S'], ['2sec'], ['Infinitys'], ['0x2s'], ['1s1s'], ['٢s']])('refuses %j', (text) => {
    expect(() => toMilliseconds(text, '--timeout')).toThrow(`--timeout is "${text}": expected a duration such as 500ms, 2s or 1m`)
  })
})

describe('toBytes()', () => {
  it.each([['1b', 1], ['512kb', 524_288], ['64mb', 67_108_864], ['64MB', 67_108_864], ['1gb', 1_073_741_824], ['0.5kb', 512]])('reads %s', (text, bytes) => {
    expect(toBytes(text, '--memory')).toBe(bytes)
  })

  it.each([[''], ['64'], ['64 mb'], ['-1mb'], ['0mb'], ['1tb'], ['1e3kb'], ['mb'], ['1mbx']])('refuses %j', (text) => {
    expect(tryBytes(text)).toBeUndefined()
    expect(() => toBytes(text, '--memory')).toThrow(`--memory is "${text}": expected a size such as 512kb, 64mb or 1gb`)
  })
})

describe('toLimitOverrides()', () => {
  it('sets what is given and nothing else', () => {
    expect(toLimitOverrides(parse())).toEqual({})
    expect(toLimitOverrides(parse('--timeout=2s', '--fuel=5', '--memory=32mb'))).toEqual({ deadlineMs: 2000, fuel: 5, memoryBytes: 32 << 20 })
  })

  it.each([['--fuel=0', 'out of range'], ['--fuel=1e9', 'expected a whole number'], ['--fuel=-1', 'expected a whole number'], ['--fuel=9007199254740993', 'out of range'], ['--memory=1kb', 'out of range: from 4194304'], ['--memory=64gb', 'out of range'], ['--timeout=48h', 'out of range']])('refuses %s', (flag, words) => {
    expect(() => toLimitOverrides(parse(flag))).toThrow(words)
  })
})
