import type { Order } from './protocol.js'
import { createCompiler } from './serve.js'

// The file a thread of a browser runs to prepare components.
// The transpiler's modules are compiled by the one function that bounds them.
WebAssembly.compileStreaming = async (response) => WebAssembly.compile(await (await response).arrayBuffer())
const serve = createCompiler((reply, transfer) => self.postMessage(reply, { transfer }))
self.addEventListener('message', ({ data }: MessageEvent<Order>) => void serve(data))
