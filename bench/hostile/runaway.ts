import type { Hostile } from '../suite.js'

/** Programs that never come to an end, or only with all the memory or stack there is. */
export const RUNAWAYS: readonly Hostile[] = [
  { name: 'loop', threat: 'an empty loop', program: '(() => { for (;;); })()' },
  {
    name: 'finally',
    threat: 'a loop that takes up whatever is thrown at it',
    program: '(() => { for (;;) { try { for (;;); } catch {} finally { continue } } })()',
  },
  { name: 'native loop', threat: 'one call of a native function that never returns', program: 'Array.prototype.reverse.call({ length: 2 ** 53 - 1 })' },
  { name: 'native search', threat: 'one call of a native function that takes minutes', program: '"a".repeat(4e5).indexOf("a".repeat(2e5) + "b")' },
  { name: 'regexp', threat: 'backtracking without end', program: '/^(a+)+$/.test("a".repeat(60) + "b")' },
  {
    name: 'bigint',
    threat: 'arithmetic on numbers of 16 million bits',
    program: '(() => { let n = (1n << 16_000_000n) - 1n; for (;;) n = (n * n) >> 16_000_000n })()',
  },
  { name: 'sort', threat: 'a sort without end, and without a function of the guest', program: 'Array.prototype.sort.call({ length: 2 ** 53 - 1 })' },
  {
    name: 'json',
    threat: 'text of a graph with 2^60 paths',
    program: '(() => { let node = {}; for (let i = 0; i < 60; i++) node = { a: node, b: node }; return JSON.stringify(node).length })()',
  },
  {
    name: 'microtasks',
    threat: 'promise jobs that make promise jobs',
    program: 'new Promise(() => { const next = () => Promise.resolve().then(next); next() })',
  },
  { name: 'await', threat: 'an asynchronous loop', program: '(async () => { for (;;) await null })()' },
  {
    name: 'swallow',
    threat: 'a loop in an asynchronous function, whose end is only a rejection to it',
    program: '(async () => { for (;;) { try { await (async () => { for (;;); })() } catch {} } })()',
  },
  { name: 'thenables', threat: 'a promise of itself', program: '(async () => { const endless = { then(resolve) { resolve(endless) } }; await endless })()' },
  {
    name: 'promise flood',
    threat: 'promises until memory is out',
    program: '(async () => { const all = []; for (;;) all.push(Promise.resolve(all.length).then((n) => n + 1)) })()',
  },
  {
    name: 'array bomb',
    threat: 'arrays until memory is out',
    program: '(() => { const all = []; for (;;) all.push(new Array(10_000).fill(all.length)) })()',
  },
  {
    name: 'string bomb',
    threat: 'strings until memory is out',
    program: '(() => { const all = []; for (;;) all.push(new Array(1 << 20).join("x") + all.length) })()',
  },
  {
    name: 'buffer bomb',
    threat: 'buffers until memory is out, which some heaps do not count',
    program: '(() => { const all = []; for (;;) all.push(new Uint8Array(1 << 24).fill(1)) })()',
  },
  { name: 'recursion', threat: 'a function that calls itself', program: '(() => { const down = () => down() + 1; return down() })()' },
  {
    name: 'caught recursion',
    threat: 'recursion that goes on wherever the stack was out',
    program: '(() => { const down = () => { try { down() } catch { down() } }; down() })()',
  },
  {
    name: 'deep json',
    threat: 'brackets nested deeper than any stack',
    program: 'JSON.parse("[".repeat(5e6) + "]".repeat(5e6)).length',
  },
  {
    name: 'deep proxy',
    threat: 'a property behind 200 000 proxies',
    program: '(() => { let proxy = {}; for (let i = 0; i < 2e5; i++) proxy = new Proxy(proxy, {}); return proxy.x })()',
  },
  {
    name: 'asleep',
    threat: 'a thread that waits for nobody',
    program: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
  },
  { name: 'getter result', threat: 'a result that loops when it is read', program: '({ get value() { for (;;); } })' },
  { name: 'thenable result', threat: 'a result that loops when it is awaited', program: '({ then() { for (;;); } })' },
  { name: 'sparse result', threat: 'a result with four thousand million holes', program: '(() => { const list = []; list.length = 2 ** 32 - 1; return list })()' },
]
