import { Marked, lexer } from 'marked'

const text = '# Title\n\nSome *text* with `code` and a [link](https://example.test "t").\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n- one\n- [x] two\n\n```js\nlet x = 1 < 2\n```\n'
const shouting = new Marked({ renderer: { heading: ({ text, depth }) => `<h${depth}>${text.toUpperCase()}</h${depth}>\n` } })
export default { html: shouting.parse(text), tokens: lexer(text).map(({ type }) => type), inline: shouting.parseInline('**bold** & ~~gone~~') }
