import { createHandle } from './http-outgoing-handler.js'
import { FutureTrailers, IncomingBody, OutgoingBody } from './http-body.js'
import type { ErrorCode } from './http-error.js'
import { type FieldEntry, Fields } from './http-fields.js'
import { IncomingRequest } from './http-incoming-request.js'
import { FutureIncomingResponse, IncomingResponse } from './http-incoming-response.js'
import { OutgoingRequest, RequestOptions } from './http-outgoing-request.js'
import { OutgoingResponse, ResponseOutparam } from './http-outgoing-response.js'
import { IoError } from './io-error.js'
import type { Io } from './io.js'
import { type Skin, row } from './skin.js'

/** `wasi:http`, all of 0.2: requests go out over the `net` grant of the call. */
export const httpSkin: Skin = {
  names: ['wasi:http/types', 'wasi:http/outgoing-handler'],
  make: (_port, io) => ({
    'wasi:http/types': row({
      ...fieldsOf(io),
      FutureIncomingResponse,
      FutureTrailers,
      IncomingBody,
      IncomingRequest,
      IncomingResponse,
      OutgoingBody,
      OutgoingRequest: made(OutgoingRequest, (headers: Fields) => new OutgoingRequest(io, headers)),
      OutgoingResponse: made(OutgoingResponse, (headers: Fields) => new OutgoingResponse(io, headers)),
      RequestOptions: made(RequestOptions, () => new RequestOptions(io)),
      ResponseOutparam,
      httpErrorCode: (error: IoError) => IoError.codeOf(error, 'http') as ErrorCode | undefined,
    }),
    'wasi:http/outgoing-handler': row({ handle: createHandle(io) }),
  }),
}

/** `headers` and `trailers` are other names of `fields`. */
function fieldsOf(io: Io): Readonly<Record<'Fields' | 'Headers' | 'Trailers', unknown>> {
  const type = made(Fields, () => Fields.empty(io), { fromList: (entries: readonly FieldEntry[]) => Fields.fromList(io, entries) })
  return { Fields: type, Headers: type, Trailers: type }
}

/** Functions and classes of `wasi:http` for one call. */
export function createHttp(io: Io): ReturnType<Skin['make']> {
  return httpSkin.make(io.port, io)
}

/**
 * A class as the glue sees it: it makes instances without knowing the call they belong to, and tells them by prototype.
 */
function made<A extends readonly unknown[], T extends object>(
  type: { readonly prototype: T },
  make: (...parameters: A) => T,
  statics: Record<string, unknown> = {},
): new (...parameters: A) => T {
  const constructor = function (...parameters: A): T {
    return make(...parameters)
  }
  constructor.prototype = type.prototype
  return Object.assign(constructor, statics) as unknown as new (...parameters: A) => T
}
