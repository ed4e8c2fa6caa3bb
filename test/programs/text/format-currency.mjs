const format = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'EUR' })
console.log([1234.5, 0, -3.999].map((amount) => format.format(amount)), (0.1 + 0.2).toFixed(2), (1234567.891).toLocaleString())
