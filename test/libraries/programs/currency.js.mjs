import currency from 'currency.js'

export default { sum: currency('0.1').add(0.2).value, format: currency(1234567.891, { symbol: '€', separator: '.', decimal: ',', pattern: '# !' }).format(), shares: currency(100).distribute(3).map(String), cents: currency('($5.99)').intValue }
