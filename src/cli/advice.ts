import { readUrl } from '../../capabilities/net/url.js'
import type { Policy } from '../policy-file/schema.js'
import type { LedgerEntry } from '../result.js'

/** Operations that only look. */
const READS: ReadonlySet<string> = new Set(['readFile', 'readdir', 'stat', 'lstat', 'exists', 'access', 'realpath', 'readlink', 'open', 'opendir'])

/** Operations whose first path is only read. */
const READS_FIRST: ReadonlySet<string> = new Set(['copyFile', 'cp'])

/**
 * The flag that would grant what was denied, or why there is none. Made of the ledger, which no guest can write to,
 * and never wider than the one thing that was asked: what the guest named is quoted for a shell, and a name that would
 * mean more in a flag than it did in the call gets no flag.
 */
export function toAdvice(entry: LedgerEntry, policy: Policy): string {
  switch (entry.capability) {
    case 'fs':
      return fsAdvice(entry, policy)
    case 'net':
      return netAdvice(entry)
    case 'tool':
      return 'no flag grants a tool; give it in code: sandbox.run(source, { grants: { tools } })'
    default:
      return 'no flag grants this'
  }
}

function fsAdvice({ operation, target }: LedgerEntry, { fs = {} }: Policy): string {
  const paths = target.split(' -> ')
  for (const [index, path] of paths.entries()) {
    const reads = READS.has(operation) || (READS_FIRST.has(operation) && index === 0)
    const at = Object.keys(fs).find((place) => path === place || path.startsWith(place === '/' ? '/' : `${place}/`))
    if (at === undefined) return mountAdvice(operation === 'readdir' || operation === 'mkdir' ? path : folderOf(path), reads)
    const mount = fs[at]!
    if (reads || 'memory' in mount) continue
    if (mount.mode === undefined || mount.mode === 'read') {
      return `allow it with ${quote(`--allow-write=${mount.host}::${at}`)} in place of reading only`
    }
  }
  return 'no flag grants this'
}

function mountAdvice(folder: string, reads: boolean): string {
  const flag = reads ? '--allow-read' : '--allow-write'
  // A colon would be read as the end of the place, an escape or an ellipsis stands for something else.
  if (!/^\/[^:\\…]*$/.test(folder)) return `${flag} grants directories, but this name cannot be written in a flag; use a policy`
  return `allow it with ${flag}=HOST::${quote(folder)}, where HOST is the directory of yours to show there`
}

function netAdvice({ target, reason = '' }: LedgerEntry): string {
  if (!/^no (?:net grant|rule for)/.test(reason)) return 'no flag grants this'
  const match = /^([A-Z][A-Z-]{0,31}) (\S+)$/.exec(target)
  const read = match === null ? { refused: 'unreadable' } : readUrl(match[2]!)
  if ('refused' in read || read.url.href.includes('*')) return 'no flag grants this URL as it is written'
  const { url } = read
  const pattern = `${url.origin}${url.pathname}${url.search === '' ? '' : '?*'}`
  return `allow it with ${quote(`--allow-net=${pattern}${match![1] === 'GET' ? '' : `#${match![1]}`}`)}`
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf('/')))
}

/** For a POSIX shell. */
function quote(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
