import { parentPort } from 'node:worker_threads'
import type { Order } from './protocol.js'
import { createCompiler } from './serve.js'

// The file a thread of Node runs to prepare components.
const port = parentPort!
const serve = createCompiler((reply, transfer) => port.postMessage(reply, transfer))
port.on('message', (order: Order) => void serve(order))
