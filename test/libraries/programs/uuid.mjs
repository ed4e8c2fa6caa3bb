import { NIL, parse, stringify, v1, v3, v4, v5, v7, validate, version } from 'uuid'

export default {
  v3: v3('example.test', v3.DNS),
  v5: v5('https://example.test/', v5.URL),
  fixed: v4({ random: new Uint8Array(16).fill(9) }),
  v7: v7({ msecs: 1_790_000_000_000, random: new Uint8Array(16).fill(3), seq: 5 }),
  kinds: [v1(), v4(), v7()].map((id) => [validate(id), version(id)]),
  bytes: [...parse('6ba7b810-9dad-11d1-80b4-00c04fd430c8')].slice(0, 4),
  text: stringify(parse('6ba7b810-9dad-11d1-80b4-00c04fd430c8')),
  nil: NIL,
  distinct: v4() !== v4(),
}
