import type { ToThread } from './protocol.js'
import { createServer } from './serve.js'
import { startTimer } from '../platform/start-timer.js'

// The file a thread of a browser runs.
const serve = createServer({
  post: (message) => self.postMessage(message),
  now: () => performance.now(),
  defer: (callback) => void setTimeout(callback, 0),
  startTimer,
})
self.addEventListener('message', ({ data }: MessageEvent<ToThread>) => serve(data))
