let seed = 42
const random = () => ((seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648)
const pick = (weights) => { let at = random() * Object.values(weights).reduce((a, b) => a + b); return Object.entries(weights).find(([, weight]) => (at -= weight) < 0)[0] }
console.log(Array.from({ length: 10 }, () => pick({ a: 1, b: 3 })).join(''))
