/** Controls, format characters and halves of pairs; emoji and some scripts need the two joiners. */
const DANGEROUS = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const KEPT: ReadonlySet<string> = new Set(['\n', '\t', '\u200c', '\u200d'])

/**
 * Text of a guest, safe to show on a terminal: escape sequences, direction changes and invisible characters are
 * written out, so that nothing can move the cursor, colour, hide, reorder or answer.
 * @see ECMA-48, Control Functions for Coded Character Sets; Unicode Standard Annex 9
 */
export function neutralise(text: string): string {
  return text.replace(DANGEROUS, (character) => {
    if (KEPT.has(character)) return character
    if (character === '\r') return '\\r'
    const code = character.codePointAt(0)!.toString(16)
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
  })
}

/** The same on one line. */
export function neutraliseLine(text: string): string {
  return neutralise(text).replaceAll('\n', '\\n').replaceAll('\t', '\\t')
}
