import * as R from 'ramda'

const people = [{ name: 'Ada', age: 36, at: { city: 'Ulm' } }, { name: 'Bo', age: 41, at: { city: 'Ghent' } }]
export default {
  names: R.pipe(R.sort(R.descend(R.prop('age'))), R.pluck('name'))(people),
  cities: R.map(R.path(['at', 'city']), people),
  lens: R.over(R.lensPath(['at', 'city']), R.toUpper, people[0]),
  grouped: R.groupBy((n) => (n % 2 ? 'odd' : 'even'), R.range(1, 6)),
  transduced: R.into([], R.compose(R.filter((n) => n > 2), R.map((n) => n * n)), [1, 2, 3, 4]),
  equal: R.equals({ a: [1, { b: 2 }] }, { a: [1, { b: 2 }] }),
  merged: R.mergeDeepRight({ a: { x: 1 } }, { a: { y: 2 } }),
}
