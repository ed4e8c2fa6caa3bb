import { buildSchema, graphql, parse, print, printSchema, validate } from 'graphql'

const schema = buildSchema('type Query { person(id: ID!): Person, count: Int! } type Person { name: String!, friends: [Person!]! }')
const people = { 1: { name: 'Ada', friends: () => [people[2]] }, 2: { name: 'Bo', friends: [] } }
const rootValue = { person: ({ id }) => people[id], count: () => Promise.resolve(2) }
export default { data: (await graphql({ schema, rootValue, source: 'query($id: ID!) { person(id: $id) { name friends { name } } count }', variableValues: { id: '1' } })).data, errors: validate(schema, parse('{ person { age } }')).map(({ message }) => message), printed: print(parse('{a(x:1){b}}')), schema: printSchema(schema).length }
