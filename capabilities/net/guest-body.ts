import { joinBytes } from './redact.js'
import type { StreamedBody } from './transport.js'

/** A request's body that the guest may still be writing. */
export interface GuestBody extends StreamedBody {
  /** All of it once the guest has finished it, taken; undefined before. */
  whole(): Uint8Array | undefined
  /** Told why no more of it is sent, when what it cost was too much. */
  fail(error: unknown): void
}

/** A body on its way through its bounds, and why it broke off. */
export interface MeteredBody {
  readonly body: StreamedBody
  readonly failure: { readonly error: unknown } | undefined
}

/**
 * Has every piece counted before it moves.
 * @param spend told of all bytes so far and of those of this piece; what it throws ends the body
 */
export function metered(body: GuestBody, spend: (sent: number, piece: number) => void): MeteredBody {
  const iterator = body.chunks[Symbol.asyncIterator]()
  let sent = 0
  let failure: MeteredBody['failure']
  const next = async (): Promise<IteratorResult<Uint8Array, undefined>> => {
    try {
      const result = await iterator.next()
      if (result.done === true) return { done: true, value: undefined }
      sent += result.value.length
      spend(sent, result.value.length)
      return { done: false, value: result.value }
    } catch (error) {
      failure ??= { error }
      body.fail(error)
      await iterator.return?.()
      throw error
    }
  }
  return {
    get failure() {
      return failure
    },
    body: {
      length: body.length,
      chunks: {
        [Symbol.asyncIterator]: () => ({
          next,
          return: async () => {
            await iterator.return?.()
            return { done: true, value: undefined }
          },
        }),
      },
    },
  }
}

/** The whole body, for transports that need it at once. */
export async function collect({ chunks }: StreamedBody): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for await (const chunk of chunks) parts.push(chunk)
  return joinBytes(parts)
}
