import { describe, expect, it } from 'vitest'
import { createWeb } from './web-core.js'

const timers: { callback: () => void; delayMs: number }[] = []
/** A core that reaches nothing: these classes are pure. */
const { Headers, Request, Response, AbortController, AbortSignal, Event, EventTarget, ReadableStream } = createWeb({
  call: () => {
    throw new Error('a pure class called the host')
  },
  callAsync: () => {
    throw new Error('a pure class called the host')
  },
  startTimer: (callback: () => void, delayMs: number) => timers.push({ callback, delayMs }),
})
const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

describe('Headers', () => {
  it.each([
    ['a record', { b: '2', A: ' 1 ' }],
    [
      'pairs',
      [
        ['b', '2'],
        ['a', '1'],
      ],
    ],
    [
      'a Map',
      new Map([
        ['b', '2'],
        ['a', '1'],
      ]),
    ],
    ['Headers', new Headers({ b: '2', a: '1' })],
  ])('takes %s, and iterates in order of names', (_title, init) => {
    expect([...new Headers(init as HeadersInit)]).toEqual([
      ['a', '1'],
      ['b', '2'],
    ])
  })

  it('combines values, and keeps cookies apart', () => {
    const headers = new Headers([
      ['a', '1'],
      ['Set-Cookie', 'x=1'],
      ['A', '2'],
      ['set-cookie', 'y=2'],
    ])
    expect([headers.get('a'), headers.getSetCookie(), [...headers.keys()]]).toEqual([
      '1, 2',
      ['x=1', 'y=2'],
      ['a', 'set-cookie', 'set-cookie'],
    ])
    headers.set('a', '3')
    expect(headers.get('A')).toBe('3')
    headers.delete('SET-cookie')
    expect([headers.has('set-cookie'), headers.get('none'), [...headers.values()]]).toEqual([false, null, ['3']])
    const seen: string[] = []
    headers.forEach((value, name) => seen.push(`${name}=${value}`))
    expect(seen).toEqual(['a=3'])
  })

  it('sees what is set while it is iterated', () => {
    const headers = new Headers({ a: '1' })
    const seen: string[] = []
    for (const [name] of headers) {
      seen.push(name)
      if (name === 'a') headers.set('b', '2')
    }
    expect(seen).toEqual(['a', 'b'])
  })

  it.each([
    ['a b', '1'],
    ['', '1'],
    ['a', 'b\r\nc: d'],
    ['a', '\0'],
    ['a', '\u0130'],
    ['ä', '1'],
  ])('refuses %j: %j', (name, value) => {
    expect(() => new Headers([[name, value]])).toThrow(TypeError)
    expect(() => new Headers().append(name, value)).toThrow(TypeError)
  })

  it.each([null, 1, 'a', [['a']], [['a', 'b', 'c']], ['ab']])('refuses %j', (init) => {
    expect(() => new Headers(init as never)).toThrow(TypeError)
  })

  it('cannot be made to skip its checks', () => {
    expect(Reflect.ownKeys(Headers).filter((key) => key !== 'length' && key !== 'name' && key !== 'prototype')).toEqual(
      [],
    )
  })
})

describe('Request', () => {
  it('normalises the method and fills the content type', () => {
    const request = new Request('https://a.test/x', { method: 'post', body: 'a' })
    expect([request.method, request.url, request.headers.get('content-type')]).toEqual([
      'POST',
      'https://a.test/x',
      'text/plain;charset=UTF-8',
    ])
    expect(new Request(new URL('https://a.test'), { method: 'patch' }).method).toBe('patch')
  })

  it('made from another takes over its body', async () => {
    const first = new Request('https://a.test/', { method: 'POST', body: 'a', headers: { x: '1' } })
    const second = new Request(first, { headers: { y: '2' } })
    expect([first.bodyUsed, await second.text(), [...second.headers]]).toEqual([true, 'a', [['y', '2']]])
    expect(() => new Request(first)).toThrow(TypeError)
  })

  it('clones', async () => {
    const request = new Request('https://a.test/', { method: 'POST', body: 'a', headers: { x: '1' } })
    const copy = request.clone()
    expect([
      await request.text(),
      await copy.text(),
      copy.headers.get('x'),
      new Request('https://a.test/').clone().method,
    ]).toEqual(['a', 'a', '1', 'GET'])
    expect(() => request.clone()).toThrow(TypeError)
  })

  it('follows the signal it was given', () => {
    const controller = new AbortController()
    const request = new Request('https://a.test/', { signal: controller.signal })
    controller.abort()
    expect([request.signal.aborted, request.clone().signal.aborted]).toEqual([true, true])
  })
})

describe('Response', () => {
  it('reads a body once, in any form', async () => {
    expect(await new Response('{"a":1}').json()).toEqual({ a: 1 })
    expect(await new Response(bytes('Grüße')).text()).toBe('Grüße')
    expect(await new Response('\ufeffbom').text()).toBe('bom')
    expect(await new Response('\ud800').text()).toBe('\ufffd')
    expect(new Uint8Array(await new Response('ab').arrayBuffer())).toEqual(bytes('ab'))
    expect(await new Response('ab').bytes()).toEqual(bytes('ab'))
    expect(await new Response(ReadableStream.from([bytes('a'), bytes('b')])).text()).toBe('ab')
    expect(await new Response().text()).toBe('')
    const response = new Response('a')
    await response.text()
    await expect(response.json()).rejects.toThrow(TypeError)
    await expect(new Response(ReadableStream.from(['text'])).text()).rejects.toThrow(/Uint8Array/)
    await expect(new Response('{').json()).rejects.toThrow(SyntaxError)
  })

  it('copies the bytes it is given', async () => {
    const given = bytes('ab')
    const response = new Response(given)
    given[0] = 0
    expect(await response.text()).toBe('ab')
  })

  it('is locked while its stream is', async () => {
    const response = new Response('a')
    const reader = response.body!.getReader()
    await expect(response.text()).rejects.toThrow(TypeError)
    expect(() => response.clone()).toThrow(TypeError)
    reader.releaseLock()
    expect(await response.text()).toBe('a')
  })

  it('clones text, bytes and streams', async () => {
    for (const body of ['ab', bytes('ab'), ReadableStream.from([bytes('a'), bytes('b')])]) {
      const response = new Response(body, { status: 201, statusText: 'Made', headers: { x: '1' } })
      const copy = response.clone()
      copy.headers.set('x', '2')
      expect([
        await copy.text(),
        await response.text(),
        copy.status,
        copy.statusText,
        response.headers.get('x'),
      ]).toEqual(['ab', 'ab', 201, 'Made', '1'])
    }
  })

  it('has json, error and redirect', async () => {
    const json = Response.json({ a: [1] }, { status: 202 })
    expect([json.status, json.headers.get('content-type'), await json.json()]).toEqual([
      202,
      'application/json',
      { a: [1] },
    ])
    expect([Response.error().type, Response.error().status]).toEqual(['error', 0])
    expect([
      Response.redirect('https://a.test', 307).status,
      Response.redirect('https://a.test').headers.get('location'),
    ]).toEqual([307, 'https://a.test/'])
    expect(() => Response.json(undefined)).toThrow(TypeError)
    expect(() => Response.redirect('/relative')).toThrow(TypeError)
    expect(() => Response.redirect('https://a.test', 200)).toThrow(RangeError)
  })

  it.each([
    [199, RangeError],
    [600, RangeError],
    [1000, RangeError],
    ['x', RangeError],
  ])('refuses status %j', (status, error) => {
    expect(() => new Response(null, { status: status as number })).toThrow(error)
  })

  it('refuses a body for a status that has none', () => {
    expect(() => new Response('a', { status: 204 })).toThrow(TypeError)
    expect(new Response(null, { status: 204 }).body).toBe(null)
  })
})

describe('AbortController and AbortSignal', () => {
  it('abort once, with a reason, and tell it', () => {
    const controller = new AbortController()
    const seen: unknown[] = []
    controller.signal.onabort = (event) => seen.push(['onabort', event.type])
    controller.signal.addEventListener('abort', { handleEvent: () => seen.push('object') }, { once: true })
    controller.abort('why')
    controller.abort('again')
    expect([controller.signal.aborted, controller.signal.reason, seen]).toEqual([
      true,
      'why',
      [['onabort', 'abort'], 'object'],
    ])
    expect(() => controller.signal.throwIfAborted()).toThrow('why')
  })

  it('have an AbortError for a reason when none is given', () => {
    expect(AbortSignal.abort().reason).toMatchObject({ name: 'AbortError', code: 20 })
  })

  it('any() follows the first', () => {
    const [one, two] = [new AbortController(), new AbortController()]
    const signal = AbortSignal.any([one.signal, two.signal])
    two.abort(2)
    one.abort(1)
    expect(signal.reason).toBe(2)
    expect(AbortSignal.any([signal]).reason).toBe(2)
    expect(AbortSignal.any([]).aborted).toBe(false)
  })

  it("timeout() runs on the core's timers", () => {
    const signal = AbortSignal.timeout(25)
    const { callback, delayMs } = timers.pop()!
    expect([delayMs, signal.aborted]).toEqual([25, false])
    callback()
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' })
    expect(() => AbortSignal.timeout(-1)).toThrow(TypeError)
  })

  it('cannot be constructed, and has no hidden way to abort', () => {
    expect(() => new (AbortSignal as new () => unknown)()).toThrow('Illegal constructor')
    expect(Object.keys(new AbortController().signal)).toEqual([])
  })
})

describe('EventTarget', () => {
  it('calls each listener once, until it is removed', () => {
    const target = new EventTarget()
    let count = 0
    const listener = (): void => void count++
    target.addEventListener('a', listener)
    target.addEventListener('a', listener)
    target.dispatchEvent(new Event('a'))
    target.removeEventListener('a', listener)
    target.dispatchEvent(new Event('a'))
    expect(count).toBe(1)
  })

  it('does not call listeners that were removed or stopped by an earlier one', () => {
    const target = new EventTarget()
    const seen: string[] = []
    const last = (): void => void seen.push('last')
    target.addEventListener('a', () => target.removeEventListener('a', last))
    target.addEventListener('a', last)
    target.addEventListener('b', (event) => event.stopImmediatePropagation())
    target.addEventListener('b', last)
    target.dispatchEvent(new Event('a'))
    target.dispatchEvent(new Event('b'))
    expect(seen).toEqual([])
  })

  it('tells whether the default was prevented, and the target', () => {
    const target = new EventTarget()
    let current: unknown
    target.addEventListener('a', (event) => {
      event.preventDefault()
      current = event.currentTarget
    })
    const event = new Event('a', { cancelable: true })
    expect([
      target.dispatchEvent(event),
      target.dispatchEvent(new Event('a')),
      event.target,
      event.currentTarget,
      current,
    ]).toEqual([false, true, target, null, target])
    expect(() => target.dispatchEvent({} as never)).toThrow(TypeError)
  })
})

describe('ReadableStream', () => {
  it('pulls only what is wanted', async () => {
    let pulled = 0
    const stream = new ReadableStream({ pull: (controller) => controller.enqueue(++pulled) }, { highWaterMark: 0 })
    const reader = stream.getReader()
    expect([await reader.read(), await reader.read(), pulled]).toEqual([
      { done: false, value: 1 },
      { done: false, value: 2 },
      2,
    ])
    await reader.cancel()
    expect(await reader.read()).toEqual({ done: true, value: undefined })
    expect(await reader.closed).toBe(undefined)
  })

  it('gives what was queued before it was closed, and errors at once', async () => {
    const closing = new ReadableStream({
      start: (controller) => {
        controller.enqueue(1)
        controller.close()
      },
    })
    const seen: unknown[] = []
    for await (const chunk of closing) seen.push(chunk)
    expect(seen).toEqual([1])
    const failing = new ReadableStream({ pull: () => Promise.reject(new Error('broken')) })
    const reader = failing.getReader()
    await expect(reader.read()).rejects.toThrow('broken')
    await expect(reader.closed).rejects.toThrow('broken')
  })

  it('has one reader at a time', async () => {
    const stream = new ReadableStream()
    const reader = stream.getReader()
    expect(() => stream.getReader()).toThrow(TypeError)
    await expect(stream.cancel()).rejects.toThrow(TypeError)
    reader.releaseLock()
    await expect(reader.read()).rejects.toThrow(TypeError)
    await expect(reader.closed).rejects.toThrow(TypeError)
    expect(stream.locked).toBe(false)
  })

  it('cancels its source when a loop is left, and when both branches are', async () => {
    const cancelled: unknown[] = []
    const make = () =>
      new ReadableStream({
        pull: (controller) => controller.enqueue('x'),
        cancel: (reason) => void cancelled.push(reason),
      })
    for await (const chunk of make()) {
      expect(chunk).toBe('x')
      break
    }
    const [one, two] = make().tee()
    const first = one.cancel('one')
    expect(cancelled).toEqual([undefined])
    await two.cancel('two')
    await first
    expect(cancelled).toEqual([undefined, ['one', 'two']])
  })

  it('tee() gives both branches everything', async () => {
    const [one, two] = ReadableStream.from([1, 2, 3]).tee()
    const read = async (stream: AsyncIterable<unknown>): Promise<unknown[]> => {
      const seen: unknown[] = []
      for await (const chunk of stream) seen.push(chunk)
      return seen
    }
    expect([await read(one), await read(two)]).toEqual([
      [1, 2, 3],
      [1, 2, 3],
    ])
  })
})
