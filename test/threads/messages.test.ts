import { z } from 'zod'
import { afterAll, describe, expect, it } from 'vitest'
import { createSandbox, defineTool, httpOver, secret } from '../../src/index.js'
import { threads } from '../../src/threads/engine.js'
import type { Report, ToThread } from '../../src/threads/protocol.js'
import { watched } from './platforms.js'

const { platform, sent, received } = watched()
const sandbox = await createSandbox({ engines: [threads({ platform, threads: 1 })] })
afterAll(() => sandbox[Symbol.asyncDispose]())

/** Messages of one call, both ways. */
async function during<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly sent: readonly ToThread[]; readonly reports: readonly Report[] }> {
  const marks = [sent.length, received.length] as const
  const result = await work()
  const heard = received.slice(marks[1]) as (Report | { readonly type: 'ready' })[]
  return { result, sent: sent.slice(marks[0]) as ToThread[], reports: heard.filter((message) => message.type === 'report') }
}

describe('what is sent to a thread', () => {
  it('holds no credential, also when the server reflects it', async () => {
    const value = 'Bearer canary-5f1c9a77e0b24d6f'
    let seen = ''
    const net = httpOver(
      {
        async send({ headers }) {
          seen = headers.find(([name]) => name === 'authorization')?.[1] ?? ''
          return { status: 200, statusText: 'OK', headers: [['x-echo', seen]], body: (async function* () { yield new TextEncoder().encode(seen) })() }
        },
      },
      [{ url: 'https://api.example.com/**', headers: { authorization: secret('TOKEN', value) } }],
    )
    const call = await during(() => sandbox.run("const r = await fetch('https://api.example.com/x'); return [await r.text(), r.headers.get('x-echo')]", { grants: { net } }))
    expect(seen).toBe(value)
    expect(call.result).toMatchObject({ outcome: 'returned', value: ['Bearer [redacted:TOKEN]', 'Bearer [redacted:TOKEN]'] })
    const bytes = Buffer.concat(call.sent.map(toBytes))
    expect(bytes.includes('redacted:TOKEN')).toBe(true)
    for (const needle of [value, 'canary-5f1c']) expect(bytes.includes(needle)).toBe(false)
  })

  it('holds the bytes of a buffer and none of those beside it', async () => {
    const pool = Buffer.from('before|bytes|canary')
    const part = pool.subarray(7, 12)
    const tool = defineTool({ description: 'd', input: z.any(), execute: () => part })
    const call = await during(() => sandbox.run('return [input, await tools.t()].map((b) => new TextDecoder().decode(b)).join()', { input: part, grants: { tools: { t: tool } } }))
    expect(call.result).toMatchObject({ value: 'bytes,bytes' })
    const buffers = call.sent.flatMap(blobsOf)
    expect(buffers).toHaveLength(2)
    for (const blob of buffers) expect([blob.byteLength, blob.buffer.byteLength]).toEqual([5, 5])
  })
})

describe('what a guest sends', () => {
  it('goes together when it waits for nothing', async () => {
    const { result, reports } = await during(() => sandbox.run('for (let i = 0; i < 100; i++) console.log(i)'))
    expect(result.console).toHaveLength(100)
    expect(reports.length).toBeLessThan(10)
  })

  it('never is more than its limits let pass, however fast it calls', async () => {
    const t = defineTool({ description: 'd', input: z.any(), execute: () => new Promise(() => {}) })
    const source = 'const big = "x".repeat(1e5); for (;;) { tools.t(big); console.log(big) }'
    const { result, reports } = await during(() => sandbox.run(source, { grants: { tools: { t } }, limits: { hostCalls: 1e6, hostCallsInFlight: 1e5, outputBytes: 1e6, hostBytesOut: 1e6 } }))
    expect(result).toMatchObject({ outcome: 'stopped' })
    expect(reports.flatMap(({ acts }) => acts).length).toBeLessThan(30)
  })

  it('is heard while it spins', async () => {
    const controller = new AbortController()
    const lines: string[] = []
    const { result } = await during(() => sandbox.run('console.log("here"); for (;;);', {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.type === 'console') lines.push(event.line.text)
        controller.abort()
      },
    }))
    expect(result).toMatchObject({ outcome: 'stopped', reason: 'aborted' })
    expect(lines).toEqual(['here'])
  })
})

function blobsOf(message: ToThread): readonly Uint8Array[] {
  if (message.type === 'run') return message.program.input?.blobs ?? []
  if (message.type === 'answers') return message.answers.flatMap(({ answer }) => (answer?.ok === true && answer.message !== undefined ? answer.message.blobs : []))
  return []
}

function toBytes(message: ToThread): Buffer {
  return Buffer.concat([Buffer.from(JSON.stringify(message)), ...blobsOf(message)])
}
