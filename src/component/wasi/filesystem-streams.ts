import type { FileNode } from '../../../capabilities/fs/dir.js'
import { Failure, IoFailure } from './failure.js'
import type { Files, Opened } from './filesystem-files.js'
import { MOST_BYTES } from './io.js'
import type { Waitable } from './io.js'
import type { Sink } from './streams-output.js'
import type { Source } from './streams-input.js'

/** Files never keep anybody waiting. */
const ALWAYS: Waitable = Object.freeze({ ready: () => true, wait: () => Promise.resolve() })

/** Reads a file from `offset` on; the file stays open as long as the stream is. */
export function fileSource(files: Files, opened: Opened, offset: number): Source {
  const file = opened.use().file as FileNode
  let at = offset
  return {
    ...ALWAYS,
    read: (length) => asStream(() => {
      const bytes = readFile(files, opened, file, { offset: at, length })
      at += bytes.length
      return bytes.length > 0 ? bytes : undefined
    }),
    close: () => opened.release(),
  }
}

/** Writes a file from `offset` on, or always at its end. */
export function fileSink(files: Files, opened: Opened, offset: number | 'end'): Sink {
  const file = opened.use().file as FileNode
  let at = offset
  return {
    ...ALWAYS,
    permit: () => MOST_BYTES,
    write: (bytes) => asStream(() => {
      writeFile(files, opened, file, { offset: at, bytes })
      if (at !== 'end') at += bytes.length
    }),
    flush: () => {},
    close: () => opened.release(),
  }
}

/** One read through the door, of no more bytes than the host holds at once. */
export function readFile(files: Files, opened: Opened, file: FileNode, range: { readonly offset: number; readonly length: number }): Uint8Array {
  return files.act({ operation: 'fs.read', verbs: ['read'] }, opened, opened.path, (call) => {
    const bytes = file.read(range.offset, Math.min(range.length, MOST_BYTES))
    call.spend('in', bytes.length)
    return bytes
  })
}

export function writeFile(files: Files, opened: Opened, file: FileNode, piece: { readonly offset: number | 'end'; readonly bytes: Uint8Array }): void {
  files.act({ operation: 'fs.write', verbs: [] }, opened, opened.path, (call) => {
    call.spend('out', piece.bytes.length)
    if (piece.offset === 'end') file.append(piece.bytes)
    else file.write(piece.offset, piece.bytes)
  })
}

/** A stream says what failed with an error resource that `filesystem-error-code` looks into. */
function asStream<T>(act: () => T): T {
  try {
    return act()
  } catch (error) {
    if (error instanceof Failure) throw new IoFailure(`the file failed: ${String(error.payload)}`, { kind: 'filesystem', code: error.payload })
    throw error
  }
}
