import type { HostCall } from '../../../capabilities/capability.js'
import type { Entry } from '../../../capabilities/fs/dir.js'
import { FsFault } from '../../../capabilities/fs/fault.js'
import { unknownHandle } from './failure.js'
import { TYPES } from './filesystem-stat.js'
import type { DescriptorType } from './filesystem-stat.js'
import type { Io } from './io.js'

/** Bytes an entry counts for besides its name. */
const ENTRY_BYTES = 8
/** Entries of one directory that are kept for a guest. */
const LISTED = 200_000

/** What a directory holds now, by name, paid for entry by entry. */
export function listEntries(entries: Iterable<Entry>, call: HostCall): readonly Entry[] {
  const found: Entry[] = []
  for (const entry of entries) {
    call.spend('in', entry.name.length + ENTRY_BYTES)
    if (found.push(entry) > LISTED) throw new FsFault('ENFILE')
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** `wasi:filesystem/types` `directory-entry-stream`: what was there when it was made. */
export class DirectoryEntryStream {
  readonly #entries: Iterator<Entry>
  readonly #drop: () => void

  constructor(io: Io, entries: readonly Entry[]) {
    this.#entries = entries.values()
    this.#drop = io.own(() => {})
  }

  readDirectoryEntry(): { readonly type: DescriptorType; readonly name: string } | undefined {
    if (!(#entries in this)) throw unknownHandle('directory-entry-stream')
    const { value, done } = this.#entries.next()
    return done ? undefined : { type: TYPES[value.type], name: value.name }
  }

  [Symbol.dispose](): void {
    this.#drop()
  }
}
