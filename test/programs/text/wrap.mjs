const wrap = (text, width) => text.split(' ').reduce((lines, word) => {
  if ((lines.at(-1) + ' ' + word).trim().length > width) lines.push(word)
  else lines[lines.length - 1] = (lines.at(-1) + ' ' + word).trim()
  return lines
}, [''])
console.log(wrap('The quick brown fox jumps over the lazy dog and runs away', 16).join('\n'))
