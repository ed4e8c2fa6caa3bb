import { isDeepStrictEqual } from 'node:util'

/** Throws unless a value is what was expected. A wrong answer is an error, never a fast one. */
export function expectValue(value: unknown, expected: unknown, program: string): void {
  if (!isSame(value, expected)) throw new Error(`wrong: ${show(value)} instead of ${show(expected)} for ${program.split('\n')[0]!.slice(0, 80)}`)
}

/** The same data, whatever realm its prototypes are of; live objects are the same as nothing. */
export function isSame(value: unknown, expected: unknown): boolean {
  if (isDeepStrictEqual(value, expected)) return true
  if (typeof value !== 'object' || typeof expected !== 'object') return false
  try {
    return isDeepStrictEqual(structuredClone(value), expected)
  } catch {
    return false
  }
}

function show(value: unknown): string {
  const text = toText(value)
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}

function toText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return String(value)
  }
}
