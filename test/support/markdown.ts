import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './source-files.js'

export interface Section {
  readonly title: string
  readonly text: string
  /** Contents of its fenced blocks. */
  readonly blocks: readonly Block[]
}

export interface Block {
  /** What stands behind the fence: `ts`, `sh`. */
  readonly language: string
  readonly code: string
  /** The HTML comment right above the fence. */
  readonly note: string | undefined
  /** Line of the fence, from 1. */
  readonly line: number
}

export function readMarkdown(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** The sections of level two. */
export function sectionsOf(markdown: string): readonly Section[] {
  return markdown.split(/^## /m).slice(1).map((part) => {
    const end = part.indexOf('\n')
    const text = part.slice(end + 1)
    return { title: part.slice(0, end).trim(), text, blocks: blocksOf(text) }
  })
}

const FENCE = /(?:^<!--([^]*?)-->\n+)?^```([\w-]*)\n([^]*?)^```$/gm

export function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(FENCE)].map((match) => {
    const [whole, note, language, code] = match
    const before = markdown.slice(0, match.index + whole.indexOf('```'))
    return { language: language!, code: code!, note: note?.trim(), line: before.split('\n').length }
  })
}
