import { IoError } from './io-error.js'
import { createPoll, createPollableClass } from './poll.js'
import { row } from './skin.js'
import type { Skin } from './skin.js'
import { InputStream } from './streams-input.js'
import { OutputStream } from './streams-output.js'

/** `wasi:io`. */
export const ioSkin: Skin = {
  names: ['wasi:io/error', 'wasi:io/poll', 'wasi:io/streams'],
  make: (_port, io) => ({
    'wasi:io/error': row({ Error: IoError }),
    'wasi:io/poll': row({ Pollable: createPollableClass(io), poll: createPoll(io) }),
    'wasi:io/streams': row({ InputStream, OutputStream }),
  }),
}
