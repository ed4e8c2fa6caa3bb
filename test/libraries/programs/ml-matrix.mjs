import { CholeskyDecomposition, EigenvalueDecomposition, Matrix, SingularValueDecomposition, inverse, solve } from 'ml-matrix'

const round = (list) => list.map((n) => n.toFixed(8))
const a = new Matrix([[4, 1], [2, 3]])
export default { product: a.mmul(Matrix.eye(2)).to2DArray(), inverse: inverse(a).to2DArray().map(round), solved: round(solve(a, Matrix.columnVector([1, 2])).to1DArray()), eigen: round(new EigenvalueDecomposition(a).realEigenvalues), singular: round(new SingularValueDecomposition(a).diagonal), lower: new CholeskyDecomposition(new Matrix([[4, 2], [2, 3]])).lowerTriangularMatrix.to2DArray().map(round), sums: a.sum('row'), text: a.transpose().toString().split('\n')[0] }
