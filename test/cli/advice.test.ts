import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { toAdvice } from '../../src/cli/advice.js'
import { parseFlags } from '../../src/cli/flags.js'
import { toPolicy } from '../../src/cli/grant-flags.js'
import { RUN_FLAGS } from '../../src/cli/run-flags.js'
import type { Policy } from '../../src/policy-file/schema.js'
import type { LedgerEntry } from '../../src/result.js'

const entry = (capability: LedgerEntry['capability'], operation: string, target: string, reason = 'no mount'): LedgerEntry => ({ seq: 0, capability, operation, target, decision: 'denied', reason, bytesIn: 0, bytesOut: 0, fuel: 0 })
const fs = (operation: string, target: string, policy: Policy = {}, reason?: string) => toAdvice(entry('fs', operation, target, reason), policy)
const net = (target: string, reason = 'no net grant') => toAdvice(entry('net', 'fetch', target, reason), {})

const MOUNTED: Policy = { fs: { '/data': { host: '/srv/my data' }, '/out': { host: '/srv/out', mode: 'read-write' }, '/log': { host: '/srv/log', mode: 'append' }, '/mem': { memory: {} } } }

describe('toAdvice()', () => {
  it.each([
    ['readFile', '/etc/passwd', '--allow-read=HOST::/etc,'],
    ['readFile', '/a.txt', '--allow-read=HOST::/,'],
    ['readdir', '/etc', '--allow-read=HOST::/etc,'],
    ['stat', '/srv/x', '--allow-read=HOST::/srv,'],
    ['writeFile', '/out/a', '--allow-write=HOST::/out,'],
    ['mkdir', '/out', '--allow-write=HOST::/out,'],
    ['rm', '/home/ana/x', '--allow-write=HOST::/home/ana,'],
    ['copyFile', '/from/a -> /to/b', '--allow-read=HOST::/from,'],
    ['rename', '/from/a -> /to/b', '--allow-write=HOST::/from,'],
  ])('fs.%s %s: %s', (operation, target, flag) => {
    expect(fs(operation, target)).toContain(`allow it with ${flag}`)
  })

  it('names the directory that is mounted, but only to read', () => {
    expect(fs('writeFile', '/data/a', MOUNTED, 'mount "/data" is read-only')).toBe(`allow it with '--allow-write=/srv/my data::/data' in place of reading only`)
    expect(fs('copyFile', '/data/a -> /elsewhere/a', MOUNTED)).toContain('--allow-write=HOST::/elsewhere,')
    expect(fs('copyFile', '/mem/a -> /data/a', MOUNTED)).toContain('/srv/my data::/data')
  })

  it.each([['writeFile', '/out/.git/config'], ['unlink', '/log/a'], ['readFile', '/out/.git/x']])('knows no flag for what a mode keeps: fs.%s %s', (operation, target) => {
    expect(fs(operation, target, MOUNTED, 'mount "/out" keeps ".git" as it is')).toBe('no flag grants this')
  })

  it.each([
    ['GET https://api.example.com/v1/a', '--allow-net=https://api.example.com/v1/a'],
    ['POST https://api.example.com/v1/a', `'--allow-net=https://api.example.com/v1/a#POST'`],
    ['GET https://api.example.com/v1/a?b=1', `'--allow-net=https://api.example.com/v1/a?*'`],
  ])('net %s: %s', (target, flag) => {
    expect(net(target)).toBe(`allow it with ${flag}`)
    expect(net(target, 'no rule for host "api.example.com"')).toBe(`allow it with ${flag}`)
  })

  it.each([
    ['a wildcard the guest wrote', 'GET https://evil.example/**', 'no net grant'],
    ['a wildcard in a query', 'GET https://evil.example/?*', 'no net grant'],
    ['a URL that was cut', `GET https://evil.example/${'a'.repeat(50)}...[900 more]`, 'no net grant'],
    ['a URL two parsers read differently', 'GET https://good.example@evil.example/', 'no net grant'],
    ['an escape', 'GET https://evil.example/\\u0000', 'no net grant'],
    ['a header', 'GET https://api.example.com/', 'header "authorization" says who asks, which only the host does'],
    ['an address', 'GET https://internal.example/', 'address 10.0.0.1 is not public'],
  ])('suggests nothing for %s', (_, target, reason) => {
    expect(net(target, reason)).toMatch(/^no flag grants this/)
  })

  it('has no flag for tools', () => {
    expect(toAdvice(entry('tool', 'call', 'search', 'no such tool was granted'), {})).toContain('in code')
  })

  it.each([
    [`/tmp/$(touch pwned)/a`], ['/tmp/`id`/a'], [`/tmp/'; rm -rf ~; '/a`], ['/tmp/a b/c'], ['/tmp/"$HOME"/a'], ['/~/a'], ['/tmp/&& true/x'], ['/tmp/#x/y'],
  ])('quotes %j for the shell, so that pasting it runs nothing', (path) => {
    const flag = /(--allow-read=.*), where/.exec(fs('readFile', path))![1]!
    const words = execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${flag}`], { encoding: 'utf8', timeout: 5000 })
    const folder = path.slice(0, path.lastIndexOf('/'))
    expect(words).toBe(`--allow-read=HOST::${folder}\n`)
    expect(toPolicy(parseFlags([words.trimEnd()], RUN_FLAGS), '/').fs).toEqual({ [folder]: { host: '/HOST' } })
  })

  it.each([['/a::/etc/x'], ['/a:10mb/x'], ['/a\\u000ab/x'], [`/${'x'.repeat(510)}…/x`]])('suggests no flag that would mean something else: %.20s', (path) => {
    expect(fs('writeFile', path)).toContain('use a policy')
  })
})
