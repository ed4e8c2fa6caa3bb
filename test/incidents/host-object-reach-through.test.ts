import { z } from 'zod'
import { describe, expect, it } from 'vitest'
import { defineTool } from '../../src/index.js'
import { useAttacks } from '../attacks/host.js'

const { attack } = useAttacks()

/** Sandboxes that share their host's heap were left by objects, errors and promises of the host that a guest came by. */
const grants = {
  tools: {
    echo: defineTool({ description: 'Gives back its input', input: z.any(), execute: (input) => input }),
    fail: defineTool({ description: 'Fails', input: z.any(), execute: () => { throw new TypeError('host') } }),
    late: defineTool({ description: 'Fails late', input: z.any(), execute: async () => { await Promise.resolve(); throw new RangeError('host') } }),
  },
}
const OWN = 'const reached = (value) => { const global = value?.constructor?.constructor?.("return globalThis")(); return global === undefined || global === globalThis ? "own" : "foreign" };'
const called = (...names: string[]): string[] => names.map((name) => `tool.call ${name} allowed`)

describe('host objects reached through what a sandbox hands out', () => {
  it.each<[string, string, unknown, string[]]>([
    ['constructor.constructor of a host function', 'return [reached(tools.echo), reached(tools.echo.bind), reached(console.log)]', ['own', 'own', 'own'], []],
    ['the error of a host function', 'try { await tools.fail(1) } catch (e) { return [reached(e), reached(e.constructor), typeof e.stack === "string"] }', ['own', 'own', true], called('fail')],
    ['an error of the host that comes late', 'try { await tools.late(1) } catch (e) { return reached(e) }', 'own', called('late')],
    ['an error of the engine', 'try { new Array(-1) } catch (e) { return reached(e) }', 'own', []],
    ['Error.prepareStackTrace', 'let frames = []; Error.prepareStackTrace = (e, f) => { frames = f; return "" }; try { await tools.fail(1) } catch (e) { void e.stack } new Error().stack; return [frames.every?.((f) => reached(f.getThis?.()) === "own" && reached(f.getFunction?.()) === "own") ?? true]', [true], called('fail')],
    ['the species of promises', 'let seen = []; class P extends Promise { constructor(f) { super((a, b) => { seen.push(reached(a), reached(b), reached(f)); f(a, b) }) } static get [Symbol.species]() { return P } } const p = tools.echo(1); p.constructor = P; await p.then((v) => seen.push(reached(v))); return [...new Set(seen)]', ['own'], called('echo')],
    ['a then that was replaced', 'let seen = []; const then = Promise.prototype.then; Promise.prototype.then = function (...a) { seen.push(reached(this), ...a.map(reached)); return then.apply(this, a) }; await tools.echo(1).then(() => {}); await (async () => 1)(); return [...new Set(seen)]', ['own'], called('echo')],
    ['a Promise that was replaced', 'const P = Promise; globalThis.Promise = class extends P { constructor(f) { super(f); globalThis.met = reached(f) } }; return [reached(await tools.echo({ a: 1 })), globalThis.met ?? "own"]', ['own', 'own'], called('echo')],
    ['the species of arrays', 'class A extends Array { static get [Symbol.species]() { return function (n) { globalThis.met = reached(n); return [] } } } Array.prototype.constructor = A; const v = await tools.echo([1, 2]); return [reached(v.map((x) => x)), reached(v)]', ['own', 'own'], called('echo')],
    ['asynchronous generators and their return', 'async function* g() { try { yield tools.echo(1) } finally { await tools.echo(2) } } const seen = []; for await (const v of g()) { seen.push(reached(v)); break } const it = g(); seen.push(reached(await it.return({ then(ok) { seen.push(reached(ok)); ok(1) } }))); return [...new Set(seen)]', ['own'], called('echo', 'echo')],
    ['arguments.callee.caller', 'function f() { try { return reached(f.caller ?? arguments.callee.caller) } catch { return "own" } } return [[1].map(f)[0], await new Promise((ok) => setTimeout(() => ok(f())))]', ['own', 'own'], []],
    ['a getter of a thrown value', 'let seen = "own"; try { await tools.echo({ toString() { seen = reached(this) } }) } catch (e) { return [reached(e), seen] }', ['own', 'own'], []],
    ['Function through a proxy of a host function', 'const p = new Proxy(tools.echo, { apply(t, self, args) { return [reached(t), reached(self), reached(args)] } }); return p(1)', ['own', 'own', 'own'], []],
    ['inspection with a custom function', 'let seen = []; console.log({ [Symbol.for("nodejs.util.inspect.custom")](d, o, i) { seen.push(reached(o), reached(i)); return "" } }); return [...new Set(seen)]', ['own'], []],
    ['WebAssembly', 'return typeof WebAssembly', 'undefined', []],
  ])('%s', async (_name, source, value, ledger) => {
    const ending = await attack(OWN + source, { value, ledger }, { grants })
    expect(ending.usage.hostCalls).toBe(ledger.length)
  })
})
