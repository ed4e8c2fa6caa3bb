import { ascending, bin, bisect, cumsum, deviation, extent, group, index, mean, median, quantile, rollup, ticks } from 'd3-array'

const data = [['a', 3], ['b', 1], ['a', 5], ['c', 9]]
const values = data.map(([, n]) => n)
export default {
  extent: extent(values), mean: mean(values), median: median(values), q: quantile(values, 0.25), sd: deviation(values).toFixed(10),
  rollup: [...rollup(data, (list) => list.length, ([name]) => name)],
  group: [...group(data, ([name]) => name).get('a')],
  index: index(data.slice(1), ([name]) => name).get('c'),
  bins: bin().thresholds(3)(values).map((one) => [one.x0, one.x1, one.length]),
  ticks: ticks(0, 1, 5), sums: [...cumsum(values)], at: bisect(values.toSorted(ascending), 4),
}
