import { readFileSync } from 'node:fs'
const article = readFileSync(`${process.env.DATA}/article.md`, 'utf8')
for (const [, marks, title] of article.matchAll(/^(#+)\s+(.*)$/gm)) console.log('  '.repeat(marks.length - 1) + title)
console.log([...article.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, text, url]) => ({ text, host: new URL(url).host })))
