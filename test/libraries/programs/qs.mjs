import qs from 'qs'

export default { parsed: qs.parse('a[b][]=1&a[b][]=2&c=d%20e&f.g=3', { allowDots: true }), text: qs.stringify({ a: { b: [1, 2] }, c: null, d: undefined, e: 'x y', when: new Date(0) }), comma: qs.stringify({ a: ['x', 'y'] }, { arrayFormat: 'comma', encode: false }), deep: qs.parse('a[b][c][d][e][f][g]=1'), limited: Object.keys(qs.parse('a=1&b=2&c=3', { parameterLimit: 2 })), none: qs.parse('__proto__[x]=1') }
