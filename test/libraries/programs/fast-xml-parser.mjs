import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser'

const text = '<?xml version="1.0"?><order id="7"><item sku="A1">Pen &amp; ink</item><item sku="B2"><![CDATA[<raw>]]></item><sum>12.50</sum></order>'
const options = { ignoreAttributes: false, attributeNamePrefix: '@' }
const parsed = new XMLParser(options).parse(text)
export default { parsed, built: new XMLBuilder({ ...options, format: true }).build({ a: { '@x': '1', b: [1, 2] } }), valid: XMLValidator.validate(text), invalid: XMLValidator.validate('<a><b></a>').err.code }
