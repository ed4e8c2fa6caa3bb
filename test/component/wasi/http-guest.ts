import type { Net } from '../../../capabilities/net/index.js'
import type { Fields } from '../../../src/component/wasi/http-fields.js'
import type { IncomingBody, OutgoingBody } from '../../../src/component/wasi/http-body.js'
import type { ErrorCode } from '../../../src/component/wasi/http-error.js'
import type { FutureIncomingResponse, IncomingResponse } from '../../../src/component/wasi/http-incoming-response.js'
import type { OutgoingRequest, RequestOptions } from '../../../src/component/wasi/http-outgoing-request.js'
import type { OutgoingResponse, ResponseOutparam } from '../../../src/component/wasi/http-outgoing-response.js'
import { createWasi } from '../../../src/component/wasi/host.js'
import type { Io } from '../../../src/component/wasi/io.js'
import type { IoError } from '../../../src/component/wasi/io-error.js'
import type { InputStream } from '../../../src/component/wasi/streams-input.js'
import type { OutputStream } from '../../../src/component/wasi/streams-output.js'
import { FakePort, type FakeOptions } from './fake-port.js'

export const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0))
export const text = (data: Uint8Array): string => Buffer.from(data).toString('latin1')

/** `wasi:http/types` as the glue reads it. */
export interface HttpTypes {
  readonly Fields: { new (): Fields; fromList(entries: readonly (readonly [string, Uint8Array])[]): Fields }
  readonly OutgoingRequest: new (headers: Fields) => OutgoingRequest
  readonly OutgoingResponse: new (headers: Fields) => OutgoingResponse
  readonly RequestOptions: new () => RequestOptions
  readonly OutgoingBody: { finish(body: OutgoingBody, trailers: Fields | undefined): void }
  readonly IncomingBody: typeof IncomingBody
  readonly ResponseOutparam: typeof ResponseOutparam
  readonly httpErrorCode: (error: IoError) => ErrorCode | undefined
}

export interface Wanted {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly options?: RequestOptions
}

/** A component without its module: it calls the interfaces as the glue does. */
export class HttpGuest implements Disposable {
  readonly port: FakePort
  readonly io: Io
  readonly types: HttpTypes
  readonly handle: (request: OutgoingRequest, options: RequestOptions | undefined) => FutureIncomingResponse

  constructor(net: Net | undefined, options: FakeOptions = {}) {
    this.port = new FakePort({ net, canSuspend: true, ...options })
    const { imports, io } = createWasi(this.port)
    this.io = io
    this.types = imports['wasi:http/types'] as unknown as HttpTypes
    this.handle = imports['wasi:http/outgoing-handler']!['handle'] as HttpGuest['handle']
  }

  fields(entries: Readonly<Record<string, string>> = {}): Fields {
    return this.types.Fields.fromList(Object.entries(entries).map(([name, value]) => [name, bytes(value)] as const))
  }

  request(url: string, { method = 'GET', headers = {} }: Wanted = {}): OutgoingRequest {
    const [, scheme, authority, path] = /^([a-z]+):\/\/([^/?]*)(.*)$/.exec(url)!
    const request = new this.types.OutgoingRequest(this.fields(headers))
    request.setMethod(/^[A-Z]+$/.test(method) && KNOWN.has(method) ? { tag: method.toLowerCase() } : { tag: 'other', val: method })
    request.setScheme({ tag: scheme === 'http' ? 'HTTP' : 'HTTPS' })
    request.setAuthority(authority)
    request.setPathWithQuery(path)
    return request
  }

  /** Sends a request, with its body written as guests do: first `handle`, then the body. */
  send(url: string, wanted: Wanted = {}): FutureIncomingResponse {
    const request = this.request(url, wanted)
    const body = wanted.body === undefined ? undefined : request.body()
    const future = this.handle(request, wanted.options)
    if (body !== undefined) this.write(body, wanted.body!)
    return future
  }

  /** Writes a whole body that fits. */
  write(body: OutgoingBody, content: string): void {
    const stream = body.write()
    stream.checkWrite()
    stream.write(bytes(content))
    stream[Symbol.dispose]()
    this.types.OutgoingBody.finish(body, undefined)
  }

  /** Writes any amount, and waits for room as a guest does. */
  async writeAll(stream: OutputStream, content: Uint8Array): Promise<void> {
    for (let at = 0; at < content.length; ) {
      const pollable = stream.subscribe()
      await pollable.block()
      pollable[Symbol.dispose]()
      const permit = Number(stream.checkWrite())
      stream.write(content.slice(at, at + permit))
      at += permit
    }
  }

  /** The response, or the error code. */
  async answer(future: FutureIncomingResponse): Promise<IncomingResponse | ErrorCode> {
    const pollable = future.subscribe()
    await pollable.block()
    pollable[Symbol.dispose]()
    const answer = future.get()
    if (answer?.tag !== 'ok') throw new Error('the future was taken or is not ready')
    return answer.val.val
  }

  async response(future: FutureIncomingResponse): Promise<IncomingResponse> {
    const answer = await this.answer(future)
    if ('tag' in answer) throw new Error(`failed: ${JSON.stringify(answer)}`)
    return answer
  }

  async error(future: FutureIncomingResponse): Promise<ErrorCode> {
    const answer = await this.answer(future)
    if (!('tag' in answer)) throw new Error(`answered ${answer.status()}`)
    return answer
  }

  async read(stream: InputStream): Promise<string> {
    let all = ''
    for (;;) {
      try {
        all += text(await stream.blockingRead(65_536n))
      } catch (error) {
        if ((error as { payload?: { tag?: string } }).payload?.tag === 'closed') return all
        throw error
      }
    }
  }

  async text(response: IncomingResponse): Promise<string> {
    const body = response.consume()
    const stream = body.stream()
    const all = await this.read(stream)
    stream[Symbol.dispose]()
    body[Symbol.dispose]()
    return all
  }

  headers(response: IncomingResponse): Record<string, string> {
    return Object.fromEntries(response.headers().entries().map(([name, value]) => [name, text(value)]))
  }

  /** What a stream failed with, as `http-error-code` tells it. */
  async streamError(act: () => unknown): Promise<ErrorCode | undefined> {
    try {
      await act()
    } catch (error) {
      const payload = (error as { payload?: { tag?: string; val?: IoError } }).payload
      if (payload?.tag === 'last-operation-failed') return this.types.httpErrorCode(payload.val!)
      throw error
    }
    throw new Error('nothing failed')
  }

  [Symbol.dispose](): void {
    this.port.settle()
  }
}

const KNOWN: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH'])
