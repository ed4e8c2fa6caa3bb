import { describe, expect, it } from 'vitest'
import { parseFlags } from '../../src/cli/flags.js'
import { mergePolicies, toPolicy } from '../../src/cli/grant-flags.js'
import { RUN_FLAGS } from '../../src/cli/run-flags.js'
import { UsageError } from '../../src/cli/usage-error.js'
import { parsePolicy } from '../../src/policy-file/parse.js'

const policyOf = (...args: string[]) => toPolicy(parseFlags(args, RUN_FLAGS), '/work-place/project')

describe('toPolicy()', () => {
  it('grants nothing without a flag', () => {
    expect(policyOf()).toEqual({})
  })

  it.each([
    ['./reports', '/work-place/project/reports', '/reports'],
    ['./reports/', '/work-place/project/reports', '/reports'],
    ['../other', '/work-place/other', '/other'],
    ['.', '/work-place/project', '/project'],
    ['/srv/data', '/srv/data', '/data'],
    ['./reports::/data/in', '/work-place/project/reports', '/data/in'],
    ['.::/', '/work-place/project', '/'],
    ['./a::b::/c', '/work-place/project/a::b', '/c'],
  ])('--allow-read=%s reads %s as %s', (text, host, guest) => {
    expect(policyOf(`--allow-read=${text}`)).toEqual({ fs: { [guest]: { host } } })
  })

  it.each([
    ['./out', { host: '/work-place/project/out', mode: 'read-write' }, '/out'],
    ['./out:10mb', { host: '/work-place/project/out', mode: 'read-write', maxBytes: 10 << 20 }, '/out'],
    ['./out::/o', { host: '/work-place/project/out', mode: 'read-write' }, '/o'],
    ['./out::/o:1kb', { host: '/work-place/project/out', mode: 'read-write', maxBytes: 1024 }, '/o'],
    ['./port:8080', { host: '/work-place/project/port:8080', mode: 'read-write' }, '/port:8080'],
  ])('--allow-write=%s', (text, mount, guest) => {
    expect(policyOf(`--allow-write=${text}`)).toEqual({ fs: { [guest]: mount } })
  })

  it.each([
    ['https://api.example.com/v1/*', { url: 'https://api.example.com/v1/*' }],
    ['https://api.example.com/v1/**?*#GET,POST', { url: 'https://api.example.com/v1/**?*', methods: ['GET', 'POST'] }],
    ['http://127.0.0.1:8080/**', { url: 'http://127.0.0.1:8080/**', allowPrivateAddresses: ['127.0.0.1'] }],
    ['http://[::1]:8080/', { url: 'http://[::1]:8080/', allowPrivateAddresses: ['::1'] }],
    ['http://localhost/', { url: 'http://localhost/', allowPrivateAddresses: ['127.0.0.1', '::1'] }],
    ['http://localhost.example.com/', { url: 'http://localhost.example.com/' }],
  ])('--allow-net=%s', (text, rule) => {
    expect(policyOf(`--allow-net=${text}`)).toEqual({ net: [rule] })
  })

  it('takes variables by name, each once', () => {
    expect(policyOf('--allow-env=LANG,TZ', '--allow-env=LANG')).toEqual({ env: ['LANG', 'TZ'] })
  })

  it.each([
    ['--allow-time', { clock: { system: {} } }],
    ['--allow-time=coarse:100ms', { clock: { system: { resolutionMs: 100 } } }],
    ['--allow-time=fixed:2026-10-01T12:00:00Z', { clock: { fixed: '2026-10-01T12:00:00Z' } }],
    ['--allow-random', { random: { system: {} } }],
    ['--allow-random=seed:42', { random: { seed: 42 } }],
  ])('%s', (flag, policy) => {
    expect(policyOf(flag)).toEqual(policy)
  })

  it('says only what a policy can say', () => {
    const policy = policyOf('--allow-read=.', '--allow-write=./out:1kb', '--allow-net=https://a.example/**#GET,PUT', '--allow-env=A', '--allow-time', '--allow-random=seed:1')
    expect(parsePolicy(policy)).toEqual(policy)
  })

  it.each([
    ['--allow-read=::/data', 'the directory is missing'],
    ['--allow-read=./a::data', 'must start with "/"'],
    ['--allow-read=/', 'has no name of its own'],
    ['--allow-write=./a::', 'must start with "/"'],
    ['--allow-net=api.example.com', 'not an absolute http: or https: URL'],
    ['--allow-net=ftp://api.example.com/', 'not an absolute http: or https: URL'],
    ['--allow-net=https://*/', 'one rule per host'],
    ['--allow-net=https://a.example/#get', '"get" is no method'],
    ['--allow-net=https://a.example/#', '"" is no method'],
    ['--allow-net=https://user:pw@a.example/', 'user information'],
    ['--allow-env=A,,B', '"" is no name'],
    ['--allow-env=*', '"*" is no name'],
    ['--allow-env=A=b', '"A=b" is no name'],
    ['--allow-time=soon', 'expected coarse:100ms or fixed:'],
    ['--allow-time=fixed:soon', 'expected coarse:100ms or fixed:'],
    ['--allow-time=coarse:fast', 'expected a duration'],
    ['--allow-random=42', 'expected seed:N'],
    ['--allow-random=seed:99999999999999999', 'expected seed:N'],
  ])('refuses %s', (flag, words) => {
    expect(() => policyOf(flag)).toThrow(UsageError)
    expect(() => policyOf(flag)).toThrow(words)
  })

  it('refuses two directories at one place', () => {
    expect(() => policyOf('--allow-read=./a/data', '--allow-write=./b/data')).toThrow('something else is mounted at /data')
  })
})

describe('mergePolicies()', () => {
  it('adds what flags grant to what the file grants', () => {
    const file = { fs: { '/a': { host: '/a' } }, net: [{ url: 'https://a.example/' }], env: ['A', { name: 'B', value: 'b' }], limits: { fuel: 1 }, random: { seed: 1 } }
    const flags = { fs: { '/b': { host: '/b' } }, net: [{ url: 'https://b.example/' }], env: ['A', 'B', 'C'], clock: { system: {} } }
    expect(mergePolicies(file, flags)).toEqual({
      fs: { '/a': { host: '/a' }, '/b': { host: '/b' } },
      net: [{ url: 'https://a.example/' }, { url: 'https://b.example/' }],
      env: ['A', { name: 'B', value: 'b' }, 'C'],
      limits: { fuel: 1 },
      random: { seed: 1 },
      clock: { system: {} },
    })
    expect(mergePolicies({}, {})).toEqual({})
  })

  it.each([
    [{ fs: { '/a': { host: '/a' } } }, { fs: { '/a': { host: '/b', mode: 'read-write' as const } } }, 'both mount /a'],
    [{ clock: { fixed: '2026' } }, { clock: { system: {} } }, 'both grant a clock'],
    [{ random: { seed: 1 } }, { random: { system: {} } }, 'both grant randomness'],
  ])('refuses two answers to one question: %j and %j', (file, flags, words) => {
    expect(() => mergePolicies(file, flags)).toThrow(words)
  })
})
