/** One program whose last expression is a number or a string; both arms must agree on it. */
export interface Kernel {
  readonly name: string
  readonly source: string
}

/** Work of many kinds: the interpreter's own loop, native loops, recursion without any loop. */
export const KERNELS: readonly Kernel[] = [
  {
    name: 'interpreter',
    source: `(() => { let a = 0; for (let i = 0; i < 3e6; i++) { a = (a * 31 + i) | 0; if (a & 1) a ^= i } return a })()`,
  },
  {
    name: 'recursion',
    source: `(() => { const fib = (n) => n < 2 ? n : fib(n - 1) + fib(n - 2); return fib(25) })()`,
  },
  {
    name: 'objects',
    source: `(() => { let s = 0; for (let i = 0; i < 2e5; i++) { const o = { a: i, b: i + 1, c: [i] }; s += o.a + o.b + o.c[0] } return s })()`,
  },
  {
    name: 'property',
    source: `(() => { class P { constructor(x) { this.x = x } get y() { return this.x } m(d) { this.x += d; return this } }
      const p = new P(1); let s = 0; for (let i = 0; i < 4e5; i++) { p.m(1); s += p.y } return s })()`,
  },
  {
    name: 'closures',
    source: `(() => { const xs = Array.from({ length: 5e4 }, (_, i) => i); let s = 0
      for (let k = 0; k < 4; k++) s += xs.map((x) => x * 2).filter((x) => x % 3 === 0).reduce((a, b) => a + b, 0); return s })()`,
  },
  {
    name: 'regexp',
    source: `(() => { const t = 'the quick brown fox, 2026-11-22, jumps over <a@b.example> '.repeat(400); let n = 0
      for (let i = 0; i < 6; i++) { n += t.match(/\\d{4}-\\d\\d-\\d\\d/g).length; n += t.replace(/([a-z]+)@([a-z.]+)/g, '$2').length; n += t.split(/[,\\s]+/).length } return n })()`,
  },
  {
    name: 'json',
    source: `(() => { const v = Array.from({ length: 1500 }, (_, i) => ({ id: i, name: 'item ' + i, tags: ['a', 'b'], price: i / 7 })); let n = 0
      for (let i = 0; i < 8; i++) n += JSON.stringify(JSON.parse(JSON.stringify(v))).length; return n })()`,
  },
  {
    name: 'bigint',
    source: `(() => { let a = 3n; for (let i = 0; i < 11; i++) a = a * a + 7n; const m = (1n << 521n) - 1n; let b = 2n
      for (let i = 0; i < 3000; i++) b = (b * b + a) % m; return Number(b & 0xffffffffn) })()`,
  },
  {
    name: 'sort',
    source: `(() => { let x = 1; const xs = Array.from({ length: 4e4 }, () => (x = (x * 1103515245 + 12345) & 0x7fffffff))
      const s = xs.slice().sort((a, b) => a - b); return s[100] + s.map(String).sort()[200].length })()`,
  },
  {
    name: 'strings',
    source: `(() => { let s = ''; for (let i = 0; i < 1e5; i++) s += String.fromCharCode(97 + i % 26); let n = 0
      for (let i = 0; i < 60; i++) n += s.indexOf('zab' + 'c'.repeat(i % 3) + '!') + s.toUpperCase().length + s.split('m').length; return n })()`,
  },
  {
    name: 'native search',
    source: `(() => { const a = 'a'.repeat(3e4), b = 'a'.repeat(3e3) + 'b'; let n = 0; for (let i = 0; i < 2; i++) n += a.indexOf(b); return n })()`,
  },
  {
    name: 'float',
    source: `(() => { let s = 0; for (let i = 1; i < 6e5; i++) s += Math.sqrt(i) * Math.sin(i) / (i + 0.5); return Math.round(s * 1e6) })()`,
  },
  {
    name: 'typed arrays',
    source: `(() => { const n = 3e5; const a = new Float64Array(n), b = new Uint8Array(n); for (let i = 0; i < n; i++) { a[i] = i * 0.5; b[i] = i }
      let s = 0; for (let k = 0; k < 2; k++) for (let i = 0; i < n; i++) s += a[i] + b[i]; return a.fill(1).indexOf(2) + b.reverse()[7] + s })()`,
  },
  {
    name: 'collections',
    source: `(() => { const m = new Map(), s = new Set(); for (let i = 0; i < 1e5; i++) { m.set('k' + i % 5000, i); s.add(i * 7 % 3001) }
      let n = 0; for (const [, v] of m) n += v; return n + s.size })()`,
  },
  {
    name: 'parser',
    source: `(() => { let t = ''; for (let i = 0; i < 400; i++) t += 'function f' + i + '(a, b) { if (a > b) { return [a, b, {x: a + b * ' + i + '}] } else return f' + i + '(b, a) }\\n'
      let n = 0; for (let i = 0; i < 6; i++) n += typeof (0, eval)(t + '; f1'); return n.length })()`,
  },
  {
    name: 'generators',
    source: `(() => { function* g(n) { for (let i = 0; i < n; i++) yield i } let s = 0; for (const x of g(3e5)) s += x; return s })()`,
  },
]
