import { JSONPath } from 'jsonpath-plus'

const json = { store: { book: [{ title: 'A', price: 8 }, { title: 'B', price: 22 }], bicycle: { price: 19 } } }
export default { titles: JSONPath({ path: '$.store.book[*].title', json }), prices: JSONPath({ path: '$..price', json }), cheap: JSONPath({ path: '$..book[?(@.price<10)].title', json }), paths: JSONPath({ path: '$..bicycle', json, resultType: 'path' }) }
