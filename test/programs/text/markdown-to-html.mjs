import { readFileSync } from 'node:fs'
const html = readFileSync(`${process.env.DATA}/article.md`, 'utf8').replace(/```(\w*)\n([^]*?)```/g, '<pre class="$1">$2</pre>').replace(/^## (.*)$/gm, '<h2>$1</h2>').replace(/^# (.*)$/gm, '<h1>$1</h1>').replace(/\*(.+?)\*/g, '<em>$1</em>').replace(/\[(.+?)\]\((.+?)\)/g, '<a href="$2">$1</a>')
console.log(html)
