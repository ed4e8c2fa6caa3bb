import type { Image } from './image.js'

/** Custom sections of the engine module that the build puts there. */
const IMAGE = 'glovebox.image'
const LIBRARIES = 'glovebox.libraries'

type Head = Omit<Image, 'stretches' | 'globals'> & {
  /** Of the prelude that the image was made with. */
  readonly fingerprint: string
  /** Start and end, and whether bytes follow. */
  readonly stretches: readonly (readonly [offset: number, end: number, filled: 0 | 1])[]
  /** 64-bit ones as text. */
  readonly globals: readonly (readonly [name: string, value: number | string])[]
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Sections that spare an engine most of its start: the image, and libraries as bytecode, each by the print of its text. */
export function toSections(image: Image, { prelude, libraries }: { readonly prelude: string; readonly libraries: readonly (readonly [print: string, bytecode: Uint8Array])[] }): Uint8Array {
  const { stretches, globals, ...rest } = image
  const head: Head = {
    ...rest,
    fingerprint: prelude,
    stretches: stretches.map(({ offset, end, bytes }) => [offset, end, bytes === undefined ? 0 : 1] as const),
    globals: globals.map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value] as const),
  }
  const index = libraries.map(([print, bytecode]) => [print, bytecode.length] as const)
  return concat([
    section(IMAGE, [toPart(head), ...stretches.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes]))]),
    section(LIBRARIES, [toPart(index), ...libraries.map(([, bytecode]) => bytecode)]),
  ])
}

/** The image that a module brings along for the prelude of this print; `undefined` when it has none. */
export function keptImage(module: WebAssembly.Module, print: string): Image | undefined {
  const found = open<Head>(module, IMAGE)
  if (found === undefined || found.head.fingerprint !== print) return undefined
  const { fingerprint: _, stretches, globals, ...rest } = found.head
  let { at } = found
  return {
    ...rest,
    stretches: stretches.map(([offset, end, filled]) => {
      if (filled === 0) return { offset, end }
      const bytes = found.bytes.slice(at, at + end - offset)
      at += end - offset
      return { offset, end, bytes }
    }),
    globals: globals.map(([name, value]) => [name, typeof value === 'string' ? BigInt(value) : value] as const),
  }
}

/** Bytecode of libraries that a module brings along, by the print of the text they are made of. */
export function keptLibraries(module: WebAssembly.Module): (print: string) => Uint8Array | undefined {
  const found = open<readonly (readonly [fingerprint: string, length: number])[]>(module, LIBRARIES)
  if (found === undefined) return () => undefined
  const places = new Map<string, readonly [start: number, end: number]>()
  let { at } = found
  for (const [print, length] of found.head) {
    places.set(print, [at, at + length])
    at += length
  }
  return (print) => {
    const place = places.get(print)
    return place && found.bytes.subarray(...place)
  }
}

/** The JSON at the start of a section, and where what follows it begins. */
function open<H>(module: WebAssembly.Module, name: string): { readonly head: H; readonly bytes: Uint8Array; readonly at: number } | undefined {
  const [buffer] = WebAssembly.Module.customSections(module, name)
  if (buffer === undefined) return undefined
  const bytes = new Uint8Array(buffer)
  const at = 4 + new DataView(buffer).getUint32(0, true)
  return { head: JSON.parse(decoder.decode(bytes.subarray(4, at))) as H, bytes, at }
}

function toPart(head: unknown): Uint8Array {
  const text = encoder.encode(JSON.stringify(head))
  const part = new Uint8Array(4 + text.length)
  new DataView(part.buffer).setUint32(0, text.length, true)
  part.set(text, 4)
  return part
}

function section(name: string, parts: readonly Uint8Array[]): Uint8Array {
  const title = encoder.encode(name)
  const content = concat([leb(title.length), title, ...parts])
  return concat([Uint8Array.of(0), leb(content.length), content])
}

/** @see https://webassembly.github.io/spec/core/binary/values.html#integers */
function leb(value: number): Uint8Array {
  const bytes: number[] = []
  do {
    bytes.push((value & 127) | (value > 127 ? 128 : 0))
    value >>>= 7
  } while (value > 0)
  return Uint8Array.from(bytes)
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
