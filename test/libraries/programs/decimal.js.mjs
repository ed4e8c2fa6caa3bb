import { Decimal } from 'decimal.js'

const Exact = Decimal.clone({ precision: 50, rounding: Decimal.ROUND_HALF_EVEN })
export default {
  sum: new Decimal('0.1').plus('0.2').toString(),
  root: new Exact(2).sqrt().toFixed(45),
  power: new Exact('1.0000001').pow(1000).toString(),
  exp: Exact.exp(1).toString(),
  fixed: new Decimal('1234.5675').toDecimalPlaces(3, Decimal.ROUND_DOWN).toString(),
  fraction: new Decimal('0.375').toFraction().map(String),
  hex: new Decimal(255).toHexadecimal(),
}
