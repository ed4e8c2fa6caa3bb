import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Files of one directory, under plain names. */
export interface HostFiles {
  read(name: string): string
  write(name: string, text: string): void
  list(): string[]
}

/** What a host function of a few lines offers: nothing confines the names. */
export function openFiles(folder: string): HostFiles {
  return {
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    write: (name, text) => writeFileSync(join(folder, name), text),
    list: () => readdirSync(folder),
  }
}

/** Of the file that the guest `io` works on. */
export const readSize = (folder: string): number => statSync(join(folder, 'a.txt')).size
