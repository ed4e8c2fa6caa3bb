/** An import of a WebAssembly file gives it compiled, where the platform has such imports. */
declare module '*.wasm' {
  const module: WebAssembly.Module
  export { module as default }
}
