import { scaleBand, scaleLinear, scaleLog, scaleOrdinal, scaleQuantize, scaleUtc } from 'd3-scale'

const linear = scaleLinear([0, 100], ['#f00', '#00f'])
export default { at: linear(25), nice: scaleLinear([0.13, 9.87], [0, 1]).nice().domain(), ticks: scaleLinear([0, 1e6], [0, 1]).ticks(4).map(scaleLinear([0, 1e6]).tickFormat(4, 's')), log: scaleLog([1, 1000], [0, 3])(100).toFixed(9), band: scaleBand(['a', 'b', 'c'], [0, 90]).padding(0.1).bandwidth(), ordinal: scaleOrdinal(['x', 'y'], [1, 2])('y'), quantize: scaleQuantize([0, 10], ['lo', 'mid', 'hi'])(5), utc: scaleUtc([new Date(0), new Date(864e5)], [0, 1]).ticks(4).map((one) => one.toISOString()) }
