import type { GuestCore } from '../core.js'
import { createAbort } from './fetch/abort.js'
import { type Content, type Remote, createBody } from './fetch/body.js'
import { Event, EventTarget } from './fetch/events.js'
import { Headers } from './fetch/headers.js'
import { type RequestInit, createRequest } from './fetch/request.js'
import { createResponse } from './fetch/response.js'
import { ReadableStream, ReadableStreamDefaultReader } from './fetch/streams.js'

/** What `net.fetch` answers. */
interface Answer {
  readonly status: number
  readonly statusText: string
  readonly url: string
  readonly headers: readonly (readonly [string, string])[]
  readonly redirected: boolean
  readonly body: Uint8Array | null
  readonly bodyId: number | null
}

/** `fetch` and what belongs to it. Every request is decided and recorded on the host's side. */
export default (core: GuestCore) => {
  const abort = createAbort(core)
  const tools = createBody(core)
  const Request = createRequest(core, abort, tools)
  const { Response, toResponse } = createResponse(core, tools)
  let lastKey = 0

  /** The rest of a body, until `signal` aborts. */
  const toRemote = (first: Uint8Array, bodyId: number, signal: InstanceType<typeof abort.AbortSignal>): Remote => {
    let begin: Uint8Array | undefined = first.length === 0 ? undefined : first
    let isOver = false
    const cancel = (): void => {
      if (isOver) return
      finish()
      core.call('net.bodyCancel', bodyId)
    }
    const finish = (): void => {
      isOver = true
      signal.removeEventListener('abort', cancel)
    }
    signal.addEventListener('abort', cancel)
    const ask = async (operation: string): Promise<unknown> => {
      signal.throwIfAborted()
      try {
        return await core.callAsync(operation, bodyId)
      } catch (error) {
        finish()
        signal.throwIfAborted()
        throw error
      }
    }
    return {
      async read() {
        signal.throwIfAborted()
        const piece = begin
        begin = undefined
        if (piece !== undefined) return piece
        const next = (await ask('net.bodyRead')) as Uint8Array | null
        if (next === null) finish()
        return next
      },
      async readAll() {
        const rest = (await ask('net.bodyAll')) as Uint8Array
        finish()
        const whole = new Uint8Array((begin?.length ?? 0) + rest.length)
        if (begin !== undefined) whole.set(begin)
        whole.set(rest, begin?.length ?? 0)
        begin = undefined
        return whole
      },
      cancel,
    }
  }

  const toContent = (answer: Answer, signal: InstanceType<typeof abort.AbortSignal>): Content => {
    if (answer.body === null) return { kind: 'none' }
    if (answer.bodyId === null) return { kind: 'bytes', bytes: answer.body }
    return { kind: 'remote', remote: toRemote(answer.body, answer.bodyId, signal) }
  }

  /** @see https://fetch.spec.whatwg.org/#fetch-method */
  const fetch = async (input: unknown, init?: RequestInit): Promise<InstanceType<typeof Response>> => {
    const request = new Request(input, init)
    const { signal } = request
    signal.throwIfAborted()
    const body = await tools.take(request)
    signal.throwIfAborted()
    const key = ++lastKey
    const end = (): void => {
      core.call('net.abort', key)
    }
    signal.addEventListener('abort', end)
    try {
      const answer = (await core.callAsync('net.fetch', {
        url: request.url.split('#')[0],
        method: request.method,
        headers: [...request.headers],
        redirect: request.redirect,
        key,
        ...(body !== undefined && { body }),
      })) as Answer
      if (signal.aborted && answer.bodyId !== null) core.call('net.bodyCancel', answer.bodyId)
      signal.throwIfAborted()
      const { status, statusText, url, redirected, headers } = answer
      return toResponse({ status, statusText, url, redirected, headers }, toContent(answer, signal))
    } catch (error) {
      signal.throwIfAborted()
      throw error
    } finally {
      signal.removeEventListener('abort', end)
    }
  }

  return {
    fetch,
    Headers,
    Request,
    Response,
    ...abort,
    Event,
    EventTarget,
    ReadableStream,
    ReadableStreamDefaultReader,
  }
}
