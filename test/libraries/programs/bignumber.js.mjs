import { BigNumber } from 'bignumber.js'

export default { sum: new BigNumber('0.1').plus('0.2').toString(), format: new BigNumber('1234567.891').toFormat(2), base: new BigNumber('ff.8', 16).toString(10), power: new BigNumber(2).pow(100).toFixed(), mod: new BigNumber(7).pow(50, 13).toNumber(), sqrt: new BigNumber(2).sqrt().toString(), random: BigNumber.random(10).lt(1) }
