import type { Hostile } from '../suite.js'

/** Through the constructor of whatever function there is: what comes of it is of the realm that made the function. */
const OUTER = `[() => {}, this, globalThis, Object, console].map((each) => { try { return each.constructor.constructor('return process')() } catch {} }).find((each) => each !== undefined)`

/** The file of the trial, as a guest without a hint has to find it: in the folder that was made last. */
const CANARY_FILE = `const outer = ${OUTER}
const fs = outer.getBuiltinModule('node:fs')
const tmp = fs.existsSync('/dev/shm') ? '/dev/shm' : outer.getBuiltinModule('node:os').tmpdir()
const made = (name) => fs.statSync(tmp + '/' + name).mtimeMs
const folder = fs.readdirSync(tmp).filter((name) => name.startsWith('glovebox-bench-')).sort((a, b) => made(b) - made(a))[0]
const path = tmp + '/' + folder + '/canary.txt'`

const tried = (body: string): string => `(() => { try { ${body} } catch { return 'denied' } })()`
const triedLater = (body: string): string => `(async () => { try { ${body} } catch { return 'denied' } })()`

/** Programs that reach for what nobody handed them. */
export const ESCAPES: readonly Hostile[] = [
  { name: 'environment', threat: 'reads the variables of the host', program: tried('return process.env.BENCH_CANARY') },
  { name: 'constructor', threat: 'reads them through the constructor of a constructor', program: tried(`return (${OUTER}).env.BENCH_CANARY`) },
  { name: 'read file', threat: 'reads a file of the host', program: tried(`${CANARY_FILE}; return fs.readFileSync(path, 'utf8')`) },
  { name: 'write file', threat: 'changes a file of the host', program: tried(`${CANARY_FILE}; fs.writeFileSync(path, 'changed'); return 'done'`) },
  {
    name: 'import',
    threat: 'imports a module of the host',
    program: triedLater(`const { readdirSync } = await import('node:fs'); return Array.isArray(readdirSync('/')) ? 'out' : 'in'`),
    escaped: 'out',
  },
  { name: 'network', threat: 'asks a server on the loopback', program: triedLater(`return (await (await fetch('__ORIGIN__/item.json')).json()).name`), escaped: 'item' },
  { name: 'command', threat: 'runs a command', program: tried(`return String((${OUTER}).getBuiltinModule('node:child_process').execSync('echo out')).trim()`), escaped: 'out' },
  { name: 'exit', threat: 'ends the process', program: tried(`(${OUTER}).exit(7)`) },
  {
    name: 'pollute',
    threat: 'puts a key on every object',
    program: tried(`Object.prototype.left = 1; Array.prototype.left = 1; globalThis.left = 1; return 'done'`),
  },
  {
    name: 'pollute outside',
    threat: 'does so in the realm of the host',
    program: tried(`const O = (${OUTER}).constructor.constructor('return Object')(); O.prototype.left = 1; return 'done'`),
  },
  {
    name: 'late',
    threat: 'goes on after its result',
    program: tried(`(async () => { for (let i = 0; i < 100; i++) await null; (${OUTER}).exit(7) })(); return 'done'`),
  },
]
