import { describe, expect, it } from 'vitest'
import { steppedClock } from '../../../capabilities/clock/clock.js'
import { IoFailure } from '../../../src/component/wasi/failure.js'
import { createWasi } from '../../../src/component/wasi/host.js'
import { IoError } from '../../../src/component/wasi/io-error.js'
import { MOST_BYTES } from '../../../src/component/wasi/io.js'
import type { Io } from '../../../src/component/wasi/io.js'
import { Pollable } from '../../../src/component/wasi/poll.js'
import { InputStream } from '../../../src/component/wasi/streams-input.js'
import type { Source } from '../../../src/component/wasi/streams-input.js'
import { OutputStream } from '../../../src/component/wasi/streams-output.js'
import type { Sink } from '../../../src/component/wasi/streams-output.js'
import { FakeClock, FakePort, payloadOf, payloadOfAsync } from './fake-port.js'
import type { FakeOptions } from './fake-port.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (data: Uint8Array): string => new TextDecoder().decode(data)

/** A pipe whose two ends are streams: what is written can be read, `capacity` bytes at once. */
class Pipe implements Source, Sink {
  pieces: Uint8Array[] = []
  ended = false
  failing: string | undefined
  capacity = 8
  flushing = false
  closed = 0
  #wake: (() => void)[] = []

  put(...pieces: readonly string[]): void {
    this.pieces.push(...pieces.map(bytes))
    this.wake()
  }

  wake(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  ready(): boolean {
    return this.pieces.length > 0 || this.ended || this.failing !== undefined
  }

  wait(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve))
  }

  read(length: number): Uint8Array | undefined {
    if (this.failing !== undefined) throw new IoFailure(this.failing, { kind: 'filesystem', code: 'io' })
    const piece = this.pieces.shift()
    if (piece === undefined) return this.ended ? undefined : new Uint8Array(0)
    if (piece.length > length) this.pieces.unshift(piece.subarray(length))
    return piece.subarray(0, length)
  }

  permit(): number | undefined {
    if (this.failing !== undefined) throw new IoFailure(this.failing)
    return this.ended ? undefined : this.flushing ? 0 : this.capacity
  }

  write(data: Uint8Array): void {
    if (this.failing !== undefined) throw new IoFailure(this.failing)
    this.pieces.push(data)
  }

  flush(): void {
    if (this.failing !== undefined) throw new IoFailure(this.failing)
    this.flushing = true
  }

  close(): void {
    this.closed++
  }

  get held(): string {
    return this.pieces.map(text).join('')
  }
}

/** The other direction: ready to take bytes. */
class Drain extends Pipe {
  override ready(): boolean {
    return !this.flushing && this.capacity > 0 || this.ended || this.failing !== undefined
  }

  override flush(): void {
    super.flush()
    this.flushing = false
  }
}

function host(options: FakeOptions = {}): { readonly port: FakePort; readonly io: Io } & Disposable {
  const port = new FakePort(options)
  return { port, io: createWasi(port).io, [Symbol.dispose]: () => port.settle() }
}

describe('InputStream', () => {
  it('read() gives what is there, then nothing, then closed', () => {
    using call = host()
    const pipe = new Pipe()
    pipe.put('hello', 'world')
    const stream = new InputStream(call.io, pipe)
    expect(text(stream.read(3n))).toBe('hel')
    expect(text(stream.read(100n))).toBe('lo')
    expect(stream.read(0n)).toEqual(new Uint8Array(0))
    expect(text(stream.read(100n))).toBe('world')
    expect(stream.read(100n)).toEqual(new Uint8Array(0))
    pipe.ended = true
    expect(payloadOf(() => stream.read(1n))).toEqual({ tag: 'closed' })
    expect(pipe.closed).toBe(1)
    for (const again of [() => stream.read(0n), () => stream.skip(1n), () => stream.blockingRead(1n), () => stream.blockingSkip(0n)]) {
      expect(payloadOf(again)).toEqual({ tag: 'closed' })
    }
  })

  it('skip() counts what it passes over', () => {
    using call = host()
    const pipe = new Pipe()
    pipe.put('abcdef')
    const stream = new InputStream(call.io, pipe)
    expect(stream.skip(2n)).toBe(2n)
    expect(stream.skip(0n)).toBe(0n)
    expect(stream.blockingSkip(1n)).toBe(1n)
    expect(text(stream.read(9n))).toBe('def')
    expect(stream.skip(9n)).toBe(0n)
  })

  it('a failure is told once, with an error resource, and closes the stream', () => {
    using call = host()
    const pipe = new Pipe()
    pipe.failing = 'the disk is gone'
    const stream = new InputStream(call.io, pipe)
    const payload = payloadOf(() => stream.read(1n)) as { tag: string; val: IoError }
    expect(payload.tag).toBe('last-operation-failed')
    expect(payload.val.toDebugString()).toBe('the disk is gone')
    expect(IoError.codeOf(payload.val, 'filesystem')).toBe('io')
    expect(IoError.codeOf(payload.val, 'http')).toBeUndefined()
    expect(payloadOf(() => stream.read(1n))).toEqual({ tag: 'closed' })
  })

  it.each([2n ** 40n, 2n ** 63n, 2n ** 64n - 1n])('a read of %s bytes makes the host hold no more than its most', (length) => {
    using call = host()
    const asked: number[] = []
    const source: Source = { ready: () => true, wait: async () => {}, close: () => {}, read: (count) => (asked.push(count), new Uint8Array(1)) }
    const stream = new InputStream(call.io, source)
    stream.read(length)
    stream.blockingRead(length)
    stream.skip(length)
    expect(asked).toEqual([MOST_BYTES, MOST_BYTES, MOST_BYTES])
  })

  it('blockingRead() waits for the first byte where the engine can suspend', async () => {
    using call = host({ canSuspend: true })
    const pipe = new Pipe()
    const stream = new InputStream(call.io, pipe)
    const reading = stream.blockingRead(9n) as Promise<Uint8Array>
    expect(reading).toBeInstanceOf(Promise)
    pipe.wake()
    await Promise.resolve()
    pipe.put('late')
    expect(text(await reading)).toBe('late')
    const ending = stream.blockingSkip(9n)
    pipe.ended = true
    pipe.wake()
    expect(await payloadOfAsync(() => ending)).toEqual({ tag: 'closed' })
  })

  it('blockingRead() is answered at once when something is there, also without suspension', () => {
    using call = host()
    const pipe = new Pipe()
    pipe.put('now')
    expect(text(new InputStream(call.io, pipe).blockingRead(9n) as Uint8Array)).toBe('now')
  })

  it('without suspension, waiting stops the call and says what it needs', () => {
    using call = host()
    const stream = new InputStream(call.io, new Pipe())
    expect(() => stream.blockingRead(1n)).toThrow(/Node 24/)
    expect(call.port.halt.stop?.reason).toBe('needs-jspi')
  })
})

describe('OutputStream', () => {
  it('writes within its permit, which each write uses up', () => {
    using call = host()
    const drain = new Drain()
    const stream = new OutputStream(call.io, drain)
    expect(stream.checkWrite()).toBe(8n)
    stream.write(bytes('12345'))
    stream.writeZeroes(1n)
    stream.write(bytes('67'))
    expect(drain.held).toBe('12345\x0067')
    expect(() => stream.write(bytes('8'))).toThrow('where 0 were permitted')
    expect(call.port.halt.stop?.reason).toBe('trap')
  })

  it.each<[string, (stream: OutputStream) => void]>([
    ['a write without a permit', (stream) => stream.write(bytes('x'))],
    ['a write beyond the permit', (stream) => (stream.checkWrite(), stream.write(new Uint8Array(9)))],
    ['zeroes beyond the permit', (stream) => (stream.checkWrite(), stream.writeZeroes(9n))],
    ['2^40 zeroes', (stream) => (stream.checkWrite(), stream.writeZeroes(2n ** 40n))],
    ['2^64 - 1 zeroes', (stream) => (stream.checkWrite(), stream.writeZeroes(2n ** 64n - 1n))],
    ['a write after a flush took the permit', (stream) => (stream.checkWrite(), stream.flush(), stream.write(bytes('x')))],
    ['4097 bytes written and flushed', (stream) => stream.blockingWriteAndFlush(new Uint8Array(4097))],
    ['4097 zeroes written and flushed', (stream) => stream.blockingWriteZeroesAndFlush(4097n)],
    ['2^63 zeroes written and flushed', (stream) => stream.blockingWriteZeroesAndFlush(2n ** 63n)],
  ])('%s traps and writes nothing', (_, act) => {
    using call = host()
    const drain = new Drain()
    expect(() => act(new OutputStream(call.io, drain))).toThrow()
    expect(call.port.halt.stop?.reason).toBe('trap')
    expect(drain.held).toBe('')
  })

  it('blockingWriteAndFlush() writes in as many pieces as are permitted', () => {
    using call = host()
    const drain = new Drain()
    drain.capacity = 3
    const stream = new OutputStream(call.io, drain)
    stream.blockingWriteAndFlush(bytes('0123456789'))
    stream.blockingWriteAndFlush(bytes(''))
    stream.blockingWriteZeroesAndFlush(2n)
    stream.blockingFlush()
    expect(drain.pieces.map(text)).toEqual(['012', '345', '678', '9', '\0\0'])
  })

  it('blockingWriteAndFlush() waits until all is written and flushed', async () => {
    using call = host({ canSuspend: true })
    const drain = new Drain()
    drain.capacity = 0
    drain.flush = () => {
      drain.flushing = true
    }
    const stream = new OutputStream(call.io, drain)
    let done = false
    const writing = (async () => {
      await stream.blockingWriteAndFlush(bytes('abc'))
      done = true
    })()
    drain.capacity = 2
    drain.wake()
    await new Promise(setImmediate)
    expect([drain.held, done]).toEqual(['abc', false])
    drain.flushing = false
    drain.wake()
    await writing
    expect(done).toBe(true)
  })

  it('a sink that closes is closed for every function from then on', () => {
    using call = host()
    const drain = new Drain()
    const stream = new OutputStream(call.io, drain)
    drain.ended = true
    for (const act of [() => stream.checkWrite(), () => stream.write(bytes('')), () => stream.flush(), () => stream.blockingFlush(), () => stream.writeZeroes(0n), () => stream.blockingWriteAndFlush(bytes('x'))]) {
      expect(payloadOf(act)).toEqual({ tag: 'closed' })
    }
    expect(drain.closed).toBe(1)
  })

  it.each<[string, (stream: OutputStream) => unknown]>([
    ['checkWrite()', (stream) => stream.checkWrite()],
    ['flush()', (stream) => stream.flush()],
    ['blockingWriteAndFlush()', (stream) => stream.blockingWriteAndFlush(bytes('x'))],
  ])('%s tells what failed once, then closed', (_, act) => {
    using call = host()
    const drain = new Drain()
    const stream = new OutputStream(call.io, drain)
    drain.failing = 'no space'
    expect(payloadOf(() => act(stream))).toMatchObject({ tag: 'last-operation-failed' })
    expect(payloadOf(() => act(stream))).toEqual({ tag: 'closed' })
  })

  it('splice() moves no more than both sides and the guest allow', () => {
    using call = host()
    const [pipe, drain] = [new Pipe(), new Drain()]
    pipe.put('0123456789abcdef')
    const [input, output] = [new InputStream(call.io, pipe), new OutputStream(call.io, drain)]
    expect(output.splice(input, 3n)).toBe(3n)
    expect(output.splice(input, 2n ** 64n - 1n)).toBe(8n)
    expect(output.splice(input, 0n)).toBe(0n)
    expect(output.blockingSplice(input, 100n)).toBe(5n)
    expect(output.splice(input, 1n)).toBe(0n)
    expect(drain.held).toBe('0123456789abcdef')
    pipe.ended = true
    expect(payloadOf(() => output.splice(input, 1n))).toEqual({ tag: 'closed' })
    expect(output.checkWrite()).toBe(8n)
  })

  it('blockingSplice() waits for both sides', async () => {
    using call = host({ canSuspend: true })
    const [pipe, drain] = [new Pipe(), new Drain()]
    drain.capacity = 0
    const [input, output] = [new InputStream(call.io, pipe), new OutputStream(call.io, drain)]
    const splicing = output.blockingSplice(input, 9n)
    drain.capacity = 8
    drain.wake()
    await new Promise(setImmediate)
    pipe.put('xyz')
    expect(await splicing).toBe(3n)
    expect(drain.held).toBe('xyz')
  })
})

describe('Pollable and poll()', () => {
  it('poll() gives the indices that are ready, each place of a handle on its own', () => {
    using call = host()
    const rows = createWasi(call.port).imports['wasi:io/poll'] as { poll: (list: readonly Pollable[]) => Uint32Array }
    const [ready, waiting] = [new Pipe(), new Pipe()]
    ready.put('x')
    const [one, two] = [ready, waiting].map((pipe) => new InputStream(call.io, pipe).subscribe()) as [Pollable, Pollable]
    expect([one.ready(), two.ready()]).toEqual([true, false])
    expect(rows.poll([two, one, two, one])).toEqual(Uint32Array.of(1, 3))
    expect(one.block()).toBeUndefined()
  })

  it('poll() of nothing traps, and of more than the limit of resources stops', () => {
    using empty = host()
    expect(() => (createWasi(empty.port).imports['wasi:io/poll'] as { poll: (list: unknown[]) => void }).poll([])).toThrow('empty list')
    expect(empty.port.halt.stop?.reason).toBe('trap')
    using many = host()
    const pipe = new Pipe()
    pipe.put('x')
    const pollable = new InputStream(many.io, pipe).subscribe()
    const { poll } = createWasi(many.port).imports['wasi:io/poll'] as { poll: (list: unknown[]) => void }
    poll(Array.from({ length: 64 }, () => pollable))
    expect(() => poll(Array.from({ length: 65 }, () => pollable))).toThrow('limits.resources')
    expect(many.port.halt.stop?.reason).toBe('resources')
  })

  it('the call is stopped while it waits: the wait ends with that stop, and nobody waits on', async () => {
    using call = host({ canSuspend: true, clock: new FakeClock() })
    const blocked = new InputStream(call.io, new Pipe()).subscribe().block()
    call.port.halt.set('deadline', 'time is up')
    await expect(blocked).rejects.toThrow('time is up')
  })

  it('the call ends while it waits: the wait ends', async () => {
    const call = host({ canSuspend: true })
    const blocked = new InputStream(call.io, new Pipe()).subscribe().block()
    call.port.settle()
    await expect(blocked).rejects.toThrow('ended')
    expect(call.port.resources).toBe(0)
  })

  it('a dropped stream leaves its pollables ready', async () => {
    using call = host({ canSuspend: true })
    const stream = new InputStream(call.io, new Pipe())
    const pollable = stream.subscribe()
    expect(pollable.ready()).toBe(false)
    stream[Symbol.dispose]()
    expect(pollable.ready()).toBe(true)
    expect(payloadOf(() => stream.read(1n))).toEqual({ tag: 'closed' })
  })

  it('timers run in order without waiting on a clock that cannot wait, but not before what is in flight', async () => {
    using call = host({ canSuspend: true, clock: steppedClock({ start: 0, stepMs: 0 }) })
    const { imports, io } = createWasi(call.port)
    const monotonic = imports['wasi:clocks/monotonic-clock'] as { now: () => bigint; subscribeDuration: (ns: bigint) => Pollable }
    const { poll } = imports['wasi:io/poll'] as { poll: (list: readonly Pollable[]) => Uint32Array | Promise<Uint32Array> }
    const [late, soon] = [monotonic.subscribeDuration(2_000_000_000n), monotonic.subscribeDuration(1_000_000_000n)]
    expect(poll([late, soon])).toEqual(Uint32Array.of(1))
    expect(monotonic.now()).toBe(1_000_000_000n)
    const pipe = new Pipe()
    const answer = poll([late, new InputStream(io, pipe).subscribe()])
    expect(answer).toBeInstanceOf(Promise)
    pipe.put('x')
    expect(await answer).toEqual(Uint32Array.of(1))
    expect(late.block()).toBeUndefined()
    expect(monotonic.now()).toBe(2_000_000_000n)
  })

  it('timers really wait on a clock that can, and the rest of them are let go', async () => {
    const clock = new FakeClock()
    using call = host({ canSuspend: true, clock })
    const { imports } = createWasi(call.port)
    const { subscribeDuration, subscribeInstant, now } = imports['wasi:clocks/monotonic-clock'] as {
      subscribeDuration: (ns: bigint) => Pollable; subscribeInstant: (ns: bigint) => Pollable; now: () => bigint
    }
    const { poll } = imports['wasi:io/poll'] as { poll: (list: readonly Pollable[]) => Promise<Uint32Array> }
    expect(now()).toBe(0n)
    const polled = poll([subscribeDuration(50_000_000n), subscribeInstant(20_500_000n)])
    await new Promise(setImmediate)
    expect(clock.waiting).toBe(2)
    clock.advance(20)
    await new Promise(setImmediate)
    clock.advance(1)
    expect(await polled).toEqual(Uint32Array.of(1))
    await new Promise(setImmediate)
    expect(clock.waiting).toBe(0)
  })

  it('a clock whose wait returns at once makes nobody spin', async () => {
    let waits = 0
    const clock = { ...steppedClock({ start: 0, stepMs: 0 }), wait: async () => void waits++ }
    using call = host({ canSuspend: true, clock })
    const { subscribeDuration } = createWasi(call.port).imports['wasi:clocks/monotonic-clock'] as { subscribeDuration: (ns: bigint) => Pollable }
    await subscribeDuration(3_600_000_000_000n).block()
    expect(waits).toBe(1)
  })
})

describe('handles', () => {
  const FORGED: readonly (readonly [string, (io: Io) => unknown])[] = [
    ['InputStream.read', () => (Object.create(InputStream.prototype) as InputStream).read(1n)],
    ['InputStream.blockingRead', () => (Object.create(InputStream.prototype) as InputStream).blockingRead(1n)],
    ['InputStream.subscribe', () => (Object.create(InputStream.prototype) as InputStream).subscribe()],
    ['OutputStream.checkWrite', () => (Object.create(OutputStream.prototype) as OutputStream).checkWrite()],
    ['OutputStream.blockingFlush', () => (Object.create(OutputStream.prototype) as OutputStream).blockingFlush()],
    ['OutputStream.subscribe', () => (Object.create(OutputStream.prototype) as OutputStream).subscribe()],
    ['OutputStream.splice from a forged stream', (io) => new OutputStream(io, new Drain()).splice(Object.create(InputStream.prototype) as InputStream, 1n)],
    ['OutputStream.splice from another type', (io) => new OutputStream(io, new Drain()).splice(new Pollable(io, new Pipe()) as never, 1n)],
    ['OutputStream.blockingSplice from a forged stream', (io) => new OutputStream(io, new Drain()).blockingSplice(Object.create(InputStream.prototype) as InputStream, 1n)],
    ['Pollable.ready', () => (Object.create(Pollable.prototype) as Pollable).ready()],
    ['Pollable.block', () => (Object.create(Pollable.prototype) as Pollable).block()],
    ['Error.toDebugString', () => (Object.create(IoError.prototype) as IoError).toDebugString()],
  ]

  it.each(FORGED)('%s with a forged handle is a trap of the instance', (_, act) => {
    using call = host({ canSuspend: true })
    expect(() => act(call.io)).toThrow(WebAssembly.RuntimeError)
  })

  it('the glue\'s class of pollables knows its own, and stops the call for what is none', () => {
    type Rows = { readonly Pollable: { readonly prototype: Pollable }; readonly poll: (list: readonly Pollable[]) => unknown }
    for (const use of [(fake: Pollable) => fake.block(), (fake: Pollable) => fake.ready(), (fake: Pollable, { poll }: Rows) => poll([fake])]) {
      using call = host({ canSuspend: true })
      const rows = createWasi(call.port).imports['wasi:io/poll'] as unknown as Rows
      const fake = Object.create(rows.Pollable.prototype) as Pollable
      Object.defineProperty(fake, Symbol('handle'), { value: 1, writable: true })
      const real = new InputStream(call.io, new Pipe()).subscribe()
      const known = rows.Pollable as unknown as new () => unknown
      expect([real instanceof known, fake instanceof known, {} instanceof known]).toEqual([true, false, false])
      expect(() => use(fake, rows)).toThrow('does not hold')
      expect(call.port.halt.stop?.reason).toBe('trap')
    }
  })

  it('every one of them counts as a resource until it is dropped, once', () => {
    using call = host()
    const stream = new InputStream(call.io, new Pipe())
    const sink = new OutputStream(call.io, new Drain())
    const pollable = stream.subscribe()
    const error = new IoError(call.io, new IoFailure('x'))
    expect(call.port.resources).toBe(4)
    for (const resource of [stream, sink, pollable, error, stream, pollable]) resource[Symbol.dispose]()
    expect(call.port.resources).toBe(0)
  })

  it('more of them than the limit stop the call', () => {
    using call = host({ limits: { resources: 3 } })
    const stream = new InputStream(call.io, new Pipe())
    stream.subscribe()
    stream.subscribe()
    expect(() => stream.subscribe()).toThrow()
    expect(call.port.halt.stop?.reason).toBe('resources')
  })

  it('settling closes what was left open, also when one fails to close', () => {
    const call = host()
    const failing: Source = { ready: () => true, wait: async () => {}, read: () => undefined, close: () => { throw new Error('stuck') } }
    const pipe = new Pipe()
    const left = [new InputStream(call.io, pipe), new InputStream(call.io, failing), new OutputStream(call.io, pipe)]
    expect(() => call.port.settle()).toThrow(AggregateError)
    expect([left.length, call.port.resources, pipe.closed]).toEqual([3, 0, 2])
  })
})

describe('createWasi()', () => {
  it('gives null-prototype records and knows no inherited name', () => {
    using port = new FakePort()
    const { imports } = createWasi(port)
    expect(Object.getPrototypeOf(imports)).toBeNull()
    for (const name of Object.keys(imports)) expect([name, Object.getPrototypeOf(imports[name])]).toEqual([name, null])
    for (const name of ['constructor', '__proto__', 'toString', 'wasi:io/none']) expect(imports[name]).toBeUndefined()
  })

  it('two calls share no object but the classes', () => {
    using one = new FakePort()
    using two = new FakePort()
    const [a, b] = [createWasi(one).imports, createWasi(two).imports]
    for (const name of Object.keys(a)) {
      expect(a[name]).not.toBe(b[name])
      expect(a[name]).toBe(a[name])
    }
  })
})
