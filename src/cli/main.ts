#!/usr/bin/env node
import { isMainThread } from 'node:worker_threads'
import { command } from './command.js'
import { EXIT } from './exit-code.js'
import { serveThread } from './thread.js'

// One file is the command and the thread its guest runs on.
if (isMainThread) await main()
else await serveThread()

async function main(): Promise<void> {
  // A reader that has seen enough, such as head, is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? EXIT.returned : EXIT.failed))
  }
  const code = await command({
    args: process.argv.slice(2),
    cwd: process.cwd(),
    env: process.env,
    // Touched only when it is the program.
    stdin: { [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator]() },
    stdout: process.stdout,
    stderr: process.stderr,
    entry: new URL(import.meta.url),
    onInterrupt(listener) {
      let interrupts = 0
      const onSignal = (): void => {
        interrupts++
        // Who interrupts twice does not want to wait for the run to end by itself.
        if (interrupts > 1) process.exit(EXIT.cancelled)
        listener()
      }
      process.on('SIGINT', onSignal)
      return () => process.off('SIGINT', onSignal)
    },
  })
  process.exitCode = code
  // A terminal that is still being read would keep the process.
  if (code === EXIT.cancelled) process.stdin.destroy()
}
