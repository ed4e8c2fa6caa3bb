import { GuestVisibleError, type HostCall } from '../../../capabilities/capability.js'
import { isHeaderName, isHeaderValue } from '../../../capabilities/net/header-names.js'
import type { ComponentPort } from '../port.js'
import type { BodyReader, Result } from './http-body.js'
import type { ErrorCode } from './http-error.js'
import { fromLatin1, toEntries } from './http-fields.js'
import { IncomingRequest } from './http-incoming-request.js'
import { type MadeResponse, ResponseOutparam } from './http-outgoing-response.js'
import { type Answer, respond } from './http-respond.js'
import type { Io } from './io.js'

/** One request for a component to answer, and its answer. */
export interface Incoming {
  /** The first argument of `wasi:http/incoming-handler` `handle`. */
  readonly request: IncomingRequest
  /** The second one. */
  readonly outparam: ResponseOutparam
  /**
   * Always fulfilled: with what the guest answers, as soon as it has, or with status 500 when it answers with an error
   * or not at all. Its body fails when the guest does not finish it.
   */
  readonly response: Promise<Response>
  /** Fields after the body, once that is finished; none when it never is. */
  readonly trailers: Promise<readonly (readonly [name: string, value: string])[]>
  /** What has become of the answer so far. */
  readonly outcome: () => 'waiting' | 'answered' | 'refused' | 'missing'
  /** The guest's own error, when it answered with one. */
  readonly error: () => ErrorCode | undefined
  /**
   * To be called when the guest's function has returned: what it has written is brought out without waiting for who
   * reads it. Resolves when nothing of the call is needed any more.
   */
  readonly finish: () => Promise<void>
}

/**
 * Hands a request to a component. Its body comes in and the answer's goes out as they are read, within the budgets.
 * @throws TypeError when the body of `request` was read already
 */
export function createIncoming(port: ComponentPort, io: Io, request: Request): Incoming {
  const url = new URL(request.url)
  const headers = toEntries([...request.headers].filter(([name, value]) => isHeaderName(name) && isHeaderValue(value)))
  const arrived = new IncomingRequest(io, { method: request.method, url, headers, body: readBody(request.body) })
  const isHead = request.method === 'HEAD'

  let outcome: ReturnType<Incoming['outcome']> = 'waiting'
  let error: ErrorCode | undefined
  let answer: Answer | undefined
  let settle: (response: Response) => void
  const response = new Promise<Response>((resolve) => (settle = resolve))
  let settleTrailers: (trailers: readonly (readonly [string, string])[]) => void
  const trailers = new Promise<readonly (readonly [string, string])[]>((resolve) => (settleTrailers = resolve))

  const fail = (why: 'refused' | 'missing'): void => {
    if (outcome !== 'waiting') return
    outcome = why
    settleTrailers([])
    settle(new Response(null, { status: 500 }))
  }
  const answered = (made: MadeResponse): void => {
    outcome = 'answered'
    answer = respond(port, made, { target: `${request.method} ${url.href}`, isHead })
    answer.done.then(
      () => settleTrailers(made.trailers().map(([name, value]) => [name, fromLatin1(value)] as const)),
      () => settleTrailers([]),
    )
    settle(answer.response)
  }
  const take = (given: Result<MadeResponse, ErrorCode>): void => {
    if (given.tag === 'ok' && isFinal(given.val.status)) return answered(given.val)
    error = given.tag === 'err' ? given.val : { tag: 'HTTP-protocol-error' }
    if (given.tag === 'ok') given.val.pipe?.refuse(error)
    fail('refused')
  }
  const outparam = new ResponseOutparam(io, take, () => fail('missing'))
  return {
    request: arrived,
    outparam,
    response,
    trailers,
    outcome: () => outcome,
    error: () => error,
    finish: async () => {
      fail('missing')
      await answer?.finish()
    },
  }
}

/** A `Response` has no other. */
function isFinal(status: number): boolean {
  return status >= 200 && status <= 599
}

function readBody(body: ReadableStream<Uint8Array> | null): BodyReader {
  const reader = body?.getReader()
  return {
    isEmpty: reader === undefined,
    read: async (call: HostCall) => {
      const { done, value } = await reader!.read().catch(() => {
        throw new GuestVisibleError('Error', 'aborted', 'The body of the request broke off')
      })
      if (done) return null
      if (!(value instanceof Uint8Array)) throw new GuestVisibleError('Error', 'aborted', 'The body of the request is not made of bytes')
      call.spend('in', value.length)
      // A copy: who made the stream may use its buffer again.
      return value.slice()
    },
    close: () => void reader?.cancel().catch(() => undefined),
    trailers: () => [],
  }
}
