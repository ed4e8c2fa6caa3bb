import { posix } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import createPath from '../../../src/quickjs/guest/libs/path.js'

const path = createPath() as unknown as typeof posix
const text = fc.array(fc.constantFrom('/', '//', '.', '..', 'a', 'b.c', '.d', 'e.', '...', 'x.tar.gz', ' ', 'ü'), { maxLength: 8 }).map((pieces) => pieces.join(''))

/** Node's `resolve` over the working directory that guests have. */
const resolved = (...paths: string[]): string => posix.resolve('/', ...paths)

describe('node:path', () => {
  it.each(['normalize', 'dirname', 'basename', 'extname', 'isAbsolute', 'parse'] as const)('%s() answers what Node answers', (name) => {
    // Node's parse() alone gives an absolute ".." an extension, where its extname() gives none.
    const values = name === 'parse' ? text.filter((value) => !/^\/(.*\/)?\.\.\/*$/.test(value)) : text
    fc.assert(fc.property(values, (value) => {
      expect(path[name](value)).toEqual(posix[name](value))
    }), { numRuns: 3000 })
  })

  it('join(), resolve() and relative() answer what Node answers', () => {
    fc.assert(fc.property(fc.array(text, { maxLength: 4 }), text, text, (pieces, from, to) => {
      expect(path.join(...pieces)).toBe(posix.join(...pieces))
      expect(path.resolve(...pieces)).toBe(resolved(...pieces))
      expect(path.relative(from, to)).toBe(posix.relative(resolved(from), resolved(to)))
    }), { numRuns: 3000 })
  })

  it('basename() with a suffix and format() answer what Node answers', () => {
    const suffixes = text.map((value) => value.replaceAll('/', ''))
    fc.assert(fc.property(text, suffixes, (value, suffix) => {
      // With a longer suffix Node's basename() leaves trailing slashes in place, and only then.
      const trimmed = value.replace(/\/+$/, '')
      expect(path.basename(trimmed, suffix)).toBe(posix.basename(trimmed, suffix))
      expect(path.format(path.parse(value))).toBe(posix.format(posix.parse(value)))
      expect(path.format({ dir: value, name: suffix, ext: 'x' })).toBe(posix.format({ dir: value, name: suffix, ext: 'x' }))
    }), { numRuns: 3000 })
  })

  it('refuses what is no string with Node\'s code', () => {
    for (const act of [() => path.join('a', 1 as never), () => path.resolve(null as never), () => path.dirname(undefined as never), () => path.basename('a', 1 as never), () => path.format('a' as never)]) {
      expect(act).toThrow(expect.objectContaining({ name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' }))
    }
  })

  it('names itself posix', () => {
    expect(path.posix).toBe(path)
    expect([path.sep, path.delimiter]).toEqual(['/', ':'])
  })
})
