import { ReadableStream, type ReadableStreamDefaultController } from 'web-streams-polyfill'

/**
 * Two streams with all that one gives; every piece is copied for the second when it comes.
 * @see https://streams.spec.whatwg.org/#abstract-opdef-readablestreamdefaulttee
 */
export function teeApart(stream: ReadableStream, copy: (piece: unknown) => unknown): [ReadableStream, ReadableStream] {
  const reader = stream.getReader()
  const branches: (ReadableStreamDefaultController<unknown> | undefined)[] = []
  const reasons: unknown[] = []
  let isReading = false
  let isWantedAgain = false
  let cancelled: (result: unknown) => void
  const cancelling = new Promise((resolve) => (cancelled = resolve))

  const fail = (error: unknown): void => {
    for (const branch of branches) branch?.error(error)
    cancelled(undefined)
  }
  const pull = (): void => {
    isWantedAgain = isReading
    if (isReading) return
    isReading = true
    reader.read().then(({ done, value }) => {
      isReading = false
      if (done) {
        for (const branch of branches) branch?.close()
        return cancelled(undefined)
      }
      let other: unknown = value
      try {
        if (branches[1] !== undefined) other = copy(value)
      } catch (error) {
        fail(error)
        return cancelled(reader.cancel(error))
      }
      branches[0]?.enqueue(value)
      branches[1]?.enqueue(other)
      if (isWantedAgain) pull()
    }, fail)
  }
  const toBranch = (at: number): ReadableStream =>
    new ReadableStream({
      start: (controller) => void (branches[at] = controller),
      pull,
      cancel(reason) {
        branches[at] = undefined
        reasons[at] = reason
        if (branches[1 - at] === undefined) cancelled(reader.cancel(reasons))
        return cancelling as Promise<void>
      },
    })
  const pair: [ReadableStream, ReadableStream] = [toBranch(0), toBranch(1)]
  reader.closed.catch(fail)
  return pair
}
