export const count = (text) => text.split(/\s+/u).filter(Boolean).length

export const longest = (words) => {
  // What is thrown is the error of the result, a text.
  // oxlint-disable-next-line no-throw-literal
  if (words.length === 0) throw 'no words'
  return words.reduce((longest, word) => (word.length > longest.length ? word : longest))
}
