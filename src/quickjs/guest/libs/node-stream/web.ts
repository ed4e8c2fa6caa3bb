interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: unknown }>
  cancel(reason?: unknown): Promise<void>
  releaseLock(): void
}
type Source = { getReader(): Reader }
type Emitting = AsyncIterable<unknown> & { on(event: string, listener: (value?: unknown) => void): void; destroy(error?: unknown): void; write(chunk: unknown, done: (error?: unknown) => void): boolean; end(done: () => void): void }

async function* chunks(source: Source): AsyncGenerator<unknown> {
  const reader = source.getReader()
  let isOver = false
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) {
        isOver = true
        return
      }
      yield value
    }
  } finally {
    if (!isOver) await reader.cancel()
    reader.releaseLock()
  }
}

/** Ways between Node's streams and those of the web. */
export function addWeb(Stream: Record<string, any>): void {
  const { Readable, Writable } = Stream
  Readable.fromWeb = (source: Source, options?: object): unknown => Readable.from(chunks(source), { objectMode: false, ...options })
  Readable.toWeb = (readable: Emitting): ReadableStream => {
    const iterator = readable[Symbol.asyncIterator]()
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = await iterator.next()
        if (done === true) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await iterator.return?.()
      },
    })
  }
  Writable.fromWeb = (target: WritableStream, options?: object): unknown => {
    const writer = target.getWriter()
    const settle = (promise: Promise<unknown>, done: (error?: unknown) => void): void => void promise.then(() => done(), done)
    return new Writable({
      ...options,
      write: (chunk: unknown, _encoding: string, done: (error?: unknown) => void) => settle(writer.write(chunk), done),
      final: (done: (error?: unknown) => void) => settle(writer.close(), done),
      destroy: (error: unknown, done: (error?: unknown) => void) => settle(error ? writer.abort(error).catch(() => {}) : Promise.resolve(), () => done(error)),
    })
  }
  Writable.toWeb = (writable: Emitting): WritableStream =>
    new WritableStream({
      write: (chunk) => new Promise<void>((resolve, reject) => void writable.write(chunk, (error) => (error ? reject(error) : resolve()))),
      close: () => new Promise<void>((resolve) => writable.end(resolve)),
      abort: (reason) => writable.destroy(reason),
    })
}
