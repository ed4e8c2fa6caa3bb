/** Shortest text that is looked for: anything shorter would be found in ordinary text. */
const LEAST_LENGTH = 8

/** Credentials kept in mind at once: a rotating token pushes out its oldest ancestor. */
const MAX_VALUES = 16

/** Takes credentials out of a stream of bytes, also where one is split over chunks. */
export interface Redaction {
  /** Takes the next bytes; returns those that can no longer be part of a credential. */
  push(chunk: Uint8Array): Uint8Array
  /** Returns the rest. */
  end(): Uint8Array
}

/**
 * Remembers the credentials that were placed at the edge and finds them in what comes back: as they are, and in base64
 * (any alignment, both alphabets), hex, percent-encoding, JSON and HTML escapes, in any letter case.
 *
 * A server that works with the guest can transform a credential in ways no list holds; what is granted to see a
 * credential is trusted not to hand it over.
 */
export class Redactor {
  readonly #parent: Redactor | undefined
  readonly #values = new Map<string, readonly Pattern[]>()

  /** With a parent it finds what the parent knows too, and tells it what it learns. */
  constructor(parent?: Redactor) {
    this.#parent = parent
  }

  /** Remembers a header value and the tokens in it under the name that replaces them. */
  add(name: string, value: string): void {
    const mark = `[redacted:${name}]`
    const forms = new Set(tokensOf(value).flatMap((token) => [...formsOf(token)]))
    this.#remember(
      value,
      [...forms].map((form) => ({ text: form.toLowerCase(), mark })),
    )
  }

  #remember(value: string, patterns: readonly Pattern[]): void {
    this.#values.delete(value)
    this.#values.set(value, patterns)
    if (this.#parent !== undefined) return this.#parent.#remember(value, patterns)
    const oldest = this.#values.keys().next()
    if (this.#values.size > MAX_VALUES && !oldest.done) this.#values.delete(oldest.value)
  }

  /** Longest first: of two that begin at the same place the longer one leaves nothing behind. */
  #patterns(): readonly Pattern[] {
    const known = [
      ...(this.#parent === undefined ? [] : this.#parent.#values.values()),
      ...this.#values.values(),
    ].flat()
    return [...new Map(known.map((pattern) => [pattern.text, pattern])).values()].sort(
      (a, b) => b.text.length - a.text.length,
    )
  }

  /** The text without credentials. */
  text(value: string): string {
    const find = search(this.#patterns())
    const lower = toLowerAscii(value)
    let clean = ''
    let at = 0
    for (let found = find(lower, at); found !== undefined; found = find(lower, at)) {
      clean += value.slice(at, found.index) + found.pattern.mark
      at = found.index + found.pattern.text.length
    }
    return clean + value.slice(at)
  }

  /** Whether a credential is in the text. */
  finds(value: string): boolean {
    return search(this.#patterns())(toLowerAscii(value), 0) !== undefined
  }

  /** A redaction for one stream, with the credentials known by now. */
  stream(): Redaction {
    const patterns = this.#patterns()
    if (patterns.length === 0) return { push: (chunk) => chunk, end: () => new Uint8Array(0) }
    const find = search(patterns)
    let held: Uint8Array = new Uint8Array(0)

    const advance = (final: boolean): Uint8Array => {
      const text = fromLatin1(held).toLowerCase()
      const out: Uint8Array[] = []
      let at = 0
      let open = final ? text.length : beginOfOpen(patterns, text, 0)
      for (;;) {
        const found = find(text, at)
        if (open < at) open = beginOfOpen(patterns, text, at)
        if (found === undefined || found.index >= open) {
          out.push(held.subarray(at, open))
          held = held.slice(open)
          return joinBytes(out)
        }
        out.push(held.subarray(at, found.index), toBytes(found.pattern.mark))
        at = found.index + found.pattern.text.length
      }
    }
    return {
      push(chunk) {
        held = joinBytes([held, chunk])
        return advance(false)
      },
      end: () => advance(true),
    }
  }
}

interface Pattern {
  /** In lower case. */
  readonly text: string
  readonly mark: string
}

interface Found {
  readonly index: number
  readonly pattern: Pattern
}

/** Finds the leftmost pattern, the longest where several begin at one place. */
function search(patterns: readonly Pattern[]): (text: string, from: number) => Found | undefined {
  if (patterns.length === 0) return () => undefined
  const byText = new Map(patterns.map((pattern) => [pattern.text, pattern]))
  const expression = new RegExp(
    patterns.map(({ text }) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'),
    'g',
  )
  return (text, from) => {
    expression.lastIndex = from
    const match = expression.exec(text)
    return match === null ? undefined : { index: match.index, pattern: byText.get(match[0])! }
  }
}

/** Where the first pattern begins that `text` ends in the middle of, or the text's end. */
function beginOfOpen(patterns: readonly Pattern[], text: string, from: number): number {
  const longest = patterns[0]!.text.length - 1
  for (let at = Math.max(from, text.length - longest); at < text.length; at++) {
    const rest = text.slice(at)
    if (patterns.some((pattern) => pattern.text.length > rest.length && pattern.text.startsWith(rest))) return at
  }
  return text.length
}

/** The parts of a header value that are secret by themselves: a server may send back the token without its scheme. */
function tokensOf(value: string): readonly string[] {
  const words = value.trim().split(/[\s,;]+/)
  const tokens = new Set<string>()
  for (const word of words.length > 1 ? words.slice(1) : words) {
    tokens.add(word)
    const at = word.indexOf('=')
    if (at > 0 && at < word.length - 1) tokens.add(word.slice(at + 1).replace(/^"|"$/g, ''))
  }
  if (/^basic$/i.test(words[0]!) && words[1] !== undefined) {
    const pair = fromBase64(words[1])
    tokens.add(pair)
    tokens.add(pair.slice(pair.indexOf(':') + 1))
  }
  const long = [...tokens].filter((token) => token.length >= LEAST_LENGTH)
  return long.length > 0 ? long : [value]
}

function formsOf(token: string): ReadonlySet<string> {
  const forms = new Set([token, encodeURIComponent(token), encodeURIComponent(token).replaceAll('%20', '+')])
  forms.add(JSON.stringify(token).slice(1, -1)).add(JSON.stringify(token).slice(1, -1).replaceAll('/', '\\/'))
  forms.add(token.replace(/[&<>"']/g, (character) => HTML_ESCAPES[character]!))
  forms.add(Array.from(token, (character) => character.charCodeAt(0).toString(16).padStart(2, '0')).join(''))
  for (let shift = 0; shift < 3; shift++) {
    // Only the characters that depend on nothing but the token: its neighbours share the first and the last ones.
    const encoded = btoa('\0'.repeat(shift) + token).replace(/=+$/, '')
    const inner = encoded.slice([0, 2, 3][shift], (shift + token.length) % 3 === 0 ? undefined : -1)
    forms.add(inner).add(inner.replaceAll('+', '-').replaceAll('/', '_')).add(encodeURIComponent(inner))
  }
  return forms
}

const HTML_ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function fromBase64(text: string): string {
  try {
    return atob(text)
  } catch {
    return ''
  }
}

/** Beyond ASCII lower case can have another length, which would move every later index. */
function toLowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** One character a byte, in lower case too; which one beyond ASCII does not matter, as no pattern has any. */
function fromLatin1(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes)
}

function toBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

/** One array of all parts; the part itself when there is just one. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const filled = parts.filter((part) => part.length > 0)
  if (filled.length === 1) return filled[0]!
  const whole = new Uint8Array(filled.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of filled) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
