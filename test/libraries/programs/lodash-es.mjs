import { chunk, debounce, get, groupBy, merge, orderBy, set, sumBy, uniqBy, words } from 'lodash-es'

const orders = [{ who: 'Ada', sum: 12 }, { who: 'Bo', sum: 7 }, { who: 'Ada', sum: 5 }]
export default {
  groups: Object.entries(groupBy(orders, 'who')).map(([who, list]) => [who, sumBy(list, 'sum')]),
  ordered: orderBy(orders, ['who', 'sum'], ['asc', 'desc']),
  chunks: chunk([1, 2, 3, 4, 5], 2),
  merged: merge({ a: { b: 1 } }, { a: { c: [1, 2] } }),
  set: set({}, 'a[0].b', 3),
  got: get({ a: [{ b: 4 }] }, 'a[0].b'),
  uniq: uniqBy([2.1, 1.2, 2.3], Math.floor),
  words: words('fred, barney & pebbles'),
  debounced: typeof debounce(() => 1, 5).cancel,
}
