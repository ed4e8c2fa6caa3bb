import { applyPatch, createTwoFilesPatch, diffChars, diffJson, diffLines, diffWords, parsePatch } from 'diff'

const before = 'one\ntwo\nthree\nfour\n'
const after = 'one\n2\nthree\nfour\nfive\n'
const patch = createTwoFilesPatch('a.txt', 'b.txt', before, after)
export default { chars: diffChars('kitten', 'sitting').map(({ value, added, removed }) => [value, added, removed]), words: diffWords('the quick fox', 'the slow fox').map(({ value }) => value), lines: diffLines(before, after).length, patch, applied: applyPatch(before, patch), hunks: parsePatch(patch)[0].hunks.length, json: diffJson({ a: 1 }, { a: 2 }).map(({ value }) => value), failed: applyPatch('other\n', patch) }
