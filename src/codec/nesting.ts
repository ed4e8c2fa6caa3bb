import { DecodeError } from './message.js'

/**
 * Refuses JSON text nested deeper than `maxDepth`, without parsing it.
 * Strings are skipped; text that is no JSON is left for the parser to refuse.
 */
export function checkNesting(text: string, maxDepth: number): void {
  const length = text.length
  // Every level takes two characters.
  if (length <= 2 * maxDepth) return
  let depth = 0
  for (let i = 0; i < length; i++) {
    switch (text[i]) {
      case '"':
        for (i++; i < length && text[i] !== '"'; i++) if (text[i] === '\\') i++
        break
      case '[':
      case '{':
        if (++depth > maxDepth) throw new DecodeError('Malformed message: nested deeper than ' + maxDepth + ' levels')
        break
      case ']':
      case '}':
        depth--
    }
  }
}
