const amounts = ['123456789012345678901234567890', '987654321098765432109876543210']
const total = amounts.map(BigInt).reduce((a, b) => a + b)
console.log(total, `${total / 3n} rest ${total % 3n}`, typeof total)
