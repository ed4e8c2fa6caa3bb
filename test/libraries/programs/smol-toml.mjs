import { parse, stringify } from 'smol-toml'

let broken
try {
  parse('a = [1')
} catch (error) {
  broken = error.line
}
export default { parsed: parse('title = "x"\n[owner]\nname = "Ada"\nwhen = 2026-01-02T03:04:05Z\n[[item]]\nn = 1_000\n[[item]]\nn = 0b11\n'), text: stringify({ a: { b: [1.5, 2] }, list: [{ x: 'y' }] }), broken }
