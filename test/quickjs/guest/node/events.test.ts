import { describe, it } from 'vitest'
import { useSame } from './same.js'

const same = useSame()
const setup = `const EventEmitter = require('node:events')
const make = () => { const e = new EventEmitter(), seen = []; return { e, seen, see: (name) => function (...args) { seen.push([name, ...args, this === e]) } } }`

describe('node:events', () => {
  it('emits in order, once, first and last, as Node does', async () => {
    await same(setup, [
      "(() => { const { e, seen, see } = make(); e.on('a', see(1)).once('a', see(2)).prependListener('a', see(3)).prependOnceListener('a', see(4)); return [e.emit('a', 5, 6), e.emit('a'), e.emit('b'), seen] })()",
      "(() => { const { e, seen, see } = make(); const f = see(1); e.on('a', f).on('a', f); e.off('a', f); e.emit('a'); e.removeListener('a', f).removeListener('x', f); return [seen, e.eventNames(), e.listenerCount('a')] })()",
      "(() => { const { e, seen, see } = make(); const f = see(1); e.once('a', f); return [e.listeners('a')[0] === f, e.rawListeners('a')[0] === f, e.rawListeners('a')[0].listener === f] })()",
      "(() => { const { e, seen } = make(); e.on('newListener', (t) => seen.push(['new', t])); e.on('removeListener', (t) => seen.push(['gone', t])); const f = () => {}; e.on('a', f); e.once('b', f); e.emit('b'); e.off('a', f); e.on('c', f); e.removeAllListeners(); return [seen, e.eventNames()] })()",
      "(() => { const { e, seen, see } = make(); e.on('a', () => { e.on('a', see('late')); e.removeAllListeners('a') }); e.on('a', see('still')); e.emit('a'); e.emit('a'); return seen })()",
      "(() => { const { e } = make(); const s = Symbol('s'); e.on(s, () => {}); e.on('x', () => {}); return e.eventNames().map(String) })()",
      "(() => { const { e } = make(); e.setMaxListeners(3); return [e.getMaxListeners(), EventEmitter.defaultMaxListeners] })()",
      "new EventEmitter().setMaxListeners(-1)", "new EventEmitter().on('a', 5)", "new EventEmitter().on('a')", "new EventEmitter().off('a', null)",
    ])
  })

  it('fails on errors that nobody hears', async () => {
    await same(setup, [
      "new EventEmitter().emit('error', Object.assign(new RangeError('boom'), { code: 'OURS' }))", "new EventEmitter().emit('error', 'text')", "new EventEmitter().emit('error', { a: 1 })", "new EventEmitter().emit('error')",
      "(() => { const { e, seen, see } = make(); e.on(EventEmitter.errorMonitor, see('monitor')); try { e.emit('error', new Error('x')) } catch (x) { seen.push(x.message) } return seen.map((s) => String(s)) })()",
      "(async () => { const e = new EventEmitter({ captureRejections: true }); e.on('a', async () => { throw new Error('later') }); const seen = new Promise((done) => e.on('error', done)); e.emit('a'); return (await seen).message })()",
    ])
  })

  it('is inherited in both ways', async () => {
    await same(setup, [
      "(() => { class A extends EventEmitter { go() { return this.emit('x', 1) } } const a = new A(); let got; a.on('x', (v) => { got = v }); return [a.go(), got, a instanceof EventEmitter] })()",
      "(() => { function A() { EventEmitter.call(this) } require('util').inherits(A, EventEmitter); const a = new A(); let got; a.on('x', (v) => { got = v }); a.emit('x', 2); return [got, A.super_ === EventEmitter] })()",
      "(() => { const a = Object.assign({}, EventEmitter.prototype); let got; a.on('x', (v) => { got = v }); a.emit('x', 3); return got })()",
      '[EventEmitter.EventEmitter === EventEmitter, EventEmitter.name, EventEmitter.length, typeof EventEmitter.once, EventEmitter.usingDomains]', 'Object.keys(new EventEmitter())',
    ])
  })

  it('waits for events', async () => {
    await same(setup, [
      "(() => { const e = new EventEmitter(); const p = EventEmitter.once(e, 'x'); e.emit('x', 1, 2); return p })()",
      "(() => { const e = new EventEmitter(); const p = EventEmitter.once(e, 'x'); e.emit('error', Object.assign(new Error('no'), { code: 'OURS' })); return p })()",
      "(async () => { const e = new EventEmitter(); setTimeout(() => { e.emit('x', 1); e.emit('x', 2); e.emit('end') }, 1); const seen = []; for await (const [v] of EventEmitter.on(e, 'x', { close: ['end'] })) seen.push(v); return [seen, e.listenerCount('x')] })()",
      "(async () => { const e = new EventEmitter(); e.on('error', () => {}); setTimeout(() => e.emit('error', new Error('bad')), 1); for await (const v of EventEmitter.on(e, 'x')) throw v })()",
      "(async () => { const c = new AbortController(); c.abort(); await EventEmitter.once(new EventEmitter(), 'x', { signal: c.signal }) })()",
      "(async () => { const c = new AbortController(); setTimeout(() => c.abort(), 1); await EventEmitter.once(new EventEmitter(), 'x', { signal: c.signal }) })()",
      "EventEmitter.getEventListeners(new EventEmitter().on('a', () => {}), 'a').length", "EventEmitter.listenerCount(new EventEmitter().on('a', () => {}), 'a')",
    ])
  })
})
