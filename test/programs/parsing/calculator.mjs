const tokens = '3 + 4 * (2 - 1) / 2'.match(/\d+|[-+*/()]/g)
let at = 0
const factor = () => { const token = tokens[at++]; if (token === '(') { const value = sum(); at++; return value } return Number(token) }
const product = () => { let value = factor(); while ('*/'.includes(tokens[at] ?? ' ')) value = tokens[at++] === '*' ? value * factor() : value / factor(); return value }
const sum = () => { let value = product(); while ('+-'.includes(tokens[at] ?? ' ')) value = tokens[at++] === '+' ? value + product() : value - product(); return value }
export default sum()
