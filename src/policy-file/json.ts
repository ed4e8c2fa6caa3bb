import { GloveboxError } from '../errors.js'

/** Characters of a policy beyond which it is refused unread. */
const MOST_CHARACTERS = 1 << 20

/**
 * Parses JSON in which every key is there once: of two, a reader sees the first and a parser takes the last.
 * @throws GloveboxError `invalid-policy`
 * @see RFC 8259 section 4, on names that are not unique
 */
export function parseStrictJson(text: string, where: string): unknown {
  const refuse = (why: string, cause?: unknown): never => {
    throw new GloveboxError('invalid-policy', `Cannot use ${where}: ${why}`, { cause })
  }
  if (text.length > MOST_CHARACTERS) refuse(`it has more than ${MOST_CHARACTERS} characters`)
  if (text.trim() === '') refuse('it is empty; write {} to grant nothing')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    refuse(`it is no JSON (${cause instanceof Error ? cause.message : String(cause)})`, cause)
  }
  const twice = findDuplicate(text)
  if (twice !== undefined) refuse(`the key ${JSON.stringify(twice)} is there twice in one object`)
  return value
}

/** The first key that one object of valid JSON has twice. */
function findDuplicate(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = []
  let isKey = false
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
        open.push(new Set())
        isKey = true
        break
      case '[':
        open.push(undefined)
        isKey = false
        break
      case '}':
      case ']':
        open.pop()
        isKey = false
        break
      case ',':
        isKey = open.at(-1) !== undefined
        break
      case '"': {
        const start = at
        for (at++; text[at] !== '"'; at++) if (text[at] === '\\') at++
        if (!isKey) break
        const key = JSON.parse(text.slice(start, at + 1)) as string
        const keys = open.at(-1)!
        if (keys.has(key)) return key
        keys.add(key)
        isKey = false
      }
    }
  }
  return undefined
}
