import { create, all } from 'mathjs'

const math = create(all, { randomSeed: 'seed' })
export default {
  evaluated: math.evaluate('sqrt(3^2 + 4^2) * 2 cm to mm').toString(),
  complex: math.evaluate('(2 + 3i) * (1 - i)').toString(),
  derived: math.derivative('x^2 + sin(x)', 'x').toString(),
  simplified: math.simplify('2x + 3x').toString(),
  det: math.det([[1, 2], [3, 4]]),
  inverse: math.inv([[2, 0], [0, 4]]),
  big: math.format(math.bignumber('0.1').plus('0.2')),
  fraction: math.format(math.add(math.fraction(1, 3), math.fraction(1, 6))),
  units: math.unit('5 km/h').toNumber('m/s').toFixed(6),
  random: math.random() < 1,
}
