import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSandbox, quickjs } from '../../src/index.js'
import { LIBRARIES, PRELUDE, PRINTS } from '../../src/quickjs/guest/bundle/libraries.js'
import * as shipped from '../../src/quickjs/guest/bundle/shipped.js'
import { bootLink, compileScript, createImage, instantiateImage, isPristine } from '../../src/quickjs/image.js'
import { keptImage, keptLibraries, toSections } from '../../src/quickjs/kept-image.js'

const PREAMBLE = [0, 97, 115, 109, 1, 0, 0, 0]

describe('the image that the engine module brings along', () => {
  let engine: Uint8Array<ArrayBuffer>
  let module: WebAssembly.Module
  beforeAll(async () => {
    const built = await readFile(new URL('../../dist/quickjs.wasm', import.meta.url))
    const { image, library } = await made(await WebAssembly.compile(built))
    // Of the sources as they are, whatever the state of dist/.
    engine = new Uint8Array([...built, ...toSections(image, { prelude: 'of-the-test', libraries: [['a-library', library]] })])
    module = await WebAssembly.compile(engine)
  })
  const made = async (of: WebAssembly.Module) => {
    const image = createImage(of, PRELUDE)
    const compiler = instantiateImage(of, image, { maxPages: 1024, link: bootLink, turnModules: undefined })
    return { image, library: compileScript(compiler, LIBRARIES['path']!, 'glovebox:path') }
  }

  it('is the one that is made without it, byte for byte', async () => {
    const { image } = await made(module)
    const only = await WebAssembly.compile(Uint8Array.from([...PREAMBLE, ...toSections(image, { prelude: 'x', libraries: [] })]))
    const kept = keptImage(only, 'x')!
    expect(kept).toEqual(image)
    const instance = instantiateImage(module, kept, { maxPages: image.pages, link: bootLink, turnModules: undefined })
    expect(isPristine(instance, image)).toBe(true)
  })

  it('is left alone when it is of another prelude', () => {
    expect(keptImage(module, 'another')).toBeUndefined()
  })

  it('comes with libraries by the print of their text', async () => {
    const only = await WebAssembly.compile(Uint8Array.from([...PREAMBLE, ...toSections((await made(module)).image, { prelude: 'x', libraries: [['one', Uint8Array.of(1, 2)], ['two', Uint8Array.of(3)]] })]))
    const find = keptLibraries(only)
    expect([find('one'), find('two'), find('three')]).toEqual([Uint8Array.of(1, 2), Uint8Array.of(3), undefined])
  })

  it('is absent from a module without it', async () => {
    const bare = await WebAssembly.compile(Uint8Array.from(PREAMBLE))
    expect([keptImage(bare, 'x'), keptLibraries(bare)('x')]).toEqual([undefined, undefined])
  })

  it('makes no difference to fuel, memory and values', async () => {
    const source = 'const { join } = await import("node:path"); return [join("a", "b"), new URL("https://example.com/x").href]'
    await using plain = await createSandbox({ engines: [quickjs({ module })] })
    await using standard = await createSandbox()
    const [one, two] = [await plain.run(source), await standard.run(source)]
    expect(one).toMatchObject({ outcome: 'returned', value: ['a/b', 'https://example.com/x'] })
    expect([one.usage.fuel, one.usage.memoryPeakBytes]).toEqual([two.usage.fuel, two.usage.memoryPeakBytes])
  })

  it('is all that ships: the texts stay behind', () => {
    expect(shipped).toMatchObject({ PRELUDE: '', LIBRARIES: {}, PRINTS })
  })
})
