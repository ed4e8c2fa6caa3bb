import _ from 'lodash'

const people = [{ name: 'Ada', age: 36 }, { name: 'Bo', age: 41 }, { name: 'Cy', age: 36 }]
export default {
  chain: _(people).filter((one) => one.age > 30).groupBy('age').mapValues((list) => _.map(list, 'name')).value(),
  template: _.template('Hello <%= name %>!<% if (n > 1) { %> <%- mark %><% } %>')({ name: 'Ada', n: 2, mark: '<b>' }),
  kebab: _.kebabCase('fooBar Baz'),
  deep: _.isEqual(_.cloneDeep({ d: new Date(0), m: new Map([[1, { x: 2 }]]) }), { d: new Date(0), m: new Map([[1, { x: 2 }]]) }),
  range: _.range(0, 10, 3),
  zip: _.zipObject(['a', 'b'], [1, 2]),
  curry: _.curry((a, b, c) => a + b + c)(1)(2)(3),
}
