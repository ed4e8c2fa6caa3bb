import _ from 'underscore'

export default { grouped: _.groupBy(['one', 'two', 'three'], 'length'), chain: _.chain([3, 1, 2]).sortBy().map((n) => n * 2).value(), template: _.template('<% _.each(list, (one) => { %><li><%- one %></li><% }) %>')({ list: ['<a>', 'b'], _ }), memo: _.memoize((n) => n * 2)(4), where: _.where([{ a: 1, b: 2 }, { a: 1, b: 3 }], { a: 1, b: 3 }) }
