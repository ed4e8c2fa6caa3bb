import { Denied } from '../../../capabilities/capability.js'
import type { GuestBody } from '../../../capabilities/net/guest-body.js'
import type { GuestRequest } from '../../../capabilities/net/send.js'
import { isBodiless } from '../../../capabilities/net/send.js'
import { type NetSession, type OpenExchange, openSession, toTarget } from '../../../capabilities/net/session.js'
import { Failure } from './failure.js'
import { DENIED, type ErrorCode } from './http-error.js'
import { toHeaderPairs } from './http-fields.js'
import { type ArrivedResponse, FutureIncomingResponse } from './http-incoming-response.js'
import { type MadeRequest, OutgoingRequest, RequestOptions, toContentLength } from './http-outgoing-request.js'
import type { BodyPipe } from './http-pipe.js'
import type { Io } from './io.js'

/** As many as a guest's `fetch` may send. */
const MOST_HEADERS = 64

const MOST_URL_CHARACTERS = 8192

/** `wasi:http/outgoing-handler` `handle`. */
export type Handle = (request: OutgoingRequest, options: RequestOptions | undefined) => FutureIncomingResponse

/** Requests of one call, over its `net` grant: decided, completed, counted and recorded as its `fetch` would be. */
export function createHandle(io: Io): Handle {
  let session: NetSession | undefined
  return (request, options) => {
    const made = OutgoingRequest.take(request)
    const timeouts = options === undefined ? undefined : RequestOptions.read(options)
    options?.[Symbol.dispose]()
    session ??= openSession(io.port.grants.net, io.port)
    try {
      return send(io, session, made, toGuestRequest(made, timeouts))
    } catch (error) {
      made.pipe?.refuse(error instanceof Failure ? (error.payload as ErrorCode) : undefined)
      throw error
    }
  }
}

function send(io: Io, session: NetSession, made: MadeRequest, request: GuestRequest): FutureIncomingResponse {
  const { port } = io
  const target = toTarget(request)
  try {
    session.admit(request)
  } catch (error) {
    if (!(error instanceof Denied)) throw error
    return record(io, target, error, request)
  }
  let exchange: OpenExchange | undefined
  let isGivenUp = false
  let isAnswered = false
  const { pipe } = made
  const body = request.body === undefined || pipe === undefined ? undefined : told(pipe, (error) => {
    // The request is on record as allowed: that its body went too far has to be said apart.
    if (isAnswered && error instanceof Denied) note(io, target, error)
  })
  const pending = port.performAsync('net.fetch', async (call): Promise<ArrivedResponse> => {
    call.target = target
    exchange = session.open({ ...request, body }, call)
    if (isGivenUp) exchange.end()
    const response = await exchange.response
    isAnswered = true
    return { response, target, end: exchange.end }
  })
  const end = (): void => {
    isGivenUp = true
    exchange?.end()
  }
  return new FutureIncomingResponse(io, pending, { end }, (code) => pipe?.refuse(code))
}

/** The body of a request, with word of its failure to another as well. */
function told(pipe: BodyPipe, onFail: (error: unknown) => void): GuestBody {
  return {
    length: pipe.length,
    chunks: pipe.chunks,
    whole: () => pipe.whole(),
    fail: (error) => {
      pipe.fail(error)
      onFail(error)
    },
  }
}

function record(io: Io, target: string, denied: Denied, { url }: GuestRequest): never {
  note(io, target, denied)
  throw new Failure<ErrorCode>(url.length > MOST_URL_CHARACTERS ? { tag: 'HTTP-request-URI-too-long' } : DENIED)
}

/** A refusal is a host call too. */
function note(io: Io, target: string, denied: Denied): void {
  try {
    io.port.perform('net.fetch', (call) => {
      call.target = target
      throw denied
    })
  } catch (error) {
    if (error !== denied) throw error
  }
}

function toGuestRequest(made: MadeRequest, timeouts: GuestRequest['timeouts']): GuestRequest {
  const url = toUrl(made)
  const headers = toHeaderPairs(made.headers)
  if (headers.length > MOST_HEADERS) throw new Failure<ErrorCode>({ tag: 'HTTP-request-header-section-size', val: undefined })
  return {
    url,
    method: made.method,
    headers: withoutLength(made, headers),
    body: bodyOf(made),
    redirect: 'manual',
    ...(timeouts !== undefined && { timeouts }),
  }
}

/** The text of what is asked for: every part was checked not to reach into the next, and the whole is read again. */
function toUrl({ scheme, authority, pathWithQuery }: MadeRequest): string {
  if (scheme?.tag === 'other') throw new Failure<ErrorCode>({ tag: 'HTTP-protocol-error' })
  if (authority === undefined) throw new Failure<ErrorCode>({ tag: 'HTTP-request-URI-invalid' })
  return `${scheme?.tag === 'HTTP' ? 'http' : 'https'}://${authority}${pathWithQuery ?? '/'}`
}

/** The transport says how long the body is; a length that cannot be right stays in, and is denied. */
function withoutLength({ headers, method, pipe }: MadeRequest, pairs: GuestRequest['headers']): GuestRequest['headers'] {
  const length = toContentLength(headers)
  const isTrue = length !== undefined && (length === 0 || (pipe !== undefined && !isBodiless(method)))
  return isTrue ? pairs.filter(([name]) => name !== 'content-length') : pairs
}

/** Many guests ask for the body of every request: one that stays empty is none. */
function bodyOf({ method, pipe }: MadeRequest): GuestRequest['body'] {
  if (pipe === undefined || !isBodiless(method)) return pipe
  if (pipe.written > 0) throw new Failure<ErrorCode>({ tag: 'HTTP-request-body-size', val: BigInt(pipe.written) })
  pipe.takeNothing()
  return undefined
}
