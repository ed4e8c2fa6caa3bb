import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type BenchChild, type Children, createChildren } from '../../bench/children.js'

let folder = ''
let children: Children | undefined
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-children-'))
})
afterEach(() => {
  children?.[Symbol.dispose]()
  rmSync(folder, { recursive: true })
})

function start(source: string, cpuSeconds = 60): BenchChild<unknown> {
  const entry = join(folder, 'entry.mjs')
  writeFileSync(entry, `import { spawn } from 'node:child_process'\n${source}\nprocess.on('message', () => {})`)
  children = createChildren(entry)
  return children.start({ role: 'test', request: (own) => ({ own }), cpuSeconds, env: { EXTRA: 'yes' }, nodeFlags: ['--expose-gc'] })
}

async function isGone(pid: number): Promise<boolean> {
  const isAlive = (): boolean => {
    try {
      process.kill(pid, 0)
      // An ended process that nobody has collected still has a number.
      return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
    } catch {
      return false
    }
  }
  for (let i = 0; i < 200 && isAlive(); i++) await new Promise((resolve) => setTimeout(resolve, 10))
  return !isAlive()
}

const GRANDCHILD = `const grandchild = spawn('sleep', ['60'], { stdio: 'ignore' })\nprocess.send(grandchild.pid)`

describe('createChildren()', () => {
  it('starts a process with its request, flags, variables and a directory', async () => {
    const child = start(`process.send([process.argv[2], JSON.parse(process.argv[3]), process.env.EXTRA, typeof gc, process.pid])`)
    const [role, { own }, extra, gc, pid] = (await child.next(10_000)) as [string, { own: string }, string, string, number]
    expect([role, extra, gc, pid]).toEqual(['test', 'yes', 'function', child.pid])
    writeFileSync(join(own, 'file'), 'left behind')
    child[Symbol.dispose]()
    expect(() => readFileSync(join(own, 'file'))).toThrow('ENOENT')
  })

  it('keeps messages in order until they are asked for', async () => {
    const child = start(`process.send(1); process.send(2); process.send(3)`)
    expect([await child.next(10_000), await child.next(10_000), await child.next(10_000)]).toEqual([1, 2, 3])
  })

  it('ends what a process started together with it', async () => {
    const child = start(GRANDCHILD)
    const grandchild = (await child.next(10_000)) as number
    child[Symbol.dispose]()
    expect(await isGone(grandchild)).toBe(true)
    expect(await isGone(child.pid)).toBe(true)
  })

  it('ends what a process started when that ends by itself', async () => {
    const child = start(`${GRANDCHILD}\nsetTimeout(() => process.exit(4), 50)`)
    const grandchild = (await child.next(10_000)) as number
    await expect(child.next(10_000)).rejects.toThrow('ended by exit code 4')
    expect(await isGone(grandchild)).toBe(true)
  })

  it('ends all processes that are alive when it is disposed', async () => {
    const child = start(`process.send(process.pid); setInterval(() => {}, 1000)`)
    const pid = (await child.next(10_000)) as number
    children![Symbol.dispose]()
    expect(await isGone(pid)).toBe(true)
  })

  it('says when there is no answer in time', async () => {
    await expect(start('').next(50)).rejects.toThrow('no answer within 0.05 s')
  })

  if (process.platform === 'win32') console.log('children.test.ts: limits on the time of a process are not there on Windows, whose kernel has none of that kind')
  it.skipIf(process.platform === 'win32')('lets the kernel end a process that nobody ends', async () => {
    await expect(start('for (;;);', 1).next(15_000)).rejects.toThrow(/ended by SIG(XCPU|KILL)/)
  })
})
