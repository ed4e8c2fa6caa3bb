import Big from 'big.js'

let byZero
try {
  Big(1).div(0)
} catch (error) {
  byZero = error.message
}
export default { sum: Big('0.1').plus('0.2').toString(), third: Big(1).div(3).toFixed(18), cmp: Big('1e30').cmp('1e29'), sqrt: Big(2).sqrt().toString(), round: Big('2.345').round(2, Big.roundHalfEven).toString(), byZero }
