import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { AnswerBox, AnswerSlot } from '../../src/threads/box.js'
import { pack, unpack } from '../../src/threads/packet.js'

describe('pack() and unpack()', () => {
  it.each([
    ['nothing', { data: null, text: '', blobs: [] }],
    ['data', { data: { a: [1, 'ü', null] }, text: '', blobs: [] }],
    ['text', { data: 1, text: 'a\0b👩‍🚀', blobs: [] }],
    ['buffers', { data: null, text: '[]', blobs: [new Uint8Array([1, 2, 3]), new Uint8Array(0), new Uint8Array(100_000).fill(7)] }],
  ])('carry %s', (_name, packet) => {
    expect(unpack(pack(packet))).toEqual(packet)
  })
})

describe('AnswerBox', () => {
  // Both ends on one thread: asking answers at once, so that nobody sleeps.
  it.each([0, 1, 65_523, 65_524, 65_525, 300_000])('hands over %i bytes', (length) => {
    const box = new AnswerBox()
    const slot = new AnswerSlot(box.shared)
    const bytes = Uint8Array.from({ length }, (_, i) => i % 251)
    const taken = slot.take(() => box.put(bytes), (into) => box.putAgain(into))
    expect(Buffer.compare(taken!, bytes)).toBe(0)
  })

  it('keeps an answer that was too large for one taking', () => {
    const box = new AnswerBox()
    const slot = new AnswerSlot(box.shared)
    const bytes = new Uint8Array(100_000)
    slot.take(() => box.put(bytes), (into) => box.putAgain(into))
    expect(() => box.putAgain(new SharedArrayBuffer(bytes.length))).toThrow(RangeError)
  })

  it('stop() before a question: nothing is asked', () => {
    const box = new AnswerBox()
    const slot = new AnswerSlot(box.shared)
    box.stop()
    let asked = 0
    expect(slot.take(() => void asked++, () => {})).toBeUndefined()
    expect([asked, slot.stopped]).toEqual([0, true])
  })

  it('stop() over a question: there is no answer, and a late one is lost', () => {
    const box = new AnswerBox()
    const slot = new AnswerSlot(box.shared)
    const ask = (): void => {
      box.stop()
      box.put(new Uint8Array([1]))
    }
    expect(slot.take(ask, () => {})).toBeUndefined()
  })

  it('clear() lets the next call ask', () => {
    const box = new AnswerBox()
    const slot = new AnswerSlot(box.shared)
    box.stop()
    box.clear()
    expect(slot.stopped).toBe(false)
    expect(slot.take(() => box.put(new Uint8Array([4])), () => {})).toEqual(new Uint8Array([4]))
  })

  it('stop() wakes a thread that sleeps', async () => {
    const box = new AnswerBox()
    const worker = new Worker(
      "const { parentPort, workerData } = require('node:worker_threads'); const head = new Int32Array(workerData); parentPort.postMessage('asleep'); parentPort.postMessage(Atomics.wait(head, 0, 0, 10_000))",
      { eval: true, workerData: box.shared },
    )
    const messages: unknown[] = []
    await new Promise((resolve) => worker.on('message', (message) => {
      if (messages.push(message) === 1) box.stop()
      else resolve(undefined)
    }))
    await worker.terminate()
    expect(['ok', 'not-equal']).toContain(messages[1])
  })
})
