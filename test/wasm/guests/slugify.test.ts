import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Component } from '../../../src/index.js'
import { useComponents, valueOf, wat } from '../../component/components.js'
import { ROOT } from '../../support/source-files.js'

const read = (name: string): Buffer => readFileSync(join(ROOT, 'wasm/guests', name))

describe('wasm/guests/slugify.wasm', () => {
  const { sandbox } = useComponents()
  let slugify: Component
  beforeAll(async () => {
    slugify = await sandbox().load(read('slugify.wasm'))
  })

  it('is what its text says', async () => {
    expect(Buffer.from(await wat(read('slugify.wat').toString())).equals(read('slugify.wasm'))).toBe(true)
  })

  it.each([
    ['', ''], ['a', 'a'], ['Hello, World!', 'hello-world'], ['  --  ', ''], ['Zürich 2026', 'z-rich-2026'], ['already-a-slug', 'already-a-slug'],
    ['x'.repeat(200_000), 'x'.repeat(200_000)],
  ])('makes a slug of %j', async (text, slug) => {
    expect(valueOf(await slugify.call('acme:text/slugify#slugify', [text]))).toBe(slug)
  })
})
