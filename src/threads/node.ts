import { parentPort } from 'node:worker_threads'
import type { ToThread } from './protocol.js'
import { createServer } from './serve.js'
import { startTimer } from '../platform/start-timer.js'

// The file a thread of Node runs.
const port = parentPort!
const serve = createServer({
  post: (message) => port.postMessage(message),
  now: () => performance.now(),
  defer: (callback) => void setImmediate(callback),
  startTimer,
})
port.on('message', (message: ToThread) => serve(message))
