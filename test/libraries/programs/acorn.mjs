import { parse, tokenizer } from 'acorn'

const source = 'export const add = async (a, b = 2) => { for await (const x of a) yieldTo?.(x ?? b) }'
const names = []
const walk = (node) => {
  if (node === null || typeof node !== 'object') return
  if (node.type === 'Identifier') names.push(node.name)
  for (const value of Object.values(node)) walk(value)
}
const tree = parse(source, { ecmaVersion: 'latest', sourceType: 'module', locations: true })
walk(tree)
let broken
try {
  parse('let a = ;', { ecmaVersion: 2022 })
} catch (error) {
  broken = [error.name, error.message, error.loc.column]
}
export default { type: tree.body[0].type, end: tree.loc.end.column, names, tokens: [...tokenizer('a + 1.5', { ecmaVersion: 2022 })].map(({ type }) => type.label), broken }
