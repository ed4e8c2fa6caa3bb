import { parse, parseDocument, parseAllDocuments, stringify } from 'yaml'

const text = '# head\nlist:\n  - &a {x: 1}\n  - *a\ntext: |\n  two\n  lines\nwhen: 2026-01-02\nbig: 0x1F\n'
const document = parseDocument(text)
document.setIn(['list', 0, 'y'], 2)
export default { parsed: parse(text), changed: String(document), text: stringify({ a: [1, { b: null }], s: 'yes', long: 'x: y' }), errors: parseDocument('a: [1').errors.map(({ code }) => code), many: parseAllDocuments('a: 1\n---\nb: 2\n').map((one) => one.toJS()) }
