import { IoError } from './io-error.js'
import { Descriptor } from './filesystem-descriptor.js'
import { DirectoryEntryStream } from './filesystem-entries.js'
import { Files } from './filesystem-files.js'
import { row } from './skin.js'
import type { Skin } from './skin.js'

/** `wasi:filesystem` over the mounts of the call, in the order they were granted. */
export const filesystemSkin: Skin = {
  names: ['wasi:filesystem/preopens', 'wasi:filesystem/types'],
  make: (port, io) => {
    const files = new Files(port, io)
    return {
      'wasi:filesystem/preopens': row({
        getDirectories: (): [Descriptor, string][] =>
          files.mounts.map((mount) => [new Descriptor(files, files.openRoot(mount), { read: true, write: false }), mount.path]),
      }),
      'wasi:filesystem/types': row({
        Descriptor,
        DirectoryEntryStream,
        filesystemErrorCode: (error: IoError) => IoError.codeOf(error, 'filesystem'),
      }),
    }
  },
}
