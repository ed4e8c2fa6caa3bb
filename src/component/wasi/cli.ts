import type { ComponentPort } from '../port.js'
import { stdinSource } from './cli-stdin.js'
import { MOST_BYTES } from './io.js'
import { row } from './skin.js'
import type { Skin } from './skin.js'
import { InputStream } from './streams-input.js'
import { OutputStream } from './streams-output.js'
import type { Sink } from './streams-output.js'

/** `wasi:cli/terminal-input` and `terminal-output`: no stream of a call is a terminal's, so none is ever made. */
class TerminalInput {}
class TerminalOutput {}

/** `wasi:cli`: what the call was given, and where its output is captured. */
export const cliSkin: Skin = {
  names: [
    'wasi:cli/environment', 'wasi:cli/exit', 'wasi:cli/stdin', 'wasi:cli/stdout', 'wasi:cli/stderr',
    'wasi:cli/terminal-input', 'wasi:cli/terminal-output', 'wasi:cli/terminal-stdin', 'wasi:cli/terminal-stdout', 'wasi:cli/terminal-stderr',
  ],
  make: (port, io) => {
    const { env, args } = port.grants
    const stdin = stdinSource(port)
    return {
      'wasi:cli/environment': row({
        getEnvironment: (): [string, string][] => Object.entries(env),
        getArguments: (): string[] => [...args],
        initialCwd: () => '/',
      }),
      'wasi:cli/exit': row({
        exit: ({ tag }: { readonly tag: 'ok' | 'err' }) => port.exit(tag === 'ok' ? 0 : 1),
        exitWithCode: (code: number) => port.exit(code),
      }),
      'wasi:cli/stdin': row({ getStdin: () => new InputStream(io, stdin()) }),
      'wasi:cli/stdout': row({ getStdout: () => new OutputStream(io, outputSink(port, 'stdout')) }),
      'wasi:cli/stderr': row({ getStderr: () => new OutputStream(io, outputSink(port, 'stderr')) }),
      'wasi:cli/terminal-input': row({ TerminalInput }),
      'wasi:cli/terminal-output': row({ TerminalOutput }),
      'wasi:cli/terminal-stdin': row({ getTerminalStdin: () => undefined }),
      'wasi:cli/terminal-stdout': row({ getTerminalStdout: () => undefined }),
      'wasi:cli/terminal-stderr': row({ getTerminalStderr: () => undefined }),
    }
  },
}

function outputSink(port: ComponentPort, stream: 'stdout' | 'stderr'): Sink {
  return {
    ready: () => true,
    wait: () => Promise.resolve(),
    permit: () => MOST_BYTES,
    write: (bytes) => port.write(stream, bytes),
    flush: () => {},
    close: () => {},
  }
}
