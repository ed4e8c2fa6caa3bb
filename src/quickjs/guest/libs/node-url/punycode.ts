const BASE = 36
const [T_MIN, T_MAX, SKEW, DAMP, FIRST_BIAS, FIRST] = [1, 26, 38, 700, 72, 128] as const
const DOTS = /[.\u3002\uff0e\uff61]/g

const adapt = (delta: number, points: number, isFirst: boolean): number => {
  let value = isFirst ? Math.floor(delta / DAMP) : delta >> 1
  value += Math.floor(value / points)
  let k = 0
  for (; value > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) value = Math.floor(value / (BASE - T_MIN))
  return k + Math.floor(((BASE - T_MIN + 1) * value) / (value + SKEW))
}
const threshold = (k: number, bias: number): number => (k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias)
const digitOf = (code: number): number => (code >= 48 && code < 58 ? code - 22 : code >= 65 && code < 91 ? code - 65 : code >= 97 && code < 123 ? code - 97 : BASE)
const toDigit = (value: number): string => String.fromCharCode(value < 26 ? value + 97 : value + 22)
const overflow = (): RangeError => new RangeError('Overflow: input needs wider integers to process')

const decode = (input: string): string => {
  const basic = Math.max(input.lastIndexOf('-'), 0)
  const points = [...input.slice(0, basic)].map((character) => {
    if (character.charCodeAt(0) >= 0x80) throw new RangeError('Illegal input >= 0x80 (not a basic code point)')
    return character.charCodeAt(0)
  })
  let [n, i, bias] = [FIRST as number, 0, FIRST_BIAS as number]
  for (let at = basic > 0 ? basic + 1 : 0; at < input.length; ) {
    const before = i
    for (let weight = 1, k = BASE; ; k += BASE) {
      if (at >= input.length) throw new RangeError('Invalid input')
      const digit = digitOf(input.charCodeAt(at++))
      if (digit >= BASE) throw new RangeError('Invalid input')
      i += digit * weight
      if (i > 0x7fffffff) throw overflow()
      const t = threshold(k, bias)
      if (digit < t) break
      weight *= BASE - t
    }
    const count = points.length + 1
    bias = adapt(i - before, count, before === 0)
    n += Math.floor(i / count)
    i %= count
    if (n > 0x10ffff) throw overflow()
    points.splice(i++, 0, n)
  }
  return String.fromCodePoint(...points)
}

const encode = (input: string): string => {
  const points = [...input].map((character) => character.codePointAt(0)!)
  const basic = points.filter((point) => point < 0x80)
  let output = String.fromCodePoint(...basic)
  let handled = basic.length
  if (handled > 0) output += '-'
  let [n, delta, bias] = [FIRST as number, 0, FIRST_BIAS as number]
  while (handled < points.length) {
    const next = points.reduce((least, point) => (point >= n && point < least ? point : least), 0x7fffffff)
    delta += (next - n) * (handled + 1)
    if (delta > 0x7fffffff) throw overflow()
    n = next
    for (const point of points) {
      if (point < n) delta++
      if (point !== n) continue
      let q = delta
      for (let k = BASE; ; k += BASE) {
        const t = threshold(k, bias)
        if (q < t) break
        output += toDigit(t + ((q - t) % (BASE - t)))
        q = Math.floor((q - t) / (BASE - t))
      }
      output += toDigit(q)
      bias = adapt(delta, handled + 1, handled === basic.length)
      delta = 0
      handled++
    }
    delta++
    n++
  }
  return output
}

const mapLabels = (domain: string, change: (label: string) => string): string => {
  const at = domain.lastIndexOf('@')
  return domain.slice(0, at + 1) + domain.slice(at + 1).replace(DOTS, '.').split('.').map(change).join('.')
}

/** Node's `punycode`. RFC 3492. */
export const createPunycode = () => ({
  version: '2.1.0',
  ucs2: {
    decode: (text: string): number[] => [...text].map((character) => character.codePointAt(0)!),
    encode: (points: readonly number[]): string => String.fromCodePoint(...points),
  },
  decode,
  encode,
  toASCII: (domain: string): string => mapLabels(domain, (label) => (/[^\0-\x7f]/.test(label) ? `xn--${encode(label)}` : label)),
  toUnicode: (domain: string): string => mapLabels(domain, (label) => (label.startsWith('xn--') ? decode(label.slice(4).toLowerCase()) : label)),
})
