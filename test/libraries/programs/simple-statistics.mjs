import * as ss from 'simple-statistics'

const values = [2, 4, 4, 4, 5, 5, 7, 9]
const line = ss.linearRegression([[0, 1], [1, 3], [2, 5.5]])
export default { mean: ss.mean(values), sd: ss.standardDeviation(values), mode: ss.mode(values), q: ss.quantile(values, [0.25, 0.75]), line: [line.m.toFixed(9), line.b.toFixed(9)], r: ss.sampleCorrelation([1, 2, 3], [1, 2, 4]).toFixed(9), t: ss.tTest(values, 5).toFixed(9), jenks: ss.jenks([1, 2, 4, 5, 7, 9, 10, 20], 3), ck: ss.ckmeans([-1, 2, -1, 2, 4, 5, 6, -1, 2, -1], 3) }
