import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Incoming, createIncoming } from '../../../src/component/wasi/http-incoming.js'
import type { OutgoingResponse } from '../../../src/component/wasi/http-outgoing-response.js'
import { payloadOf } from './fake-port.js'
import { HttpGuest, bytes, text } from './http-guest.js'

let guest: HttpGuest
beforeEach(() => {
  guest = new HttpGuest(undefined)
})
afterEach(() => {
  guest[Symbol.dispose]()
  expect(guest.port.resources).toBe(0)
})

const incoming = (init: RequestInit & { readonly url?: string } = {}, at = guest): Incoming =>
  createIncoming(at.port, at.io, new Request(init.url ?? 'https://served.test/a/b?c=d', init))

const turns = async (count = 20): Promise<void> => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

function makeResponse(status: number, headers: Record<string, string> = {}, at = guest): OutgoingResponse {
  const response = new at.types.OutgoingResponse(at.fields(headers))
  response.setStatusCode(status)
  return response
}

function answer({ outparam }: Incoming, response: OutgoingResponse, at = guest): void {
  at.types.ResponseOutparam.set(outparam, { tag: 'ok', val: response })
}

/** A stream of `count` pieces that says how many were taken. */
function pieces(count: number, piece: Uint8Array) {
  const state = { taken: 0, isCancelled: false }
  const stream = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (state.taken === count) return controller.close()
        state.taken++
        controller.enqueue(piece)
      },
      cancel() {
        state.isCancelled = true
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, state }
}

describe('an incoming request', () => {
  it('has the parts of the one that was given, its headers closed to change', () => {
    const { request } = incoming({ method: 'DELETE', headers: { 'X-A': '1', accept: 'a/b' } })
    expect([request.method(), request.scheme(), request.authority(), request.pathWithQuery()]).toEqual([{ tag: 'delete' }, { tag: 'HTTPS' }, 'served.test', '/a/b?c=d'])
    expect(request.headers().get('x-a').map(text)).toEqual(['1'])
    expect(payloadOf(() => request.headers().append('b', bytes('1')))).toEqual({ tag: 'immutable' })
  })

  it('has a method beyond the known ones, and a port', () => {
    const { request } = incoming({ method: 'PURGE', url: 'http://served.test:8080/' })
    expect([request.method(), request.scheme(), request.authority()]).toEqual([{ tag: 'other', val: 'PURGE' }, { tag: 'HTTP' }, 'served.test:8080'])
  })

  it('gives its body once, and records the reading of it', async () => {
    const { request } = incoming({ method: 'POST', body: 'hello' })
    const body = request.consume()
    expect(payloadOf(() => request.consume())).toBeUndefined()
    const stream = body.stream()
    expect(await guest.read(stream)).toBe('hello')
    await turns(2)
    expect(guest.port.calls).toMatchObject([{ operation: 'net.requestBody', target: 'POST https://served.test/a/b?c=d', decision: 'allowed', in: 5 }])
  })

  it('without a body ends at once and is no host call', async () => {
    const stream = incoming().request.consume().stream()
    expect(await guest.read(stream)).toBe('')
    expect(guest.port.calls).toEqual([])
  })

  it('is taken no faster than the guest reads', async () => {
    const { stream, state } = pieces(1000, new Uint8Array(16 * 1024))
    const body = incoming({ method: 'POST', body: stream, duplex: 'half' } as RequestInit).request.consume().stream()
    await body.blockingRead(1n)
    await turns()
    expect(state.taken).toBeLessThan(10)
  })

  it('beyond the budget of the call stops it', async () => {
    using small = new HttpGuest(undefined, { limits: { hostBytesIn: 100_000 } })
    const { stream } = pieces(1000, new Uint8Array(16 * 1024))
    const body = incoming({ method: 'POST', body: stream, duplex: 'half' } as RequestInit, small).request.consume().stream()
    await expect(small.read(body)).rejects.toThrow(/bytes in/)
    expect(small.port.halt.stop?.reason).toBe('host-calls')
  })

  it('whose body breaks off fails the stream', async () => {
    const broken = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.error(new Error('secret of the host'))
      },
    })
    const body = incoming({ method: 'POST', body: broken, duplex: 'half' } as RequestInit).request.consume().stream()
    expect(await guest.streamError(() => guest.read(body))).toEqual({ tag: 'connection-terminated' })
    expect(JSON.stringify(guest.port.calls)).not.toContain('secret of the host')
  })

  it.each([
    ['dropped', (each: Incoming) => each.request[Symbol.dispose]()],
    ['left alone until the call ends', () => guest.port.settle()],
  ])('that is %s gives up its body', async (_title, drop) => {
    const { stream, state } = pieces(10, new Uint8Array(10))
    const each = incoming({ method: 'POST', body: stream, duplex: 'half' } as RequestInit)
    drop(each)
    await turns(2)
    expect(state.isCancelled).toBe(true)
  })

  it('can be finished unread: there are no trailers', async () => {
    const { request } = incoming({ method: 'POST', body: 'hello' })
    const future = guest.types.IncomingBody.finish(request.consume())
    await future.subscribe().block()
    expect(future.get()).toEqual({ tag: 'ok', val: { tag: 'ok', val: undefined } })
  })
})

describe('the answer of a component', () => {
  it('is a Response with status, headers and body', async () => {
    const each = incoming()
    const response = makeResponse(201, { 'content-type': 'text/plain', 'x-a': '1' })
    const body = response.body()
    answer(each, response)
    guest.write(body, 'made')
    const given = await each.response
    expect([given.status, given.headers.get('content-type'), given.headers.get('x-a'), await given.text()]).toEqual([201, 'text/plain', '1', 'made'])
    expect(each.outcome()).toBe('answered')
    await each.finish()
    expect(guest.port.calls).toMatchObject([{ operation: 'net.respond', target: 'GET https://served.test/a/b?c=d -> 201', decision: 'allowed' }])
    expect(guest.port.calls[0]!.out).toBeGreaterThan(4)
  })

  it('has no body where the guest asked for none', async () => {
    const each = incoming()
    answer(each, makeResponse(200))
    expect(await (await each.response).text()).toBe('')
    await each.finish()
  })

  it('is there before its body is', async () => {
    const each = incoming()
    const response = makeResponse(200)
    const body = response.body()
    answer(each, response)
    const reader = (await each.response).body!.getReader()
    const stream = body.write()
    for (const piece of ['a', 'b']) {
      stream.checkWrite()
      stream.write(bytes(piece))
      expect(text((await reader.read()).value!)).toBe(piece)
    }
    stream[Symbol.dispose]()
    guest.types.OutgoingBody.finish(body, undefined)
    expect((await reader.read()).done).toBe(true)
  })

  it('is made no faster than it is read', async () => {
    const each = incoming()
    const response = makeResponse(200)
    const stream = response.body().write()
    answer(each, response)
    await each.response
    let written = 0
    for (let permit = Number(stream.checkWrite()); permit > 0; permit = Number(stream.checkWrite())) {
      stream.write(new Uint8Array(permit))
      written += permit
      await turns(1)
    }
    expect(written).toBeLessThan(3 << 20)
    expect(stream.subscribe().ready()).toBe(false)
  })

  it('is brought out when the guest has returned, whoever reads it and when', async () => {
    const each = incoming()
    const response = makeResponse(200)
    const body = response.body()
    answer(each, response)
    guest.write(body, 'x'.repeat(100_000))
    await each.finish()
    guest.port.settle()
    expect((await (await each.response).text()).length).toBe(100_000)
  })

  it('beyond the budget of the call stops it and breaks off', async () => {
    using small = new HttpGuest(undefined, { limits: { hostBytesOut: 1000 } })
    const each = incoming({}, small)
    const response = makeResponse(200, {}, small)
    const body = response.body()
    answer(each, response, small)
    small.write(body, 'x'.repeat(5000))
    await expect((await each.response).text()).rejects.toThrow('did not finish')
    expect(small.port.halt.stop?.reason).toBe('host-calls')
  })

  it.each([
    ['dropped', (drop: () => void) => drop()],
    ['left when the call ends', () => guest.port.settle()],
  ])('whose body is %s unfinished breaks off', async (_title, leave) => {
    const each = incoming()
    const response = makeResponse(200)
    const body = response.body()
    answer(each, response)
    const stream = body.write()
    stream.checkWrite()
    stream.write(bytes('half'))
    stream[Symbol.dispose]()
    leave(() => body[Symbol.dispose]())
    await expect((await each.response).text()).rejects.toThrow('The component did not finish its response')
  })

  it('shorter than its content-length breaks off', async () => {
    const each = incoming()
    const response = makeResponse(200, { 'content-length': '10' })
    const body = response.body()
    answer(each, response)
    expect(payloadOf(() => guest.write(body, 'short'))).toEqual({ tag: 'HTTP-response-body-size', val: 5n })
    await expect((await each.response).text()).rejects.toThrow('did not finish')
  })

  it('longer than its content-length is cut there', async () => {
    const each = incoming()
    const response = makeResponse(200, { 'content-length': '3' })
    const stream = response.body().write()
    answer(each, response)
    stream.checkWrite()
    expect(await guest.streamError(() => stream.write(bytes('longer')))).toEqual({ tag: 'HTTP-response-body-size', val: 6n })
    await expect((await each.response).text()).rejects.toThrow('did not finish')
  })

  it.each([204, 205, 304])('with status %d has no body, whatever the guest writes', async (status) => {
    const each = incoming()
    const response = makeResponse(status)
    const body = response.body()
    answer(each, response)
    guest.write(body, 'not wanted')
    expect([(await each.response).status, (await each.response).body]).toEqual([status, null])
    await each.finish()
  })

  it('to HEAD has no body', async () => {
    const each = incoming({ method: 'HEAD' })
    const response = makeResponse(200, { 'content-length': '4' })
    const body = response.body()
    answer(each, response)
    guest.write(body, 'head')
    expect([(await each.response).body, (await each.response).headers.get('content-length')]).toEqual([null, '4'])
    await each.finish()
  })

  it('brings trailers apart', async () => {
    const each = incoming()
    const response = makeResponse(200)
    const body = response.body()
    answer(each, response)
    guest.types.OutgoingBody.finish(body, guest.fields({ 'x-checksum': 'abc' }))
    await (await each.response).text()
    expect(await each.trailers).toEqual([['x-checksum', 'abc']])
  })

  it('that nobody reads on tells the guest', async () => {
    const each = incoming()
    const response = makeResponse(200)
    const stream = response.body().write()
    answer(each, response)
    await (await each.response).body!.cancel()
    await turns(2)
    expect(payloadOf(() => stream.checkWrite())).toEqual({ tag: 'closed' })
    await each.finish()
  })
})

describe('a component that does not answer', () => {
  const failedWith = async (each: Incoming) => [(await each.response).status, each.outcome(), await (await each.response).text()]

  it('and returns is answered for', async () => {
    const each = incoming()
    expect(each.outcome()).toBe('waiting')
    await each.finish()
    expect(await failedWith(each)).toEqual([500, 'missing', ''])
  })

  it('and drops the outparam is answered for', async () => {
    const each = incoming()
    each.outparam[Symbol.dispose]()
    expect(await failedWith(each)).toEqual([500, 'missing', ''])
  })

  it('and is stopped is answered for', async () => {
    const each = incoming()
    guest.port.settle()
    expect(await failedWith(each)).toEqual([500, 'missing', ''])
  })

  it('but gives an error is answered for, and the error is kept', async () => {
    const each = incoming()
    guest.types.ResponseOutparam.set(each.outparam, { tag: 'err', val: { tag: 'internal-error', val: 'my bad' } })
    expect(await failedWith(each)).toEqual([500, 'refused', ''])
    expect(each.error()).toEqual({ tag: 'internal-error', val: 'my bad' })
  })

  it('but answers twice is trapped the second time, and the first counts', async () => {
    const each = incoming()
    answer(each, makeResponse(202))
    expect(() => answer(each, makeResponse(500))).toThrow(WebAssembly.RuntimeError)
    expect((await each.response).status).toBe(202)
  })

  it('but sends one response to two requests is trapped', () => {
    const response = makeResponse(200)
    answer(incoming(), response)
    expect(() => answer(incoming(), response)).toThrow(WebAssembly.RuntimeError)
  })

  it.each([100, 103, 199, 600, 999])('but answers with status %d, which no Response has', async (status) => {
    const each = incoming()
    const response = makeResponse(status)
    const stream = response.body().write()
    answer(each, response)
    expect(await failedWith(each)).toEqual([500, 'refused', ''])
    expect(await guest.streamError(() => stream.checkWrite())).toEqual({ tag: 'HTTP-protocol-error' })
  })

  it.each([0, 99, 1000, 65_535])('cannot make a response with status %d', (status) => {
    const response = new guest.types.OutgoingResponse(guest.fields())
    expect(payloadOf(() => response.setStatusCode(status))).toBeUndefined()
    expect(response.statusCode()).toBe(200)
  })

  it('cannot split a response with its headers', () => {
    expect(payloadOf(() => guest.fields({ location: '/\r\nset-cookie: a=b' }))).toEqual({ tag: 'invalid-syntax' })
    expect(payloadOf(() => guest.fields({ 'transfer-encoding': 'chunked' }))).toEqual({ tag: 'forbidden' })
  })

  it('cannot send informational responses', () => {
    const { outparam } = incoming()
    expect(payloadOf(() => outparam.sendInformational(103, guest.fields()))).toMatchObject({ tag: 'internal-error' })
    expect(payloadOf(() => outparam.sendInformational(200, guest.fields()))).toEqual({ tag: 'HTTP-protocol-error' })
  })

  it('cannot answer through a forged outparam', () => {
    const forged = Object.create(guest.types.ResponseOutparam.prototype as object) as Incoming['outparam']
    expect(() => guest.types.ResponseOutparam.set(forged, { tag: 'ok', val: makeResponse(200) })).toThrow(WebAssembly.RuntimeError)
  })
})
