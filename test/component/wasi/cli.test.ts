import { describe, expect, it } from 'vitest'
import { createWasi } from '../../../src/component/wasi/host.js'
import type { InputStream } from '../../../src/component/wasi/streams-input.js'
import type { OutputStream } from '../../../src/component/wasi/streams-output.js'
import { FakePort, payloadOf, payloadOfAsync } from './fake-port.js'
import type { FakeOptions } from './fake-port.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (data: Uint8Array): string => new TextDecoder().decode(data)

function streamOf(pieces: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  const left = [...pieces]
  return new ReadableStream({
    pull: (controller) => {
      const piece = left.shift()
      if (piece) controller.enqueue(piece)
      else controller.close()
    },
  })
}

interface Cli {
  readonly getEnvironment: () => [string, string][]
  readonly getArguments: () => string[]
  readonly initialCwd: () => string
  readonly exit: (status: { readonly tag: 'ok' | 'err' }) => never
  readonly exitWithCode: (code: number) => never
  readonly getStdin: () => InputStream
  readonly getStdout: () => OutputStream
  readonly getStderr: () => OutputStream
  readonly getTerminalStdin: () => unknown
  readonly getTerminalStdout: () => unknown
  readonly getTerminalStderr: () => unknown
}

function guest(options: FakeOptions = {}): { readonly port: FakePort; readonly cli: Cli } & Disposable {
  const port = new FakePort(options)
  const { imports } = createWasi(port)
  const rows = Object.keys(imports).filter((name) => name.startsWith('wasi:cli/')).map((name) => imports[name])
  return { port, cli: Object.assign({}, ...rows) as Cli, [Symbol.dispose]: () => port.settle() }
}

describe('wasi:cli', () => {
  it('gives nothing that was not given', () => {
    using call = guest()
    expect(call.cli.getEnvironment()).toEqual([])
    expect(call.cli.getArguments()).toEqual([])
    expect(call.cli.initialCwd()).toBe('/')
    expect(payloadOf(() => call.cli.getStdin().blockingRead(1n))).toEqual({ tag: 'closed' })
    expect([call.cli.getTerminalStdin(), call.cli.getTerminalStdout(), call.cli.getTerminalStderr()]).toEqual([undefined, undefined, undefined])
  })

  it('gives env and args as copies', () => {
    using call = guest({ env: { LANG: 'en', __proto__: 'x' } as never, args: ['tool', '--json'] })
    call.cli.getEnvironment().push(['X', 'Y'])
    call.cli.getArguments().push('evil')
    expect(call.cli.getEnvironment()).toEqual([['LANG', 'en']])
    expect(call.cli.getArguments()).toEqual(['tool', '--json'])
  })

  it('output is captured from streams that share their place', () => {
    using call = guest()
    const [one, two, err] = [call.cli.getStdout(), call.cli.getStdout(), call.cli.getStderr()]
    expect(one).not.toBe(two)
    one.blockingWriteAndFlush(bytes('a'))
    two.blockingWriteAndFlush(bytes('b'))
    err.blockingWriteAndFlush(bytes('c'))
    one[Symbol.dispose]()
    two.blockingWriteAndFlush(bytes('d'))
    expect(call.port.written).toEqual({ stdout: 'abd', stderr: 'c' })
    expect(call.port.resources).toBe(2)
  })

  it('output beyond its limit stops the call', () => {
    using call = guest({ limits: { outputBytes: 10 } })
    const stdout = call.cli.getStdout()
    expect(() => {
      for (;;) stdout.blockingWriteAndFlush(bytes('abc'))
    }).toThrow()
    expect(call.port.halt.stop?.reason).toBe('output')
  })

  it.each([[{ tag: 'ok' } as const, 0], [{ tag: 'err' } as const, 1]])('exit(%j) exits with %i', (status, code) => {
    using call = guest()
    expect(() => call.cli.exit(status)).toThrow()
    expect([call.port.exitCode, call.port.halt.stop?.reason]).toEqual([code, 'exit'])
  })

  it('exit-with-code() exits with its code', () => {
    using call = guest()
    expect(() => call.cli.exitWithCode(42)).toThrow()
    expect(call.port.exitCode).toBe(42)
  })

  it('stdin of bytes is read once, by all its streams together', () => {
    using call = guest({ stdin: bytes('0123456789') })
    const [one, two] = [call.cli.getStdin(), call.cli.getStdin()]
    expect(text(one.read(3n))).toBe('012')
    expect(text(two.read(3n))).toBe('345')
    one[Symbol.dispose]()
    expect(text(two.blockingRead(100n) as Uint8Array)).toBe('6789')
    expect(payloadOf(() => two.read(1n))).toEqual({ tag: 'closed' })
    expect(call.port.calls).toEqual([])
  })

  it('stdin of a stream is waited for, piece by piece, within the budget', async () => {
    const stdin = streamOf([bytes('one'), new Uint8Array(0), bytes('two')])
    using call = guest({ stdin, canSuspend: true })
    const stream = call.cli.getStdin()
    const pollable = stream.subscribe()
    expect(pollable.ready()).toBe(false)
    expect(text(await stream.blockingRead(2n))).toBe('on')
    expect(pollable.ready()).toBe(true)
    expect(text(await stream.blockingRead(100n))).toBe('e')
    expect(stream.read(9n)).toEqual(new Uint8Array(0))
    await pollable.block()
    expect(text(stream.read(9n))).toBe('two')
    expect(await payloadOfAsync(() => stream.blockingRead(1n))).toEqual({ tag: 'closed' })
    expect(call.port.calls.map(({ operation, target, in: read }) => [operation, target, read])).toEqual([
      ['stdio.read', 'stdin', 3], ['stdio.read', 'stdin', 0], ['stdio.read', 'stdin', 3], ['stdio.read', 'stdin', 0],
    ])
  })

  it('stdin of more than the budget stops the call', async () => {
    using call = guest({ stdin: streamOf([bytes('too much')]), canSuspend: true, limits: { hostBytesIn: 3 } })
    await expect(call.cli.getStdin().blockingRead(1n)).rejects.toThrow('bytes in')
  })

  it('stdin that fails ends, without a word of why', async () => {
    const stdin = new ReadableStream<Uint8Array>({ pull: () => { throw new Error('/home/secret failed') } })
    using call = guest({ stdin, canSuspend: true })
    expect(await payloadOfAsync(() => call.cli.getStdin().blockingRead(1n))).toEqual({ tag: 'closed' })
  })

  it('stdin of a stream without suspension stops the call and says what it needs', () => {
    using call = guest({ stdin: new ReadableStream() })
    expect(() => call.cli.getStdin().blockingRead(1n)).toThrow(/Node 24/)
    expect(call.port.halt.stop?.reason).toBe('needs-jspi')
  })

  it('settling cancels a stream that is still read, and one never asked for is left alone', async () => {
    let cancelled = false
    const stdin = new ReadableStream<Uint8Array>({ cancel: () => void (cancelled = true) })
    const reading = guest({ stdin, canSuspend: true })
    const blocked = reading.cli.getStdin().blockingRead(1n)
    reading.port.settle()
    await expect(blocked).rejects.toThrow('ended')
    expect(cancelled).toBe(true)
    const untouched = new ReadableStream<Uint8Array>()
    guest({ stdin: untouched }).port.settle()
    expect(untouched.locked).toBe(false)
  })
})
