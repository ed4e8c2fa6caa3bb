import { EVAL_GLOBAL } from './abi.js'
import { GloveboxError } from '../errors.js'
import type { Image } from './image.js'
import { instantiateImage, bootLink } from './image.js'
import { IsolateMemory } from './memory.js'

/** Compiles our own guest libraries to bytecode, each in an instance of its own that no guest ever runs in. */
export function createCompiler(module: WebAssembly.Module, image: Image): (source: string, filename: string, flags: number) => Uint8Array {
  return (source, filename, flags) => {
    const { exports } = instantiateImage(module, image, { maxPages: 1024, link: bootLink, turnModules: undefined })
    const memory = new IsolateMemory(exports)
    const code = memory.writeText(source)
    const name = memory.writeText(filename)
    const outLength = memory.alloc(4)
    const pointer = exports.qjs_compile(code.pointer, code.length, name.pointer, EVAL_GLOBAL, flags, outLength)
    if (pointer === 0) throw new GloveboxError('internal', `The guest library ${filename} does not compile`)
    const length = memory.view().getUint32(outLength, true)
    return memory.bytes().slice(pointer, pointer + length)
  }
}
