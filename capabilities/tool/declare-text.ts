/** Controls, format characters, halves of pairs, line and paragraph separators: none of them shows in a source text. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/
const MOST_DOC = 4000

/** A JSON value as a TypeScript literal type, or undefined when it is none. */
export function toLiteral(value: unknown): string | undefined {
  if (typeof value === 'string') return escapeUnseen(JSON.stringify(value))
  if (value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return JSON.stringify(value)
  return undefined
}

/** A name as a member is declared with it: quoted unless it is an identifier that means nothing else there. */
export function toMemberName(name: string): string {
  return IDENTIFIER.test(name) && name !== 'new' ? name : escapeUnseen(JSON.stringify(name))
}

/**
 * A doc comment, or nothing when there is nothing to say. What it quotes cannot end it, start a line that is not a
 * comment, or hide.
 */
export function toDocComment(paragraphs: readonly string[], indent: string): string {
  const text = paragraphs.filter((paragraph) => paragraph.trim() !== '').join('\n')
  if (text === '') return ''
  const cut = text.length > MOST_DOC ? `${text.slice(0, MOST_DOC)}…` : text
  const lines = cut.split(/\r\n?|\n/).map((line) => escapeUnseen(line.trimEnd()).replaceAll('*/', '*\\/'))
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`
}

function escapeUnseen(text: string): string {
  return text.replace(UNSEEN, (character) => {
    const code = character.codePointAt(0)!.toString(16)
    return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`
  })
}
