import { describe, expect, it } from 'vitest'
import { ByteQueue } from '../../../src/component/wasi/byte-queue.js'

const all = (queue: ByteQueue, most?: number): Uint8Array[] => {
  const pieces: Uint8Array[] = []
  for (let piece = queue.take(most); piece !== undefined; piece = queue.take(most)) pieces.push(piece)
  return pieces
}

describe('ByteQueue', () => {
  it('gives bytes in the order they came, however they came', () => {
    const queue = new ByteQueue()
    const expected: number[] = []
    let next = 0
    for (const size of [1, 4095, 4096, 3, 20_000, 1, 1, 16_383, 2, 4095, 4095, 4095, 4095, 4095, 0, 7]) {
      const piece = Uint8Array.from({ length: size }, () => next++ % 251)
      expected.push(...piece)
      queue.push(piece)
    }
    expect(queue.length).toBe(expected.length)
    expect(all(queue).flatMap((piece) => [...piece])).toEqual(expected)
    expect(queue.length).toBe(0)
  })

  it('keeps a million single bytes in few pieces', () => {
    const queue = new ByteQueue()
    for (let at = 0; at < 1 << 20; at++) queue.push(Uint8Array.of(at & 0xff))
    expect(all(queue).length).toBeLessThanOrEqual(64)
  })

  it('gives no more than is asked for', () => {
    const queue = new ByteQueue()
    queue.push(Uint8Array.of(1, 2, 3, 4, 5))
    expect(all(queue, 2).map((piece) => [...piece])).toEqual([[1, 2], [3, 4], [5]])
  })

  it('gives pieces that later ones do not write over', () => {
    const queue = new ByteQueue()
    queue.push(Uint8Array.of(1))
    const first = queue.take()!
    queue.push(Uint8Array.of(2))
    queue.take()
    expect([...first]).toEqual([1])
  })

  it('forgets everything at once', () => {
    const queue = new ByteQueue()
    queue.push(new Uint8Array(5000))
    queue.push(Uint8Array.of(1))
    queue.clear()
    expect([queue.length, queue.take()]).toEqual([0, undefined])
    queue.push(Uint8Array.of(2))
    expect([...queue.take()!]).toEqual([2])
  })
})
