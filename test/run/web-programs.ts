/** Programs by what they are about: title, source and the value they come to. */
export type GuestPrograms = Readonly<Record<string, readonly (readonly [title: string, source: string, expected: unknown])[]>>

/** What programs written for the web do with its own interfaces. */
export const PROGRAMS: GuestPrograms = {
  'events and signals': [
    ['a CustomEvent carries its detail to listeners in order, capturing ones first', `
      const seen = []
      const t = new EventTarget()
      t.addEventListener('x', (e) => seen.push('bubble', e.detail.n))
      t.addEventListener('x', () => seen.push('capture'), { capture: true, once: true })
      t.dispatchEvent(new CustomEvent('x', { detail: { n: 1 } }))
      t.dispatchEvent(new CustomEvent('x', { detail: { n: 2 } }))
      return seen`, ['capture', 'bubble', 1, 'bubble', 2]],
    ['a passive listener cannot prevent the default', `
      const t = new EventTarget()
      t.addEventListener('x', (e) => e.preventDefault(), { passive: true })
      return t.dispatchEvent(new Event('x', { cancelable: true }))`, true],
    ['AbortSignal.any() follows its sources through others, and tells each once', `
      const c = new AbortController()
      const seen = []
      const one = AbortSignal.any([c.signal, AbortSignal.timeout(1000)])
      const two = AbortSignal.any([one])
      for (const [name, s] of [['one', one], ['two', two]]) s.onabort = () => seen.push(name, s.reason)
      c.abort('why'); c.abort('again')
      return seen`, ['one', 'why', 'two', 'why']],
    ['a listener goes with its signal', `
      const c = new AbortController()
      let n = 0
      const t = new EventTarget()
      t.addEventListener('x', () => n++, { signal: c.signal })
      t.dispatchEvent(new Event('x')); c.abort(); t.dispatchEvent(new Event('x'))
      return n`, 1],
    ['AbortSignal.timeout() aborts with a TimeoutError', `
      const s = AbortSignal.timeout(5)
      await new Promise((resolve) => s.addEventListener('abort', resolve))
      return [s.reason.name, s.reason.code, s.reason instanceof DOMException]`, ['TimeoutError', 23, true]],
    ['classes are as Web IDL has them', `
      const d = Object.getOwnPropertyDescriptor(Event.prototype, 'type')
      return [Event.name, Event.length, Event.AT_TARGET, d.enumerable, typeof d.get, String(new Event('x')), Object.keys(new Event('x')), String(navigator), navigator.userAgent, self === globalThis]`,
      ['Event', 1, 2, true, 'function', '[object Event]', ['isTrusted'], '[object Navigator]', 'glovebox', true]],
  ],
  'messages and clones': [
    ['ports carry copies, in order, with what is transferred', `
      const { port1, port2 } = new MessageChannel()
      const seen = []
      const done = new Promise((resolve) => { port2.onmessage = ({ data, ports }) => { seen.push(data, ports.length); if (data === 'end') resolve() } })
      const bytes = new Uint8Array([1, 2])
      port1.postMessage(bytes, [bytes.buffer])
      port1.postMessage({ port: 1 }, { transfer: [new MessageChannel().port1] })
      port1.postMessage('end')
      await done
      return [[...seen[0]], bytes.length, seen[2].port, seen[3], seen[4]]`, [[1, 2], 0, 1, 1, 'end']],
    ['a moved port goes on with what it had', `
      const { port1, port2 } = new MessageChannel()
      port1.postMessage('early')
      const moved = structuredClone(port2, { transfer: [port2] })
      return await new Promise((resolve) => { moved.onmessage = (e) => resolve(e.data) })`, 'early'],
    ['structuredClone() copies files, and moves streams', `
      const { file } = structuredClone({ file: new File(['a'], 'n', { type: 't/p', lastModified: 3 }) })
      const stream = new ReadableStream({ start(c) { c.enqueue('x'); c.close() } })
      const moved = structuredClone(stream, { transfer: [stream] })
      const parts = []
      for await (const part of moved) parts.push(part)
      return [file.name, file.type, file.lastModified, await file.text(), stream.locked, parts]`, ['n', 't/p', 3, 'a', true, ['x']]],
    ['structuredClone() names what it cannot copy', `
      const failures = []
      for (const value of [() => 1, Symbol('s'), new Proxy({}, {}), new EventTarget(), new Headers(), globalThis, new WeakMap()]) {
        try { structuredClone({ value }); failures.push('none') } catch (e) { failures.push(e.name) }
      }
      return failures`, Array.from({ length: 7 }, () => 'DataCloneError')],
    ['a clone that fails moves nothing', `
      const buffer = new ArrayBuffer(2)
      try { structuredClone([buffer, () => 1], { transfer: [buffer] }) } catch {}
      return buffer.byteLength`, 2],
  ],
  'streams': [
    ['pipe through transforms with text and bytes', `
      const source = ReadableStream.from(['grü', 'ße\\n', 'x'])
      const upper = new TransformStream({ transform: (chunk, c) => c.enqueue(chunk.toUpperCase()) })
      const out = []
      await source.pipeThrough(new TextEncoderStream()).pipeThrough(new TextDecoderStream()).pipeThrough(upper)
        .pipeTo(new WritableStream({ write: (chunk) => { out.push(chunk) } }))
      return out`, ['GRÜ', 'SSE\n', 'X']],
    ['a byte stream fills the buffer a reader brings', `
      const stream = new ReadableStream({ type: 'bytes', start(c) { c.enqueue(new Uint8Array([1, 2, 3])); c.close() } })
      const reader = stream.getReader({ mode: 'byob' })
      const { value } = await reader.read(new Uint8Array(2))
      return [...value]`, [1, 2]],
    ['a text split between surrogates is put together', `
      const parts = []
      for await (const part of ReadableStream.from(['\\ud83d', '\\ude00']).pipeThrough(new TextEncoderStream())) parts.push([...part])
      return parts`, [[240, 159, 152, 128]]],
    ['writers feel backpressure, and a signal stops a pipe', `
      const writer = new WritableStream({}, new CountQueuingStrategy({ highWaterMark: 1 })).getWriter()
      void writer.write('a')
      const c = new AbortController()
      const pipe = new ReadableStream({ pull: (s) => { s.enqueue(1); c.abort('enough') } }).pipeTo(new WritableStream(), { signal: c.signal })
      return [writer.desiredSize, await pipe.catch((e) => e)]`, [0, 'enough']],
  ],
  'blobs and forms': [
    ['a Blob is joined, sliced and read', `
      const blob = new Blob(['aä', new Uint8Array([98]), new Blob(['c'])], { type: 'Text/Plain' })
      return [blob.size, blob.type, await blob.slice(-2).text(), [...await blob.slice(0, 1).bytes()], await new Response(blob.stream()).text()]`,
      [5, 'text/plain', 'bc', [97], 'aäbc']],
    ['multipart forms go out and come back', `
      const form = new FormData()
      form.append('plain', 'line\\nbreak')
      form.append('na"me', new File(['{}'], 'a"b.json', { type: 'application/json' }))
      const request = new Request('https://example.com/', { method: 'POST', body: form })
      const back = await request.formData()
      const file = back.get('na"me')
      return [/^multipart\\/form-data; boundary=-+\\w+$/.test(request.headers.get('content-type')), back.get('plain'), file.name, file.type, await file.text()]`,
      [true, 'line\r\nbreak', 'a"b.json', 'application/json', '{}']],
    ['urlencoded forms are read', `
      const form = await new Response(new URLSearchParams([['a', '1 2'], ['a', 'ä']])).formData()
      return [form.getAll('a'), [...form.keys()]]`, [['1 2', 'ä'], ['a', 'a']]],
    ['what is no form says so', `
      const failures = []
      for (const [body, type] of [['x', 'text/plain'], ['x', 'multipart/form-data'], ['--b', 'multipart/form-data; boundary=b'], ['--b\\r\\n\\r\\nx\\r\\n--b--', 'multipart/form-data; boundary=b']]) {
        try { await new Response(body, { headers: { 'content-type': type } }).formData(); failures.push('none') } catch (e) { failures.push(e.name) }
      }
      return failures`, ['TypeError', 'TypeError', 'TypeError', 'TypeError']],
  ],
  'requests and responses': [
    ['fetch() reads data URLs without a grant, and no other scheme but the web’s', `
      const response = await fetch('data:application/json;base64,eyJhIjoxfQ==')
      const failures = []
      for (const url of ['file:///etc/passwd', 'about:blank', 'blob:x']) await fetch(url).catch((e) => failures.push(e.name))
      return [await response.json(), response.headers.get('content-type'), failures]`, [{ a: 1 }, 'application/json', ['TypeError', 'TypeError', 'TypeError']]],
    ['a body is read once, and its stream afterwards is spent', `
      const response = new Response('abc')
      await response.text()
      const again = await response.json().catch((e) => e.name)
      return [again, response.bodyUsed, response.body.locked, new Response().bodyUsed]`, ['TypeError', true, true, false]],
    ['a clone shares nothing with its first', `
      const one = new Response(new ReadableStream({ start(c) { c.enqueue(new Uint8Array([97])); c.close() } }))
      const two = one.clone()
      const first = (await one.body.getReader().read()).value
      first[0] = 0
      return await two.text()`, 'a'],
    ['headers keep the guard of what they belong to', `
      const failures = []
      for (const change of [() => Response.error().headers.set('a', 'b'), () => Response.redirect('https://example.com/').headers.delete('location')]) {
        try { change(); failures.push('none') } catch (e) { failures.push(e.name) }
      }
      const bare = new Request('https://example.com/', { mode: 'no-cors', headers: { 'x-own': '1', accept: 'a/b' } })
      return [failures, [...bare.headers]]`, [['TypeError', 'TypeError'], [['accept', 'a/b']]]],
    ['Response.json() and statuses are checked', `
      const failures = []
      for (const make of [() => new Response('', { status: 204 }), () => new Response(null, { status: 199 }), () => new Response(null, { statusText: '\\n' }), () => Response.json(undefined)]) {
        try { make(); failures.push('none') } catch (e) { failures.push(e.name) }
      }
      return [failures, Response.json({ a: 1 }).headers.get('content-type')]`, [['TypeError', 'RangeError', 'TypeError', 'TypeError'], 'application/json']],
    ['a program that says where it is may use relative addresses', `
      globalThis.location = { href: 'https://example.com/a/b' }
      return new Request('../c?d').url`, 'https://example.com/c?d'],
  ],
}
