import { UsageError } from './usage-error.js'

const UNITS: Readonly<Record<string, number>> = { b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30 }
const SIZE = /^(\d{1,12}(?:\.\d{1,6})?)(b|kb|mb|gb)$/i

/** Bytes of `512kb`, `64mb`, `1gb`; a kilobyte has 1024. The unit is never left out. */
export function toBytes(text: string, flag: string): number {
  const bytes = tryBytes(text)
  if (bytes === undefined) throw new UsageError(`${flag} is "${text}": expected a size such as 512kb, 64mb or 1gb`)
  return bytes
}

/** The same, or undefined when `text` is no size. */
export function tryBytes(text: string): number | undefined {
  const match = SIZE.exec(text)
  if (match === null) return undefined
  const bytes = Math.floor(Number(match[1]) * UNITS[match[2]!.toLowerCase()]!)
  return Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined
}
