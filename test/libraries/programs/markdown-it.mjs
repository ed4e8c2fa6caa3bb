import MarkdownIt from 'markdown-it'

const md = new MarkdownIt({ html: false, linkify: true, typographer: true })
export default { html: md.render('# Hi\n\n"quoted" -- see https://example.test/x\n\n1. a\n2. b\n\n> *q*\n\n<b>no</b>\n\n| a |\n|---|\n| 1 |\n'), tokens: md.parse('a **b**', {}).map(({ type }) => type) }
