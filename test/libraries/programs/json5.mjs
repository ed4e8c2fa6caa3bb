import JSON5 from 'json5'

let broken
try {
  JSON5.parse('{a:}')
} catch (error) {
  broken = [error.name, error.message]
}
export default { parsed: JSON5.parse("{ // note\n unquoted: 'single', hex: 0xFF, half: .5, list: [1,], multi: 'a\\\nb' }"), text: JSON5.stringify({ a: 1, 'b-c': ["it's"] }, null, 2), broken }
