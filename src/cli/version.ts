import { readFile } from 'node:fs/promises'

/** Folders above this one in which the package's own manifest may lie: the bundle's, then the source's. */
const PLACES = ['../package.json', '../../package.json']

/** The version of the package this command belongs to. */
export async function readVersion(): Promise<string> {
  for (const place of PLACES) {
    const manifest = await readFile(new URL(place, import.meta.url), 'utf8').then(
      (text) => JSON.parse(text) as { readonly name?: string; readonly version?: string },
      () => undefined,
    )
    if (manifest?.name === 'glovebox' && manifest.version !== undefined) return manifest.version
  }
  throw new Error('the manifest of the package is missing beside the command')
}
