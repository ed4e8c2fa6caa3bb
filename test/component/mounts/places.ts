import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryDir, noDelete, readOnly, subdir, type Dir } from '../../../src/index.js'
import { openDir } from '../../../src/node.js'

/** What lies beside the mounts, and must never be seen. */
export const SECRET = 'the secret beside the mounts'

const FILES = { 'secret.txt': SECRET, 'in/a.txt': 'read me', 'in/d/b.txt': 'below', 'out/a.txt': 'write me', 'out/d/e/b.txt': 'deep', 'keep/a.txt': 'keep me', 'keep/d/b.txt': 'keep this' }

/** Three mounts, in this order: one to read, one to change, one to keep; and a secret beside them. */
export interface Place extends Disposable {
  readonly fs: Readonly<Record<'/in' | '/out' | '/keep', Dir>>
  /** Where it is on the host, if it is there. */
  readonly path: string | undefined
  /** What a file holds now, by its path from above the mounts. */
  read(path: string): string
}

function inMemory(): Place {
  const all = memoryDir({ files: FILES })
  return {
    fs: { '/in': readOnly(subdir(all, 'in')), '/out': subdir(all, 'out'), '/keep': noDelete(subdir(all, 'keep')) },
    path: undefined,
    read: (path) => new TextDecoder().decode(all.readFile(path)),
    [Symbol.dispose]: () => all[Symbol.dispose](),
  }
}

async function onHost(): Promise<Place> {
  const path = mkdtempSync(join(tmpdir(), 'glovebox-mounts-'))
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(join(path, name, '..'), { recursive: true })
    writeFileSync(join(path, name), text)
  }
  const open = (name: string) => openDir(join(path, name), { mode: 'read-write', symlinks: 'descending' })
  const mounts = [await openDir(join(path, 'in')), await open('out'), await open('keep')] as const
  return {
    fs: { '/in': mounts[0], '/out': mounts[1], '/keep': noDelete(mounts[2]) },
    path,
    read: (name) => readFileSync(join(path, name), 'utf8'),
    [Symbol.dispose]() {
      for (const mount of mounts) mount[Symbol.dispose]()
      rmSync(path, { recursive: true, force: true })
    },
  }
}

export const PLACES: readonly (readonly [kind: string, open: () => Promise<Place>])[] = [
  ['memory mounts', async () => inMemory()],
  ['host mounts', onHost],
]
