import { type Image, bootLink, compileScript, instantiateImage } from './image.js'

/** Compiles our own guest libraries to bytecode, each in an instance of its own that no guest ever runs in. */
export function createCompiler(module: WebAssembly.Module, image: Image): (source: string, filename: string, flags: number) => Uint8Array {
  return (source, filename, flags) =>
    compileScript(instantiateImage(module, image, { maxPages: 1024, link: bootLink, turnModules: undefined }), source, filename, flags)
}
