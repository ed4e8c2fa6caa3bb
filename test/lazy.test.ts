import { describe, expect, it } from 'vitest'
import { Lazy } from '../src/lazy.js'

describe('Lazy', () => {
  it('starts once, however many ask', async () => {
    let starts = 0
    const lazy = new Lazy(async () => ++starts)
    expect(lazy.value).toBeUndefined()
    expect(await Promise.all([lazy.get(), lazy.get()])).toEqual([1, 1])
    expect(await lazy.get()).toBe(1)
    expect(lazy.value).toBe(1)
  })

  it('starts anew after a failure, which everyone who waited sees', async () => {
    let starts = 0
    const lazy = new Lazy(async () => {
      if (++starts === 1) throw new Error('first')
      return starts
    })
    const failed = await Promise.allSettled([lazy.get(), lazy.get()])
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(await lazy.settled()).toBeUndefined()
    expect(await lazy.get()).toBe(2)
  })

  it('settled() starts nothing, and waits for what is under way', async () => {
    let starts = 0
    const lazy = new Lazy(async () => {
      await Promise.resolve()
      return ++starts
    })
    expect(await lazy.settled()).toBeUndefined()
    expect(starts).toBe(0)
    void lazy.get()
    expect(await lazy.settled()).toBe(1)
  })
})
