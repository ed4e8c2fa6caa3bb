import { describe, expect, it } from 'vitest'
import { useSandbox, valueOf } from '../../../support/sandbox.js'

const { run } = useSandbox()

describe('process', () => {
  it('writes, reads and ends as a program expects', async () => {
    const result = await run("process.stdout.write('a'); process.stderr.write(Buffer.from('é')); process.on('exit', (code) => process.stdout.write(' bye ' + code)); process.exitCode = 3; process.exit()")
    expect([result.outcome, result.stdout, result.stderr]).toEqual(['stopped', 'a bye 3', 'é'])
    expect(result).toMatchObject({ reason: 'exit', exitCode: 3 })
  })

  it('tells listeners of the end of a program that comes to its end', async () => {
    const result = await run("process.on('beforeExit', () => console.log('before')).once('exit', (code) => console.log('exit', code)); return 5")
    expect([valueOf(result), result.stdout]).toEqual([5, 'before\nexit 0\n'])
  })

  it('stdin is a stream of the granted text', async () => {
    const grants = { stdin: 'some text' }
    expect(valueOf(await run("let all = ''; for await (const chunk of process.stdin) all += chunk; return all", { grants }))).toBe('some text')
    expect(valueOf(await run("process.stdin.setEncoding('utf8'); let all = ''; process.stdin.on('data', (c) => { all += c }); return new Promise((done) => process.stdin.on('end', () => done(all)))", { grants }))).toBe('some text')
    expect(valueOf(await run("return [typeof process.stdin.on, process.stdin.isTTY, process.stdin.text()]"))).toEqual(['function', false, ''])
  })

  it('stdout can be piped into', async () => {
    const result = await run("const { Readable } = require('stream'); const { pipeline } = require('stream/promises'); Readable.from(['x', 'y']).pipe(process.stdout); await require('timers/promises').setTimeout(1); return process.stdout instanceof require('stream').Writable")
    expect([valueOf(result), result.stdout]).toEqual([true, 'xy'])
  })

  it('warns on the error output, once for each deprecation', async () => {
    const result = await run("const util = require('util'); const old = util.deprecate(() => 1, 'old thing', 'DEP9'); old(); old(); process.emitWarning('careful'); const seen = []; process.on('warning', (w) => seen.push(w.name)); await null; await null; return seen")
    expect(result.stderr).toBe('(glovebox:1) [DEP9] DeprecationWarning: old thing\n(glovebox:1) Warning: careful\n')
    expect(valueOf(result)).toEqual(['DeprecationWarning', 'Warning'])
  })

  it('times on the granted clock, which stands still without a grant', async () => {
    expect(valueOf(await run('return [process.hrtime(), process.hrtime.bigint(), process.uptime(), process.hrtime([0, 0])]'))).toEqual([[0, 0], 0n, 0, [0, 0]])
  })

  it('says what to use where there is no machine', async () => {
    for (const [source, words] of [['process.chdir("/x")', 'use absolute paths'], ['process.kill(1)', 'process.exit()'], ['process.dlopen()', 'no native code']] as const) {
      expect(await run(source)).toMatchObject({ outcome: 'threw', error: { message: expect.stringContaining(words) } })
    }
  })

  it('tells nothing of the machine', async () => {
    const told = "const os = require('os'); return [os.cpus().length, os.hostname(), os.homedir(), os.tmpdir(), os.EOL, os.userInfo().username, os.networkInterfaces(), process.pid, process.platform, process.memoryUsage().rss, process.execPath]"
    expect(valueOf(await run(told))).toEqual([1, 'glovebox', '/', '/tmp', '\n', 'guest', {}, 1, 'wasm', 0, '/glovebox'])
  })
})

describe('modules of what a sandbox has not', () => {
  it.each([
    ['child_process', "execSync('ls')", 'pass a tool'], ['net', 'connect(80)', 'fetch()'], ['http', "get('http://a.example')", 'fetch()'], ['https', "request('https://a.example')", 'fetch()'], ['worker_threads', "new m.Worker('x')", 'one thread'], ['vm', "runInNewContext('1')", 'new Function()'],
    ['dns', "lookup('a')", 'fetch()'], ['tls', 'connect()', 'fetch()'], ['dgram', "createSocket('udp4')", 'a tool'], ['http2', "connect('x')", 'fetch()'], ['cluster', 'fork()', 'one thread'], ['v8', 'serialize(1)', 'structuredClone()'], ['inspector', 'open()', 'console.log()'], ['repl', 'start()', 'the source'],
  ])('node:%s loads, and %s says what to use', async (name, call, words) => {
    expect(valueOf(await run(`import * as m from "${name}"\nimport d from "node:${name}"\nexport default [typeof m.default, m.default === d]`))).toEqual(['object', true])
    const result = await run(`const m = require("${name}"); ${call.startsWith('new ') ? call : `m.${call}`}`)
    expect(result).toMatchObject({ outcome: 'threw', error: { code: 'ERR_FEATURE_UNAVAILABLE_ON_PLATFORM', message: expect.stringContaining(words) } })
  })

  it('libraries extend their classes and read their tables', async () => {
    expect(valueOf(await run("class A extends require('http').Agent {}; return [typeof A, require('http').STATUS_CODES[404], require('net').isIP('::1'), require('net').isIP('1.2.3.4'), require('net').isIP('x'), require('worker_threads').isMainThread]"))).toEqual(['function', 'Not Found', 6, 4, 0, true])
  })
})

describe('a program that touches none of this', () => {
  it('pays nothing for it', async () => {
    const first = await run('return 1')
    await run("require('stream'); require('crypto'); require('zlib'); return Buffer.from('x').length")
    const again = await run('return 1')
    expect([again.usage.fuel, again.usage.memoryPeakBytes]).toEqual([first.usage.fuel, first.usage.memoryPeakBytes])
  })
})
