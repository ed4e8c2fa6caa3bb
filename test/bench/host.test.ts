import { describe, expect, it } from 'vitest'
import { createHost } from '../../bench/host.js'
import { fakeCase } from './fakes.js'

describe('createHost()', () => {
  it('serves what the cases ask for, and nothing else', async () => {
    const { origin } = await createHost({ ...fakeCase(), serves: 'http' }, '')
    expect(await (await fetch(`${origin}/item.json`)).json()).toEqual({ id: 7, name: 'item' })
    expect((await fetch(`${origin}/other.json`)).status).toBe(404)
    expect((await fetch(`${origin}/item.json`, { method: 'POST' })).status).toBe(404)
  })

  it('starts no server for a case that asks for none', async () => {
    expect((await createHost(fakeCase(), '')).origin).toBe('')
  })
})
