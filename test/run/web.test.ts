import { describe, expect, it } from 'vitest'
import { type GuestPrograms, PROGRAMS } from './web-programs.js'
import { useSandbox, valueOf } from '../support/sandbox.js'

const { run } = useSandbox()

describe.each(Object.entries(PROGRAMS as GuestPrograms))('%s', (_group, programs) => {
  it.each(programs)('%s', async (_title, source, expected) => {
    expect(valueOf(await run(source, { limits: { deadlineMs: 10_000 } }))).toEqual(expected)
  })
})

describe('an error that nobody catches', () => {
  it.each([
    ['reportError()', "reportError(new RangeError('lost'))"],
    ['a listener', "const t = new EventTarget(); t.addEventListener('a', () => { throw new RangeError('lost') }); t.dispatchEvent(new Event('a'))"],
    ['an object without handleEvent', "addEventListener('error', (e) => { if (e.error instanceof TypeError) e.preventDefault() }); const t = new EventTarget(); t.addEventListener('a', {}); t.dispatchEvent(new Event('a')); reportError(new RangeError('lost'))"],
  ])('of %s ends the program', async (_title, source) => {
    expect(await run(source)).toMatchObject({ outcome: 'threw', error: { name: 'RangeError', message: 'lost' } })
  })

  it('reaches onerror and listeners of the global object, which can prevent that', async () => {
    const source = `
      const seen = []
      onerror = (message, file, line, column, error) => { seen.push(message, typeof line, error.message); return true }
      addEventListener('error', (event) => seen.push(event.target === globalThis, event.defaultPrevented))
      reportError(new Error('a'))
      return seen`
    expect(valueOf(await run(source))).toEqual(['Uncaught Error: a', 'number', 'a', true, true])
  })
})

describe('the libraries of the web', () => {
  it('cost a program that names none of them nothing: the same fuel and memory as any', async () => {
    const costs = []
    for (const source of ['return 1', 'return 1', 'return 2']) {
      const { usage } = await run(source)
      costs.push([usage.fuel, usage.memoryPeakBytes])
    }
    const bare = await run('return typeof 1 === "number"')
    const idle = await run('return "Blob" in globalThis')
    expect(new Set(costs.map(String)).size).toBe(1)
    // Looking for a name is not naming it.
    expect(idle.usage.memoryPeakBytes).toBe(bare.usage.memoryPeakBytes)
    expect(idle.usage.fuel - bare.usage.fuel).toBeLessThan(1000)
  })

  it('leave nothing behind for the next program', async () => {
    const names = 'return Object.getOwnPropertyNames(globalThis).sort()'
    const before = valueOf(await run(names))
    valueOf(await run('Blob.prototype.text = () => "mine"; onerror = () => true; globalThis.left = new MessageChannel(); return 1'))
    expect(valueOf(await run(names))).toEqual(before)
    expect(valueOf(await run('return [await new Blob(["a"]).text(), onerror]'))).toEqual(['a', null])
  })

  it('stay whole where a program replaces what they were made of', async () => {
    const source = `
      const { Blob, FormData, Response, ReadableStream, structuredClone } = globalThis
      for (const name of ['TextEncoder', 'TextDecoder', 'URLSearchParams', 'EventTarget', 'DOMException']) globalThis[name] = undefined
      const form = new FormData()
      form.append('f', new Blob(['ä']), 'n.txt')
      const back = await new Response(form).formData()
      return [await back.get('f').text(), back.get('f').name, await new Response(new Blob(['x']).stream()).text()]`
    expect(valueOf(await run(source))).toEqual(['ä', 'n.txt', 'x'])
  })
})
