import type { Order } from './protocol.js'
import { createCompiler } from './serve.js'

// The file a thread of a browser runs to prepare components.
const serve = createCompiler((reply, transfer) => self.postMessage(reply, { transfer }))
self.addEventListener('message', ({ data }: MessageEvent<Order>) => void serve(data))
